// SPDX-License-Identifier: BSL-1.0
#include "base/ip.hpp"

namespace onlink {

namespace ip = boost::asio::ip;

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

bool is_unique_local(address const& a) noexcept
{
    return a.is_v6() && (a.to_v6().to_bytes()[0] & 0xFE) == 0xFC;
}

bool is_local_scope(address const& a) noexcept
{
    return is_private_v4(a) || is_link_local(a) || is_unique_local(a) || a.is_loopback();
}

bool is_limited_broadcast(address const& a) noexcept
{
    return a.is_v4() && a.to_v4() == ip::address_v4::broadcast();
}

bool is_reserved(address const& a) noexcept
{
    if (a.is_v4()) {
        auto const first = a.to_v4().to_uint() >> 24;
        // RFC 1122, 3.2.1.3: "this network". RFC 1112, 4: 240/4, but for the limited broadcast at its end.
        return first == 0 || (first >= 240 && !is_limited_broadcast(a));
    }
    auto const v6 = a.to_v6();
    if (v6.is_v4_mapped())
        return true;
    // RFC 4291, 2.5.5.1: IPv4-compatible addresses, ::/96, are deprecated, and mean an IPv4 host like the
    // mapped ones do. The unspecified address is among them.
    return !v6.is_loopback() && ip_prefix{ip::address_v6{}, 96}.contains(v6);
}

bool is_special(address const& a) noexcept
{
    return is_reserved(a) || is_limited_broadcast(a) || a.is_multicast();
}

address unmapped(address const& a) noexcept
{
    if (a.is_v4() || !a.to_v6().is_v4_mapped())
        return a;
    auto const bytes = a.to_v6().to_bytes();
    return ip::address_v4{ip::address_v4::bytes_type{{bytes[12], bytes[13], bytes[14], bytes[15]}}};
}

bool same_address(address const& a, address const& b) noexcept
{
    if (a.is_v4() || b.is_v4())
        return a == b;
    return a.to_v6().to_bytes() == b.to_v6().to_bytes();
}

std::string to_url_host(address const& a)
{
    if (a.is_v4()) { // by hand, as each answer to a search has one
        std::string out;
        for (auto const octet : a.to_v4().to_bytes())
            (out += std::to_string(octet)) += '.';
        out.pop_back();
        return out;
    }
    // A zone means something on this host only (RFC 6874, 1), so it is not written.
    return '[' + ip::address_v6{a.to_v6().to_bytes()}.to_string() + ']';
}

std::string to_authority(endpoint const& e) { return to_url_host(e.address) + ':' + std::to_string(e.port); }

} // namespace onlink
