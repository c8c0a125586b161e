// SPDX-License-Identifier: BSL-1.0
#include "ssdp/ssdp_group.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

address ip(char const* text) { return boost::asio::ip::make_address(text); }

TEST(ssdp_group, IP_14_IP_15_IP_16_the_group_that_fits_an_address)
{
    struct row {
        char const* own;
        char const* group;
        char const* host;
    };
    for (auto const& [own, group, host] :
         {row{"192.168.20.5", "239.255.255.250", "239.255.255.250:1900"},
          row{"169.254.7.7", "239.255.255.250", "239.255.255.250:1900"},
          row{"fe80::5", "ff02::c", "[FF02::C]:1900"}, row{"fe80::5%2", "ff02::c", "[FF02::C]:1900"},
          row{"fd00::5", "ff05::c", "[FF05::C]:1900"}, row{"2001:db8::5", "ff05::c", "[FF05::C]:1900"}}) {
        EXPECT_EQ(group_address(group_of(ip(own))), ip(group)) << own;
        EXPECT_EQ(group_host(group_of(ip(own))), host) << own;
    }
}

TEST(ssdp_group, IP_18_SSDP_02_hops_by_group_level_and_policy)
{
    policies policy;
    EXPECT_EQ(hops_to(ssdp_group::ipv4, policy), 2);
    EXPECT_EQ(hops_to(ssdp_group::ipv6_link, policy), 2);
    EXPECT_EQ(hops_to(ssdp_group::ipv6_site, policy), 10);
    policy.uda = uda_version::v1_0;
    EXPECT_EQ(hops_to(ssdp_group::ipv4, policy), 4);
    policy.multicast_ttl = 1;
    policy.site_hop_limit = 3;
    EXPECT_EQ(hops_to(ssdp_group::ipv4, policy), 1);
    EXPECT_EQ(hops_to(ssdp_group::ipv6_link, policy), 1);
    EXPECT_EQ(hops_to(ssdp_group::ipv6_site, policy), 3);
}

} // namespace
} // namespace onlink
