// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_IP_HPP
#define ONLINK_BASE_IP_HPP

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>

namespace onlink {

/// Asio's address, used as a plain value: no socket is near.
using address = boost::asio::ip::address;

/// An address and a port, of UDP or TCP.
struct endpoint {
    onlink::address address;
    std::uint16_t port = 0;

    friend bool operator==(endpoint const&, endpoint const&) = default;
};

/// A network: the first `length` bits of `network`.
struct ip_prefix {
    onlink::address network;
    unsigned length = 0;

    /// Bit-exact, whatever the length. An address of the other family is outside. A length beyond the
    /// family's bits contains nothing.
    bool contains(address const& a) const noexcept;
    /// The last address of an IPv4 prefix shorter than /31: the directed broadcast. The first: the network.
    bool is_broadcast(address const& a) const noexcept;
    bool is_network(address const& a) const noexcept;
};

/// 10/8, 172.16/12, 192.168/16.
bool is_private_v4(address const& a) noexcept;
/// 169.254/16 or fe80::/10.
bool is_link_local(address const& a) noexcept;
/// Never the address of one particular other host: unspecified (0/8 too), multicast, limited broadcast,
/// 240/4, IPv4-mapped IPv6. Loopback is judged apart.
bool is_special(address const& a) noexcept;

/// Equal but for the zone of an IPv6 address, which depends on who wrote it down.
bool same_address(address const& a, address const& b) noexcept;

/// The address in a URL or HOST field: IPv6 in brackets (RFC 3986, 3.2.2), text by RFC 5952, no zone.
std::string to_url_host(address const& a);
/// to_url_host() and `:port`.
std::string to_authority(endpoint const& e);

} // namespace onlink

#endif
