// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_SSDP_GROUP_HPP
#define ONLINK_SSDP_SSDP_GROUP_HPP

#include "base/ip.hpp"

#include <onlink/policies.hpp>

#include <cstdint>
#include <string_view>

namespace onlink {

/// The multicast groups of SSDP: one of IPv4 (UDA 2.0, 1), two of IPv6 (A.2.3), and no other scope.
enum class ssdp_group : std::uint8_t { ipv4, ipv6_link, ipv6_site };

inline constexpr std::uint16_t ssdp_port = 1900; // UDA 2.0, 1

/// The group that an address of ours announces to: link-local ones to the link, wider ones to the site
/// (A.2.3, a and f).
ssdp_group group_of(address const& own) noexcept;

address group_address(ssdp_group group) noexcept;

/// As HOST names it (1.2.2, A.4.2).
std::string_view group_host(ssdp_group group) noexcept;

/// Time to live or hop limit of what is sent to it.
std::uint8_t hops_to(ssdp_group group, policies const& policy) noexcept;

} // namespace onlink

#endif
