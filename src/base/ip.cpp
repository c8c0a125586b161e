// SPDX-License-Identifier: BSL-1.0
#include "base/ip.hpp"

#include <cstddef>

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

/// The host part of an IPv4 prefix, all bits set; 0 for a prefix that has no broadcast address.
std::uint32_t host_bits(ip_prefix const& p) noexcept
{
    // RFC 3021: a /31 has two hosts and no broadcast; a /32 is one host.
    if (!p.network.is_v4() || p.length > 30)
        return 0;
    return p.length == 0 ? 0xFFFF'FFFFu : 0xFFFF'FFFFu >> p.length;
}

} // namespace

bool ip_prefix::contains(address const& a) const noexcept
{
    if (network.is_v4() != a.is_v4())
        return false;
    if (a.is_v4())
        return length <= 32 && same_bits(network.to_v4().to_bytes(), a.to_v4().to_bytes(), length);
    return length <= 128 && same_bits(network.to_v6().to_bytes(), a.to_v6().to_bytes(), length);
}

bool ip_prefix::is_broadcast(address const& a) const noexcept
{
    auto const bits = host_bits(*this);
    return bits != 0 && contains(a) && (a.to_v4().to_uint() & bits) == bits;
}

bool ip_prefix::is_network(address const& a) const noexcept
{
    auto const bits = host_bits(*this);
    return bits != 0 && contains(a) && (a.to_v4().to_uint() & bits) == 0;
}

bool is_private_v4(address const& a) noexcept
{
    if (!a.is_v4())
        return false;
    auto const n = a.to_v4().to_uint();
    // RFC 1918, 3
    return (n >> 24) == 10 || (n >> 20) == ((172u << 4) | 1) || (n >> 16) == ((192u << 8) | 168);
}

bool is_link_local(address const& a) noexcept
{
    if (a.is_v4())
        return (a.to_v4().to_uint() >> 16) == ((169u << 8) | 254); // RFC 3927, 2.1
    return a.to_v6().is_link_local();
}

bool is_special(address const& a) noexcept
{
    if (a.is_v4()) {
        auto const first = a.to_v4().to_uint() >> 24;
        // RFC 1122, 3.2.1.3: "this network". RFC 5771: multicast is 224/4. RFC 1112, 4: 240/4, with the
        // limited broadcast at its end.
        return first == 0 || first >= 224;
    }
    auto const v6 = a.to_v6();
    if (v6.is_unspecified() || v6.is_multicast() || v6.is_v4_mapped())
        return true;
    if (v6.is_loopback())
        return false;
    // RFC 4291, 2.5.5.1: IPv4-compatible addresses, ::/96, are deprecated, and mean an IPv4 host like the
    // mapped ones do.
    return same_bits(v6.to_bytes(), ip::address_v6::bytes_type{}, 96);
}

bool same_address(address const& a, address const& b) noexcept
{
    if (a.is_v4() || b.is_v4())
        return a == b;
    return a.to_v6().to_bytes() == b.to_v6().to_bytes();
}

std::string to_url_host(address const& a)
{
    if (a.is_v4())
        return a.to_v4().to_string();
    // A zone means something on this host only (RFC 6874, 1), so it is not written.
    return '[' + ip::address_v6{a.to_v6().to_bytes()}.to_string() + ']';
}

std::string to_authority(endpoint const& e) { return to_url_host(e.address) + ':' + std::to_string(e.port); }

} // namespace onlink
