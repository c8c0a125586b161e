// SPDX-License-Identifier: BSL-1.0
#include <onlink/ip_prefix.hpp>

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

using boost::asio::ip::address;

address ip(char const* text) { return boost::asio::ip::make_address(text); }

struct prefix_case {
    char const* network;
    unsigned length;
    char const* address;
    bool inside;
};

TEST(ip_prefix, GENA_11_a_prefix_is_exact_to_the_bit)
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

TEST(ip_prefix, every_length_of_both_families_cuts_at_its_own_bit)
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

TEST(ip_prefix, directed_broadcast_and_network_addresses)
{
    ip_prefix const net{ip("192.168.20.5"), 24};
    EXPECT_TRUE(net.is_broadcast(ip("192.168.20.255")));
    EXPECT_FALSE(net.is_broadcast(ip("192.168.20.254")));
    EXPECT_FALSE(net.is_broadcast(ip("192.168.21.255")));
    EXPECT_TRUE(net.is_network(ip("192.168.20.0")));
    EXPECT_FALSE(net.is_network(ip("192.168.20.1")));
    EXPECT_FALSE(net.is_network(ip("::")));
    EXPECT_FALSE(net.is_network(ip("192.168.21.0")));

    ip_prefix const odd{ip("10.0.0.130"), 26};
    EXPECT_TRUE(odd.is_broadcast(ip("10.0.0.191")));
    EXPECT_TRUE(odd.is_network(ip("10.0.0.128")));
    EXPECT_TRUE((ip_prefix{ip("10.0.0.0"), 30}.is_broadcast(ip("10.0.0.3"))));
    EXPECT_TRUE((ip_prefix{ip("10.0.0.0"), 0}.is_broadcast(ip("255.255.255.255"))));
    EXPECT_TRUE((ip_prefix{ip("10.0.0.0"), 0}.is_network(ip("0.0.0.0"))));
    EXPECT_FALSE(net.is_broadcast(ip("::ffff:192.168.20.255"))) << "of the other family";
}

TEST(ip_prefix, point_to_point_and_host_prefixes_have_no_broadcast)
{
    for (unsigned const length : {31u, 32u, 33u}) {
        EXPECT_FALSE((ip_prefix{ip("10.0.0.0"), length}.is_broadcast(ip("10.0.0.1")))) << length;
        EXPECT_FALSE((ip_prefix{ip("10.0.0.0"), length}.is_network(ip("10.0.0.0")))) << length;
    }
    EXPECT_FALSE((ip_prefix{ip("fe80::"), 64}.is_broadcast(ip("fe80::ffff:ffff:ffff:ffff"))));
}

TEST(ip_prefix, GENA_11_the_first_address_of_an_IPv6_prefix_is_that_of_any_router)
{
    // RFC 4291, 2.6.1: the subnet-router anycast address.
    EXPECT_TRUE((ip_prefix{ip("fe80::5"), 64}.is_network(ip("fe80::"))));
    EXPECT_TRUE((ip_prefix{ip("fe80::5"), 64}.is_network(ip("fe80::%2"))));
    EXPECT_FALSE((ip_prefix{ip("fe80::5"), 64}.is_network(ip("fe80::1"))));
    EXPECT_FALSE((ip_prefix{ip("fe80::5"), 64}.is_network(ip("fe80:0:0:1::"))));
    EXPECT_TRUE((ip_prefix{ip("2001:db8:0:18::5"), 61}.is_network(ip("2001:db8:0:18::"))));
    EXPECT_FALSE((ip_prefix{ip("2001:db8:0:18::5"), 60}.is_network(ip("2001:db8:0:18::"))));
    EXPECT_TRUE((ip_prefix{ip("2001:db8::7"), 126}.is_network(ip("2001:db8::4"))));
    for (unsigned const length : {127u, 128u, 129u, 1000u}) // RFC 6164, 5.1
        EXPECT_FALSE((ip_prefix{ip("2001:db8::4"), length}.is_network(ip("2001:db8::4")))) << length;
    EXPECT_FALSE((ip_prefix{ip("0.0.0.0"), 8}.is_network(ip("::")))) << "of the other family";
}

