// SPDX-License-Identifier: BSL-1.0
#include "base/ip.hpp"

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

address ip(char const* text) { return boost::asio::ip::make_address(text); }

TEST(ip, private_ranges_of_rfc_1918)
{
    for (auto const* const inside :
         {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"})
        EXPECT_TRUE(is_private_v4(ip(inside))) << inside;
    for (auto const* const outside :
         {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
          "203.0.113.7", "::ffff:10.0.0.1", "fc00::1"})
        EXPECT_FALSE(is_private_v4(ip(outside))) << outside;
}

TEST(ip, link_local_ranges)
{
    for (auto const* const inside : {"169.254.0.0", "169.254.255.255", "fe80::1", "febf::1"})
        EXPECT_TRUE(is_link_local(ip(inside))) << inside;
    for (auto const* const outside : {"169.253.255.255", "169.255.0.0", "fec0::1", "2001:db8::1"})
        EXPECT_FALSE(is_link_local(ip(outside))) << outside;
}

TEST(ip, N_40_special_addresses_are_no_host)
{
    for (auto const* const special :
         {"0.0.0.0", "0.0.0.1", "0.255.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1",
          "255.255.255.255", "::", "ff02::c", "ff05::c", "::ffff:192.168.1.1", "::ffff:127.0.0.1",
          "::192.168.1.1", "::7f00:1", "::2"})
        EXPECT_TRUE(is_special(ip(special))) << special;
    for (auto const* const ordinary :
         {"127.0.0.1", "::1", "1.0.0.0", "223.255.255.255", "10.0.0.1", "fe80::1", "2001:db8::1", "fd00::1"})
        EXPECT_FALSE(is_special(ip(ordinary))) << ordinary;
}

TEST(ip, writes_addresses_for_urls)
{
    EXPECT_EQ(to_url_host(ip("192.168.20.5")), "192.168.20.5");
    EXPECT_EQ(to_url_host(ip("FE80:0:0:0::1")), "[fe80::1]");
    EXPECT_EQ(to_url_host(ip("fe80::1%2")), "[fe80::1]"); // a zone is not for others
    EXPECT_EQ(to_authority({ip("192.168.20.5"), 49300}), "192.168.20.5:49300");
    EXPECT_EQ(to_authority({ip("fe80::1%2"), 80}), "[fe80::1]:80");
}

TEST(ip, unique_local_addresses)
{
    for (auto const* const inside :
         {"fc00::", "fc00::1", "fd00::1", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"})
        EXPECT_TRUE(is_unique_local(ip(inside))) << inside;
    for (auto const* const outside :
         {"fbff::1", "fe00::1", "2001:db8::1", "fe80::1", "10.0.0.1", "252.0.0.1"})
        EXPECT_FALSE(is_unique_local(ip(outside))) << outside;
}

TEST(ip, local_scope_is_what_nobody_reaches_from_far_away)
{
    for (auto const* const local : {"10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.1.1", "127.0.0.1",
                                    "127.255.255.254", "::1", "fe80::1", "fd00::1"})
        EXPECT_TRUE(is_local_scope(ip(local))) << local;
    for (auto const* const far : {"203.0.113.7", "100.64.0.1", "172.32.0.1", "0.0.0.0", "255.255.255.255",
                                  "2001:db8::1", "::", "fec0::1", "ff02::1", "::ffff:10.0.0.1"})
        EXPECT_FALSE(is_local_scope(ip(far))) << far;
}

TEST(ip, N_40_reserved_is_told_from_broadcast_and_multicast)
{
    for (auto const* const reserved :
         {"0.0.0.0", "0.255.255.255", "240.0.0.0", "255.255.255.254", "::", "::2", "::0.0.0.255",
          "::192.168.1.1", "::ffff:ffff", "::ffff:192.168.1.1", "::ffff:0.0.0.0"}) {
        EXPECT_TRUE(is_reserved(ip(reserved))) << reserved;
        EXPECT_TRUE(is_special(ip(reserved))) << reserved;
        EXPECT_FALSE(is_limited_broadcast(ip(reserved))) << reserved;
    }
    for (auto const* const other :
         {"1.0.0.0", "239.255.255.255", "224.0.0.1", "255.255.255.255", "::1", "::1:0:0", "64:ff9b::1",
          "::ffff:0:192.168.1.1", "ff02::1", "fe80::1", "127.0.0.1"})
        EXPECT_FALSE(is_reserved(ip(other))) << other;
    EXPECT_TRUE(is_limited_broadcast(ip("255.255.255.255")));
    EXPECT_FALSE(is_limited_broadcast(ip("192.168.20.255")));
    EXPECT_FALSE(is_limited_broadcast(ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
}

TEST(ip, an_IPv4_mapped_address_is_unmapped_and_no_other)
{
    EXPECT_EQ(unmapped(ip("::ffff:192.168.20.9")), ip("192.168.20.9"));
    EXPECT_EQ(unmapped(ip("::ffff:0.0.0.0")), ip("0.0.0.0"));
    EXPECT_EQ(unmapped(ip("::ffff:255.255.255.255")), ip("255.255.255.255"));
    for (auto const* const same : {"192.168.20.9", "::192.168.20.9", "::", "::1", "fe80::1%2", "2001:db8::1",
                                   "64:ff9b::192.168.20.9", "2002:c0a8:1409::", "::ffff:0:192.168.20.9"})
        EXPECT_EQ(unmapped(ip(same)), ip(same)) << same;
}

TEST(ip, addresses_are_the_same_whatever_the_zone)
{
    EXPECT_TRUE(same_address(ip("fe80::1%2"), ip("fe80::1%3")));
    EXPECT_TRUE(same_address(ip("fe80::1%2"), ip("fe80::1")));
    EXPECT_FALSE(same_address(ip("fe80::1%2"), ip("fe80::2%2")));
    EXPECT_TRUE(same_address(ip("10.0.0.1"), ip("10.0.0.1")));
    EXPECT_FALSE(same_address(ip("10.0.0.1"), ip("10.0.0.2")));
    EXPECT_FALSE(same_address(ip("10.0.0.1"), ip("::ffff:10.0.0.1")))
        << "mapped addresses are unmapped before";
    EXPECT_FALSE(same_address(ip("::ffff:10.0.0.1"), ip("10.0.0.1")));
}

} // namespace
} // namespace onlink
