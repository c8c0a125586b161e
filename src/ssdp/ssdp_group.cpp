// SPDX-License-Identifier: BSL-1.0
#include "ssdp/ssdp_group.hpp"

namespace onlink {

namespace {

namespace ip = boost::asio::ip;

/// ffSCOPE::c
address v6_group(std::uint8_t scope) noexcept
{
    ip::address_v6::bytes_type bytes{};
    bytes[0] = 0xff;
    bytes[1] = scope;
    bytes[15] = 0x0c;
    return ip::address_v6{bytes};
}

} // namespace

ssdp_group group_of(address const& own) noexcept
{
    if (own.is_v4())
        return ssdp_group::ipv4;
    return is_link_local(own) ? ssdp_group::ipv6_link : ssdp_group::ipv6_site;
}

address group_address(ssdp_group group) noexcept
{
    switch (group) {
    case ssdp_group::ipv6_link:
        return v6_group(2);
    case ssdp_group::ipv6_site:
        return v6_group(5);
    case ssdp_group::ipv4:
        break;
    }
    return ip::address_v4{0xeffffffaU}; // 239.255.255.250
}

std::string_view group_host(ssdp_group group) noexcept
{
    switch (group) {
    case ssdp_group::ipv6_link:
        return "[FF02::C]:1900";
    case ssdp_group::ipv6_site:
        return "[FF05::C]:1900";
    case ssdp_group::ipv4:
        break;
    }
    return "239.255.255.250:1900";
}

std::uint8_t hops_to(ssdp_group group, policies const& policy) noexcept
{
    if (group == ssdp_group::ipv6_site)
        return policy.site_hop_limit;
    // UDA 2.0, 1; UDA 1.0, 1.1. For the link scope of IPv6 nothing is said.
    return policy.multicast_ttl.value_or(policy.uda == uda_version::v1_0 ? 4 : 2);
}

} // namespace onlink