TEST(ip_prefix, is_read_from_text)
{
    struct row {
        char const* text;
        char const* network;
        unsigned length;
    };
    for (auto const& [text, network, length] : {
             row{"192.168.20.0/24", "192.168.20.0", 24},
             row{"192.168.20.5/24", "192.168.20.5", 24},
             row{"0.0.0.0/0", "0.0.0.0", 0},
             row{"10.9.9.9/32", "10.9.9.9", 32},
             row{"fd00:1::/64", "fd00:1::", 64},
             row{"::/0", "::", 0},
             row{"2001:DB8::1/128", "2001:db8::1", 128},
             row{"10.0.0.0/08", "10.0.0.0", 8},
         }) {
        auto const prefix = ip_prefix::parse(text);
        ASSERT_TRUE(prefix) << text;
        EXPECT_EQ(*prefix, (ip_prefix{ip(network), length})) << text;
    }
}

TEST(ip_prefix, what_is_no_prefix_is_refused)
{
    for (auto const* const text : {"",
                                   "/",
                                   "/24",
                                   "192.168.20.0",
                                   "192.168.20.0/",
                                   "192.168.20/24",
                                   "192.168.20.0/x",
                                   "192.168.20.0/24 ",
                                   " 192.168.20.0/24",
                                   "192.168.20.0/+24",
                                   "192.168.20.0/-1",
                                   "192.168.20.0/24/24",
                                   "192.168.020.0/24",
                                   "eth0/24",
                                   "fe80::1%2/64",
                                   "fe80::/64%2",
                                   "fe80::%eth0/64",
                                   "[fe80::]/64",
                                   "::ffff/x",
                                   "192.168.20.0/255.255.255.0"}) {
        auto const prefix = ip_prefix::parse(text);
        ASSERT_FALSE(prefix) << text;
        EXPECT_EQ(prefix.error(), errc::malformed) << text;
    }
    for (auto const* const text : {"192.168.20.0/33", "10.0.0.0/4294967304", "10.0.0.0/99999999999999999999",
                                   "fd00::/129", "::/4294967296"}) {
        auto const prefix = ip_prefix::parse(text);
        ASSERT_FALSE(prefix) << text;
        EXPECT_EQ(prefix.error(), errc::out_of_range) << text;
    }
}

TEST(ip_prefix, is_written_with_the_bits_behind_it_cleared)
{
    struct row {
        char const* network;
        unsigned length;
        char const* text;
    };
    for (auto const& [network, length, text] : {
             row{"192.168.20.5", 24, "192.168.20.0/24"},
             row{"192.168.20.5", 31, "192.168.20.4/31"},
             row{"192.168.20.5", 32, "192.168.20.5/32"},
             row{"192.168.255.5", 17, "192.168.128.0/17"},
             row{"10.255.255.255", 9, "10.128.0.0/9"},
             row{"255.255.255.255", 0, "0.0.0.0/0"},
             row{"fe80::5", 64, "fe80::/64"},
             row{"fe80::5%2", 64, "fe80::/64"},
             row{"2001:db8:0:1f::9", 60, "2001:db8:0:10::/60"},
             row{"2001:db8:0:ffff::9", 49, "2001:db8:0:8000::/49"},
             row{"2001:db8::9", 128, "2001:db8::9/128"},
             row{"ffff::", 0, "::/0"},
         }) {
        ip_prefix const prefix{ip(network), length};
        EXPECT_EQ(prefix.to_string(), text);
        EXPECT_EQ(ip_prefix::parse(text)->to_string(), text) << "the way back";
    }
}

} // namespace
} // namespace onlink
