// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_SEARCH_REQUEST_HPP
#define ONLINK_SSDP_SEARCH_REQUEST_HPP

#include "base/time.hpp"
#include "ssdp/search_target.hpp"
#include "ssdp/ssdp_message.hpp"

#include <onlink/limits.hpp>

#include <cstdint>
#include <optional>

namespace onlink {

/// A search that deserves an answer if something matches.
struct search_request {
    search_target target;
    duration window; ///< over which to spread the answers
    /// Where a control point of UDA 2.0 wants the answers by TCP, at its own address (1.3.2).
    std::optional<std::uint16_t> tcp_port = std::nullopt;

    /// `multicast`: whether the datagram was sent to the group. Then HOST names the group and MX is an
    /// integer of at least 1 (UDA 2.0, 1.3.2); a larger one than max_mx counts as max_mx. A unicast search
    /// has no MX; if it has one, it is ignored. MAN is `"ssdp:discover"` with its quotes, always.
    /// TCPPORT.UPNP.ORG outside of 49152 to 65535 is as if it were not there.
    /// Errors: missing, malformed.
    static result<search_request> parse(ssdp_message const& message, bool multicast,
                                        limits::ssdp_limits const& bounds);
};

} // namespace onlink

#endif
