// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_IP_HPP
#define ONLINK_BASE_IP_HPP

#include <boost/asio/ip/address.hpp>
#include <onlink/ip_prefix.hpp>

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

/// 10/8, 172.16/12, 192.168/16.
bool is_private_v4(address const& a) noexcept;
/// 169.254/16 or fe80::/10.
bool is_link_local(address const& a) noexcept;
/// fc00::/7 (RFC 4193, 3.1).
bool is_unique_local(address const& a) noexcept;
/// Private, link-local, unique local or loopback: nobody reaches it from far away.
bool is_local_scope(address const& a) noexcept;
/// Never the address of one particular host: unspecified (0/8 too), 240/4, IPv4-compatible and IPv4-mapped
/// IPv6; multicast; limited broadcast. Loopback is judged apart.
bool is_reserved(address const& a) noexcept;
bool is_limited_broadcast(address const& a) noexcept;
/// Any of the above but loopback, or multicast.
bool is_special(address const& a) noexcept;

/// An IPv4-mapped address (`::ffff:192.0.2.1`) as the IPv4 address that it means (RFC 4291, 2.5.5.2); all
/// others unchanged.
address unmapped(address const& a) noexcept;

/// Equal but for the zone of an IPv6 address, which depends on who wrote it down.
bool same_address(address const& a, address const& b) noexcept;

/// The address in a URL or HOST field: IPv6 in brackets (RFC 3986, 3.2.2), text by RFC 5952, no zone.
std::string to_url_host(address const& a);
/// to_url_host() and `:port`.
std::string to_authority(endpoint const& e);

} // namespace onlink

#endif
