// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EXPOSURE_HPP
#define ONLINK_EXPOSURE_HPP

#include <boost/asio/ip/address.hpp>
#include <onlink/export.hpp>
#include <onlink/ip_prefix.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// What others can reach, or what reaches others. JVNTA#95827565 asks developers to tell their users what
/// runs and where it is meant to live.
enum class exposed_function : std::uint8_t {
    discovery,        ///< SSDP: UDP 1900, from neighbours and from the multicast group
    description,      ///< documents and icons by HTTP
    control,          ///< actions by SOAP
    subscription,     ///< SUBSCRIBE and UNSUBSCRIBE
    event_delivery,   ///< NOTIFY: connections that the device makes
    multicast_events, ///< NOTIFY by UDP to the groups of UDA 2.0, 4.3.3, for anybody; if a variable asks for
                      ///< it
};

/// What keeps the kernel from carrying our packets beyond the link, even if a check of ours were wrong.
enum class containment : std::uint8_t {
    bound_to_device, ///< only packets of that interface are received, and only there are packets sent
    hop_limit,       ///< TTL or hop limit 1: the first router drops it, a TCP handshake does not complete
    no_routing,      ///< only destinations on the link; never through a gateway
};

/// A containment that is not in force, and why.
struct containment_gap {
    containment what{};
    std::string why; ///< e.g. `Operation not permitted`, or `extra_segments`

    friend bool operator==(containment_gap const&, containment_gap const&) = default;
};

/// One function at one address.
struct exposed_endpoint {
    exposed_function function{};
    std::string interface_name;
    boost::asio::ip::address address; ///< of this host
    std::uint16_t port = 0;           ///< 0 for what only sends: event_delivery and multicast_events
    std::vector<ip_prefix> segment;   ///< who is served, or sent to; nobody else
    std::vector<containment> contained_by;
    std::vector<containment_gap> gaps;

    friend bool operator==(exposed_endpoint const&, exposed_endpoint const&) = default;
};

ONLINK_EXPORT std::string_view to_string(exposed_function function) noexcept;
ONLINK_EXPORT std::string_view to_string(containment what) noexcept;
/// One line, e.g. `control at 192.168.20.5:49300 on eth0 for 192.168.20.0/24; contained by interface, hop
/// limit, no routing`.
ONLINK_EXPORT std::string to_string(exposed_endpoint const& where);

} // namespace onlink

#endif
