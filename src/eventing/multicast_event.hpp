// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_MULTICAST_EVENT_HPP
#define ONLINK_EVENTING_MULTICAST_EVENT_HPP

#include "base/ip.hpp"
#include "eventing/event_key.hpp"
#include "eventing/property_set.hpp"

#include <onlink/service.hpp>
#include <onlink/udn.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace onlink {

/// One event for everybody on the segment (UDA 2.0, 4.3.3).
struct multicast_event {
    std::size_t service = 0; ///< index into device_tree::services
    event_key key;
    std::string level;
    event_body body;
};

/// Where an address of ours sends it: to the group of its scope (UDA 2.0, 4.3.3, A.7).
endpoint multicast_event_group(address const& own) noexcept;

/// One datagram. The same on all interfaces but for HOST.
std::string write_multicast_event(multicast_event const& event, endpoint const& group, udn const& device,
                                  service_identity const& identity, std::uint32_t boot_id);

} // namespace onlink

#endif
