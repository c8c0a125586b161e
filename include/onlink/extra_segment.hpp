// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EXTRA_SEGMENT_HPP
#define ONLINK_EXTRA_SEGMENT_HPP

#include <onlink/ip_prefix.hpp>

#include <string>

namespace onlink {

/// A network beyond the link that an interface serves all the same: for sites that route multicast between
/// segments. Every one is reported (observer::on_exposure) and lifts the kernel's containment (hop limit 1,
/// no routing) from its interface.
struct extra_segment {
    std::string interface_name;
    ip_prefix prefix; ///< at least an IPv4 /8 or an IPv6 /32

    friend bool operator==(extra_segment const&, extra_segment const&) = default;
};

} // namespace onlink

#endif
