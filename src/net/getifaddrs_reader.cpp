// SPDX-License-Identifier: BSL-1.0
#include "net/getifaddrs_reader.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

namespace onlink {

namespace {

onlink::address to_address(sockaddr const& raw)
{
    if (raw.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &raw, sizeof v4);
        return boost::asio::ip::make_address_v4(ntohl(v4.sin_addr.s_addr));
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &raw, sizeof v6);
    boost::asio::ip::address_v6::bytes_type octets;
    std::memcpy(octets.data(), &v6.sin6_addr, octets.size());
    return boost::asio::ip::make_address_v6(octets); // without zone: the table's index says it
}

/// The number of leading ones. A mask with a hole ends at the hole: the narrower reading.
unsigned prefix_length(address const& mask)
{
    if (mask.is_v4())
        return static_cast<unsigned>(std::countl_one(static_cast<std::uint32_t>(mask.to_v4().to_uint())));
    unsigned length = 0;
    for (auto const octet : mask.to_v6().to_bytes()) {
        auto const ones = static_cast<unsigned>(std::countl_one(octet));
        length += ones;
        if (ones != 8)
            break;
    }
    return length;
}

/// Whether the address is one end of a point-to-point link whose other end is known.
bool has_other_end(ifaddrs const& entry, address const& own)
{
    return (entry.ifa_flags & IFF_POINTOPOINT) != 0 && entry.ifa_dstaddr != nullptr &&
           entry.ifa_dstaddr->sa_family == entry.ifa_addr->sa_family && to_address(*entry.ifa_dstaddr) != own;
}

} // namespace

std::optional<interface_table> read_by_getifaddrs(limits::interface_limits const& bounds)
{
    ifaddrs* raw = nullptr;
    if (::getifaddrs(&raw) != 0)
        return std::nullopt;
    std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> const list{raw, &::freeifaddrs};

    std::vector<network_interface> interfaces;
    for (auto const* entry = list.get(); entry != nullptr; entry = entry->ifa_next) {
        auto known = std::find_if(interfaces.begin(), interfaces.end(),
                                  [&](network_interface const& i) { return i.name == entry->ifa_name; });
        if (known == interfaces.end()) {
            if (interfaces.size() >= bounds.max_known_interfaces)
                continue;
            network_interface fresh;
            fresh.name = entry->ifa_name;
            fresh.index = ::if_nametoindex(entry->ifa_name);
            fresh.up = (entry->ifa_flags & IFF_UP) != 0 && (entry->ifa_flags & IFF_RUNNING) != 0;
            fresh.multicast = (entry->ifa_flags & IFF_MULTICAST) != 0;
            fresh.loopback = (entry->ifa_flags & IFF_LOOPBACK) != 0;
            fresh.point_to_point = (entry->ifa_flags & IFF_POINTOPOINT) != 0;
            known = interfaces.insert(interfaces.end(), std::move(fresh));
        }
        bool const is_ip = entry->ifa_addr != nullptr &&
                           (entry->ifa_addr->sa_family == AF_INET || entry->ifa_addr->sa_family == AF_INET6);
        if (!is_ip)
            continue;
        auto const own = to_address(*entry->ifa_addr);
        // Without a mask nothing but the address itself is known to be on-link.
        auto const length = entry->ifa_netmask ? prefix_length(to_address(*entry->ifa_netmask))
                            : own.is_v4()      ? 32U
                                               : 128U;
        interface_address fresh{own, length};
        if (has_other_end(*entry, own))
            fresh.peer = to_address(*entry->ifa_dstaddr);
        known->add_address(std::move(fresh), bounds.max_addresses);
    }
    // An alias such as eth0:1 has the index of eth0, and is it.
    std::vector<network_interface> merged;
    for (auto& interface : interfaces) {
        auto const same = std::find_if(merged.begin(), merged.end(), [&](network_interface const& m) {
            return interface.index != 0 && m.index == interface.index;
        });
        if (same == merged.end())
            merged.push_back(std::move(interface));
        else
            same->addresses.insert(same->addresses.end(), interface.addresses.begin(),
                                   interface.addresses.end());
    }
    return interface_table{std::move(merged)};
}

} // namespace onlink
