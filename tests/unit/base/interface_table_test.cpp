// SPDX-License-Identifier: BSL-1.0
#include "base/interface_table.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

address ip(char const* text) { return boost::asio::ip::make_address(text); }

interface_table two_interfaces()
{
    return interface_table{{
        {.index = 2,
         .name = "eth0",
         .up = true,
         .multicast = true,
         .loopback = false,
         .addresses = {{ip("192.168.20.5"), 24}, {ip("fe80::5%2"), 64}}},
        {.index = 3,
         .name = "ppp0",
         .up = true,
         .multicast = false,
         .loopback = false,
         .addresses = {{ip("10.9.9.9"), 32}}},
    }};
}

TEST(interface_table, finds_by_index_and_by_name)
{
    auto const table = two_interfaces();
    ASSERT_NE(table.find(2u), nullptr);
    EXPECT_EQ(table.find(2u)->name, "eth0");
    ASSERT_NE(table.find("ppp0"), nullptr);
    EXPECT_EQ(table.find("ppp0")->index, 3u);
    EXPECT_EQ(table.find(4u), nullptr);
    EXPECT_EQ(table.find("eth"), nullptr);
    EXPECT_EQ(interface_table{}.find(0u), nullptr);
}

TEST(interface_table, knows_its_own_addresses)
{
    auto const table = two_interfaces();
    EXPECT_TRUE(table.is_own(ip("192.168.20.5")));
    EXPECT_TRUE(table.is_own(ip("10.9.9.9")));
    EXPECT_TRUE(table.is_own(ip("fe80::5"))); // whatever the zone
    EXPECT_FALSE(table.is_own(ip("192.168.20.6")));
    EXPECT_FALSE(table.is_own(ip("::ffff:192.168.20.5")));
}

TEST(interface_table, GENA_11_a_segment_is_what_the_prefixes_say)
{
    auto const table = two_interfaces();
    auto const& eth0 = *table.find("eth0");
    EXPECT_TRUE(eth0.on_segment(ip("192.168.20.9")));
    EXPECT_TRUE(eth0.on_segment(ip("fe80::9")));
    EXPECT_FALSE(eth0.on_segment(ip("192.168.21.9")));
    EXPECT_FALSE(eth0.on_segment(ip("203.0.113.7")));
    EXPECT_FALSE(eth0.on_segment(ip("2001:db8::9")));
    auto const& ppp0 = *table.find("ppp0");
    EXPECT_TRUE(ppp0.on_segment(ip("10.9.9.9")));
    EXPECT_FALSE(ppp0.on_segment(ip("10.9.9.8")));
    EXPECT_FALSE(network_interface{}.on_segment(ip("10.9.9.8")));
}

} // namespace
} // namespace onlink
