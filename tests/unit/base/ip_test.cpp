// SPDX-License-Identifier: BSL-1.0
#include "base/ip.hpp"

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

address ip(char const* text) { return boost::asio::ip::make_address(text); }

struct prefix_case {
    char const* network;
    unsigned length;
    char const* address;
    bool inside;
};

TEST(ip, GENA_11_a_prefix_is_exact_to_the_bit)
{
    for (auto const& c : {
             prefix_case{"192.168.20.5", 24, "192.168.20.0", true},
             prefix_case{"192.168.20.5", 24, "192.168.20.255", true},
             prefix_case{"192.168.20.5", 24, "192.168.21.5", false},
             prefix_case{"192.168.20.5", 23, "192.168.21.5", true},
             prefix_case{"10.0.0.130", 25, "10.0.0.127", false},
             prefix_case{"10.0.0.130", 25, "10.0.0.128", true},
             prefix_case{"10.0.0.8", 29, "10.0.0.16", false},
             prefix_case{"10.0.0.8", 31, "10.0.0.9", true},
             prefix_case{"10.0.0.8", 31, "10.0.0.10", false},
             prefix_case{"10.0.0.8", 32, "10.0.0.8", true},
             prefix_case{"10.0.0.8", 32, "10.0.0.9", false},
             prefix_case{"10.0.0.8", 33, "10.0.0.8", false},
             prefix_case{"10.0.0.8", 1000, "10.0.0.8", false},
             prefix_case{"10.0.0.8", 0, "203.0.113.7", true},
             prefix_case{"10.0.0.8", 0, "::1", false},
             prefix_case{"0.0.0.0", 8, "::", false},
             prefix_case{"fe80::1", 64, "fe80::ffff:ffff:ffff:ffff", true},
             prefix_case{"fe80::1", 64, "fe80:0:0:1::1", false},
             prefix_case{"2001:db8::", 33, "2001:db8:7fff::", true},
             prefix_case{"2001:db8::", 33, "2001:db8:8000::", false},
             prefix_case{"2001:db8::1", 128, "2001:db8::1", true},
             prefix_case{"2001:db8::1", 128, "2001:db8::2", false},
             prefix_case{"2001:db8::1", 129, "2001:db8::1", false},
             prefix_case{"::", 0, "2001:db8::2", true},
             prefix_case{"::", 0, "10.0.0.1", false},
             prefix_case{"192.168.20.5", 24, "::ffff:192.168.20.9", false},
         })
        EXPECT_EQ((ip_prefix{ip(c.network), c.length}.contains(ip(c.address))), c.inside)
            << c.network << '/' << c.length << ' ' << c.address;
}

TEST(ip, every_length_of_both_families_cuts_at_its_own_bit)
{
    for (unsigned length = 1; length <= 32; ++length) {
        auto const network = boost::asio::ip::address_v4{0xC0A81405u};
        auto const flipped = boost::asio::ip::address_v4{network.to_uint() ^ (1u << (32 - length))};
        EXPECT_FALSE((ip_prefix{network, length}.contains(flipped))) << length;
        EXPECT_TRUE((ip_prefix{network, length - 1}.contains(flipped))) << length;
    }
    for (unsigned length = 1; length <= 128; ++length) {
        auto bytes = ip("2001:db8:1:2:3:4:5:6").to_v6().to_bytes();
        auto const network = boost::asio::ip::address_v6{bytes};
        bytes[(length - 1) / 8] ^= static_cast<unsigned char>(0x80u >> ((length - 1) % 8));
        auto const flipped = boost::asio::ip::address_v6{bytes};
        EXPECT_FALSE((ip_prefix{network, length}.contains(flipped))) << length;
        EXPECT_TRUE((ip_prefix{network, length - 1}.contains(flipped))) << length;
    }
}

TEST(ip, directed_broadcast_and_network_addresses)
{
    ip_prefix const net{ip("192.168.20.5"), 24};
    EXPECT_TRUE(net.is_broadcast(ip("192.168.20.255")));
    EXPECT_FALSE(net.is_broadcast(ip("192.168.20.254")));
    EXPECT_FALSE(net.is_broadcast(ip("192.168.21.255")));
    EXPECT_TRUE(net.is_network(ip("192.168.20.0")));
    EXPECT_FALSE(net.is_network(ip("192.168.20.1")));
    EXPECT_FALSE(net.is_network(ip("::")));

    ip_prefix const odd{ip("10.0.0.130"), 26};
    EXPECT_TRUE(odd.is_broadcast(ip("10.0.0.191")));
    EXPECT_TRUE(odd.is_network(ip("10.0.0.128")));
    EXPECT_TRUE((ip_prefix{ip("10.0.0.0"), 30}.is_broadcast(ip("10.0.0.3"))));
    EXPECT_TRUE((ip_prefix{ip("10.0.0.0"), 0}.is_broadcast(ip("255.255.255.255"))));
}

TEST(ip, point_to_point_and_host_prefixes_have_no_broadcast)
{
    for (unsigned const length : {31u, 32u, 33u}) {
        EXPECT_FALSE((ip_prefix{ip("10.0.0.0"), length}.is_broadcast(ip("10.0.0.1")))) << length;
        EXPECT_FALSE((ip_prefix{ip("10.0.0.0"), length}.is_network(ip("10.0.0.0")))) << length;
    }
    EXPECT_FALSE((ip_prefix{ip("fe80::"), 64}.is_broadcast(ip("fe80::ffff:ffff:ffff:ffff"))));
    EXPECT_FALSE((ip_prefix{ip("fe80::"), 64}.is_network(ip("fe80::"))));
}

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

} // namespace
} // namespace onlink
