// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_NOTIFY_REQUEST_HPP
#define ONLINK_EVENTING_NOTIFY_REQUEST_HPP

#include "eventing/callback_url.hpp"
#include "eventing/event_key.hpp"
#include "eventing/property_set.hpp"
#include "eventing/sid.hpp"

#include <string>

namespace onlink {

/// Start line and header fields of a NOTIFY (UDA 2.0, 4.3.2), up to and with the empty line; the body follows
/// as it is.
std::string write_notify_header(callback_url const& to, sid const& id, event_key key, std::size_t body_size);

} // namespace onlink

#endif
