// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_IP_PREFIX_HPP
#define ONLINK_IP_PREFIX_HPP

#include <boost/asio/ip/address.hpp>
#include <onlink/error.hpp>

#include <string>
#include <string_view>

namespace onlink {

/// A network: the first `length` bits of `network`. Bits behind them are ignored.
struct ip_prefix {
    boost::asio::ip::address network;
    unsigned length = 0;

    /// `192.168.20.0/24` or `fd00:1::/64`: an address without zone, a slash and a length within its family.
    /// Errors: malformed, out_of_range (the length).
    ONLINK_EXPORT static result<ip_prefix> parse(std::string_view text);
    /// With the bits behind the length cleared: `192.168.20.5/24` reads `192.168.20.0/24`.
    ONLINK_EXPORT std::string to_string() const;

    /// Bit-exact, whatever the length. An address of the other family is outside. A length beyond the
    /// family's bits contains nothing.
    ONLINK_EXPORT bool contains(boost::asio::ip::address const& a) const noexcept;
    /// The last address of an IPv4 prefix shorter than /31: the directed broadcast.
    ONLINK_EXPORT bool is_broadcast(boost::asio::ip::address const& a) const noexcept;
    /// The first address of an IPv4 prefix shorter than /31, or of an IPv6 prefix shorter than /127: the
    /// network itself, or whichever router is nearest (RFC 4291, 2.6.1).
    ONLINK_EXPORT bool is_network(boost::asio::ip::address const& a) const noexcept;

    friend bool operator==(ip_prefix const&, ip_prefix const&) = default;
};

} // namespace onlink

#endif
