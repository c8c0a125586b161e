// SPDX-License-Identifier: BSL-1.0
#include <onlink/ip_prefix.hpp>

#include "base/decimal.hpp"

#include <cstddef>
#include <cstdint>

namespace onlink {

namespace {

namespace ip = boost::asio::ip;

/// Whether the first `length` bits are the same; `length` is within the arrays.
template <class Bytes>
bool same_bits(Bytes const& a, Bytes const& b, unsigned length) noexcept
{
    std::size_t const whole = length / 8;
    for (std::size_t i = 0; i < whole; ++i)
        if (a[i] != b[i])
            return false;
    unsigned const rest = length % 8;
    if (rest == 0)
        return true;
    unsigned const mask = (0xFFu << (8 - rest)) & 0xFFu;
    return (a[whole] & mask) == (b[whole] & mask);
}

/// The first `length` bits; the others 0.
template <class Bytes>
Bytes cut(Bytes bytes, unsigned length) noexcept
{
    for (std::size_t i = 0; i < bytes.size(); ++i, length -= length < 8 ? length : 8)
        if (length < 8)
            bytes[i] = static_cast<unsigned char>(bytes[i] & (0xFF00u >> length));
    return bytes;
}

/// The host part of an IPv4 prefix, all bits set; 0 for a prefix that has no broadcast address.
std::uint32_t host_bits(ip_prefix const& p) noexcept
{
    // RFC 3021: a /31 has two hosts and no broadcast; a /32 is one host.
    if (!p.network.is_v4() || p.length > 30)
        return 0;
    return p.length == 0 ? 0xFFFF'FFFFu : 0xFFFF'FFFFu >> p.length;
}

} // namespace

result<ip_prefix> ip_prefix::parse(std::string_view text)
{
    auto const slash = text.find('/');
    if (slash == text.npos || text.find('%') != text.npos)
        return errc::malformed;
    boost::system::error_code ec;
    auto const network = ip::make_address(std::string{text.substr(0, slash)}, ec);
    if (ec)
        return errc::malformed;
    auto const length = parse_decimal<unsigned>(text.substr(slash + 1), 0, network.is_v4() ? 32 : 128);
    if (!length)
        return length.error();
    return ip_prefix{network, *length};
}

std::string ip_prefix::to_string() const
{
    auto const start = network.is_v4() ? ip::address{ip::address_v4{cut(network.to_v4().to_bytes(), length)}}
                                       : ip::address{ip::address_v6{cut(network.to_v6().to_bytes(), length)}};
    return start.to_string() + '/' + std::to_string(length);
}

bool ip_prefix::contains(ip::address const& a) const noexcept
{
    if (network.is_v4() != a.is_v4())
        return false;
    if (a.is_v4())
        return length <= 32 && same_bits(network.to_v4().to_bytes(), a.to_v4().to_bytes(), length);
    return length <= 128 && same_bits(network.to_v6().to_bytes(), a.to_v6().to_bytes(), length);
}

bool ip_prefix::is_broadcast(ip::address const& a) const noexcept
{
    auto const bits = host_bits(*this);
    return bits != 0 && contains(a) && (a.to_v4().to_uint() & bits) == bits;
}

bool ip_prefix::is_network(ip::address const& a) const noexcept
{
    if (a.is_v6()) // RFC 6164, 5.1: there is no such address in a /127
        return network.is_v6() && length < 127 && contains(a) &&
               cut(a.to_v6().to_bytes(), length) == a.to_v6().to_bytes();
    auto const bits = host_bits(*this);
    return bits != 0 && contains(a) && (a.to_v4().to_uint() & bits) == 0;
}

} // namespace onlink
