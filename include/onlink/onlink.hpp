// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_ONLINK_HPP
#define ONLINK_ONLINK_HPP

#include <onlink/action_call.hpp>
#include <onlink/boot_id_store.hpp>
#include <onlink/calendar.hpp>
#include <onlink/callback_audit.hpp>
#include <onlink/change_log.hpp>
#include <onlink/data_type.hpp>
#include <onlink/device.hpp>
#include <onlink/device_description.hpp>
#include <onlink/device_host.hpp>
#include <onlink/device_type.hpp>
#include <onlink/error.hpp>
#include <onlink/event_moderation.hpp>
#include <onlink/exposure.hpp>
#include <onlink/extra_segment.hpp>
#include <onlink/handler.hpp>
#include <onlink/host_options.hpp>
#include <onlink/host_snapshot.hpp>
#include <onlink/ip_prefix.hpp>
#include <onlink/last_change.hpp>
#include <onlink/limits.hpp>
#include <onlink/observer.hpp>
#include <onlink/policies.hpp>
#include <onlink/random_source.hpp>
#include <onlink/scpd.hpp>
#include <onlink/service.hpp>
#include <onlink/service_id.hpp>
#include <onlink/service_type.hpp>
#include <onlink/state_batch.hpp>
#include <onlink/state_table.hpp>
#include <onlink/type_urn.hpp>
#include <onlink/udn.hpp>
#include <onlink/upnp_error.hpp>
#include <onlink/value.hpp>
#include <onlink/variable_handle.hpp>
#include <onlink/vendor_element.hpp>
#include <onlink/version.hpp>
#include <onlink/web_content.hpp>
#include <onlink/web_exchange.hpp>

#endif
