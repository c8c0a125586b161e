// SPDX-License-Identifier: BSL-1.0
#include "base/interface_table.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

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

/// An interface with nothing but these addresses.
network_interface with(std::vector<interface_address> addresses, std::vector<ip_prefix> routes = {})
{
    network_interface i;
    i.index = 2;
    i.name = "eth0";
    i.up = true;
    i.addresses = std::move(addresses);
    i.routes = std::move(routes);
    return i;
}

interface_address own(char const* text, unsigned length)
{
    interface_address a;
    a.address = ip(text);
    a.prefix_length = length;
    return a;
}

std::vector<std::string> texts(std::vector<ip_prefix> const& prefixes)
{
    std::vector<std::string> all;
    for (auto const& prefix : prefixes)
        all.push_back(prefix.to_string());
    return all;
}

TEST(interface_table, GENA_11_an_on_link_route_is_part_of_the_segment)
{
    auto const eth0 = with({own("192.168.20.5", 24)}, {{ip("192.168.40.0"), 25}, {ip("2001:db8:7::"), 64}});
    EXPECT_TRUE(eth0.on_segment(ip("192.168.40.9")));
    EXPECT_TRUE(eth0.on_segment(ip("2001:db8:7::9")));
    EXPECT_FALSE(eth0.on_segment(ip("192.168.40.128")));
    EXPECT_FALSE(eth0.on_segment(ip("2001:db8:8::9")));
    EXPECT_FALSE(eth0.owns(ip("192.168.40.9")));
    EXPECT_TRUE(eth0.is_edge(ip("192.168.40.0")));
    EXPECT_TRUE(eth0.is_edge(ip("192.168.40.127")));
    EXPECT_TRUE(eth0.is_edge(ip("2001:db8:7::")));
    EXPECT_FALSE(eth0.is_edge(ip("192.168.40.128")));
    EXPECT_FALSE(with({}, {{ip("192.168.40.0"), 25}}).on_segment(ip("192.168.20.5")));
}

TEST(interface_table, GENA_11_a_prefix_wider_than_a_segment_is_none)
{
    struct row {
        char const* network;
        unsigned length;
        bool taken;
    };
    for (auto const& [network, length, taken] : {
             row{"10.0.0.0", 8, true},    row{"10.0.0.0", 7, false},    row{"0.0.0.0", 0, false},
             row{"128.0.0.0", 1, false},  row{"10.0.0.1", 32, true},    row{"10.0.0.1", 33, false},
             row{"2001:db8::", 32, true}, row{"2001:db8::", 31, false}, row{"::", 0, false},
             row{"2000::", 3, false},     row{"2001:db8::", 128, true}, row{"2001:db8::", 129, false},
             row{"fe80::", 10, true},     row{"fe80::", 9, false},      row{"fe80::", 0, false},
             row{"fd00::", 10, false},    row{"fd00::", 8, false},      row{"169.254.0.0", 7, false},
             row{"fe80::", 129, false},
         })
        EXPECT_EQ(is_segment_sized({ip(network), length}), taken) << network << '/' << length;

    auto const eth0 = with({own("10.9.8.7", 1), own("2001:db8::5", 3)},
                           {{ip("0.0.0.0"), 0}, {ip("128.0.0.0"), 1}, {ip("::"), 0}});
    for (auto const* const other : {"10.9.8.8", "127.0.0.1", "203.0.113.7", "2001:db8::6", "fe80::1"})
        EXPECT_FALSE(eth0.on_segment(ip(other))) << other;
    EXPECT_TRUE(eth0.on_segment(ip("10.9.8.7"))) << "its own";
    EXPECT_FALSE(eth0.is_edge(ip("127.255.255.255")));
    EXPECT_FALSE(eth0.is_edge(ip("::")));
    EXPECT_EQ(texts(eth0.segment()), (std::vector<std::string>{"10.9.8.7/32", "2001:db8::5/128"}));
}

TEST(interface_table, GENA_11_the_prefix_of_a_point_to_point_address_counts_from_the_peer)
{
    auto tunnel = own("10.9.9.1", 32);
    tunnel.peer = ip("10.9.9.2");
    EXPECT_EQ(tunnel.on_link(), (ip_prefix{ip("10.9.9.2"), 32}));
    auto const tun0 = with({tunnel});
    EXPECT_TRUE(tun0.on_segment(ip("10.9.9.1"))) << "its own";
    EXPECT_TRUE(tun0.on_segment(ip("10.9.9.2")));
    EXPECT_FALSE(tun0.on_segment(ip("10.9.9.3")));
    tunnel.prefix_length = 30;
    EXPECT_TRUE(with({tunnel}).on_segment(ip("10.9.9.2")));
    EXPECT_TRUE(with({tunnel}).is_edge(ip("10.9.9.3")));
    tunnel.prefix_length = 0;
    EXPECT_EQ(tunnel.on_link(), (ip_prefix{ip("10.9.9.2"), 32})) << "never everything";
}

TEST(interface_table, GENA_11_an_address_whose_prefix_is_not_on_link_is_alone)
{
    auto alone = own("192.168.20.5", 24);
    alone.prefix_on_link = false;
    EXPECT_EQ(alone.on_link(), (ip_prefix{ip("192.168.20.5"), 32}));
    EXPECT_FALSE(with({alone}).on_segment(ip("192.168.20.9")));
    EXPECT_FALSE(with({alone}).is_edge(ip("192.168.20.255")));
    EXPECT_TRUE(with({alone}, {{ip("192.168.20.0"), 28}}).on_segment(ip("192.168.20.9"))) << "routes say it";
    auto six = own("2001:db8::5", 64);
    six.prefix_on_link = false;
    EXPECT_EQ(six.on_link(), (ip_prefix{ip("2001:db8::5"), 128}));
}

TEST(interface_table, the_source_towards_a_target_is_of_its_family_and_kind)
{
    auto tentative = own("192.168.20.4", 24);
    tentative.tentative = true;
    auto const eth0 = with({tentative, own("10.1.0.1", 16), own("192.168.20.5", 24), own("192.168.20.6", 24),
                            own("169.254.7.7", 16), own("fe80::5%2", 64), own("2001:db8:1::5", 64),
                            own("2001:db8:2::5", 64)});
    auto const source = [&](char const* target) {
        auto const* found = eth0.source_for(ip(target));
        return found ? to_url_host(*found) : std::string{"none"};
    };
    EXPECT_EQ(source("192.168.20.9"), "192.168.20.5") << "the first that is not tentative";
    EXPECT_EQ(source("10.1.2.3"), "10.1.0.1");
    EXPECT_EQ(source("172.16.0.1"), "10.1.0.1") << "in no prefix: the first of its kind";
    EXPECT_EQ(source("169.254.3.3"), "169.254.7.7");
    EXPECT_EQ(source("fe80::9"), "[fe80::5]");
    EXPECT_EQ(source("2001:db8:2::9"), "[2001:db8:2::5]");
    EXPECT_EQ(source("2001:db8:3::9"), "[2001:db8:1::5]");
    EXPECT_EQ(with({own("fe80::5%2", 64)}).source_for(ip("192.168.20.9")), nullptr);
    auto const link_local_only = with({own("fe80::5%2", 64)});
    auto const* towards_global = link_local_only.source_for(ip("2001:db8::9"));
    ASSERT_NE(towards_global, nullptr) << "of another kind, but better than none: an on-link route led here";
    EXPECT_EQ(*towards_global, ip("fe80::5%2"));
    EXPECT_EQ(with({tentative}).source_for(ip("192.168.20.9")), nullptr);
    EXPECT_EQ(network_interface{}.source_for(ip("192.168.20.9")), nullptr);
}

TEST(interface_table, a_segment_is_named_by_its_widest_prefixes_each_once)
{
    auto const eth0 = with({own("192.168.20.5", 24), own("192.168.20.6", 24), own("192.168.20.7", 25),
                            own("10.9.9.9", 32), own("172.16.9.5", 32), own("fe80::5%2", 64)},
                           {{ip("192.168.20.0"), 24}, {ip("172.16.9.0"), 24}, {ip("0.0.0.0"), 0}});
    EXPECT_EQ(texts(eth0.segment()),
              (std::vector<std::string>{"192.168.20.0/24", "10.9.9.9/32", "fe80::/64", "172.16.9.0/24"}));
    EXPECT_TRUE(network_interface{}.segment().empty());
}

TEST(interface_table, same_host_is_the_same_address_or_one_hardware_address_on_that_interface)
{
    link_layer_address const lamp{2, 0, 0, 0, 0, 9};
    link_layer_address const other{2, 0, 0, 0, 0, 10};
    interface_table const table{two_interfaces().all(),
                                {{2, ip("192.168.20.9"), lamp},
                                 {2, ip("fe80::9%2"), lamp},
                                 {2, ip("192.168.20.10"), other},
                                 {3, ip("fe80::a"), lamp},
                                 {2, ip("192.168.20.11"), {}},
                                 {2, ip("fe80::b"), {}},
                                 {2, ip("192.168.20.12"), {2, 0, 0, 0, 0, 9, 0, 1}}}};
    EXPECT_TRUE(table.same_host(2, ip("192.168.20.9"), ip("fe80::9")));
    EXPECT_TRUE(table.same_host(2, ip("fe80::9%7"), ip("192.168.20.9"))) << "whatever the zone";
    EXPECT_FALSE(table.same_host(2, ip("192.168.20.9"), ip("192.168.20.10")));
    EXPECT_FALSE(table.same_host(2, ip("192.168.20.9"), ip("fe80::a"))) << "seen on another interface";
    EXPECT_FALSE(table.same_host(3, ip("192.168.20.9"), ip("fe80::9")));
    EXPECT_FALSE(table.same_host(2, ip("192.168.20.11"), ip("fe80::b"))) << "no hardware address, twice";
    EXPECT_FALSE(table.same_host(2, ip("192.168.20.9"), ip("192.168.20.12"))) << "all bytes count";
    EXPECT_FALSE(table.same_host(2, ip("192.168.20.9"), ip("192.168.20.77"))) << "an unknown neighbour";
    EXPECT_FALSE(table.same_host(2, ip("192.168.20.77"), ip("192.168.20.9")));
    EXPECT_TRUE(table.same_host(2, ip("192.168.20.77"), ip("192.168.20.77")));
    EXPECT_TRUE(interface_table{}.same_host(9, ip("fe80::1%2"), ip("fe80::1")));
    EXPECT_EQ(table.neighbours().size(), 7u);
    EXPECT_FALSE(table == two_interfaces()) << "neighbours are part of the value";
}

TEST(network_interface, limits_interfaces_max_addresses_the_link_local_one_is_not_crowded_out)
{
    auto const address_of = [](std::string const& text) { return boost::asio::ip::make_address(text); };
    network_interface eth0;
    eth0.add_address({address_of("192.168.20.5"), 24}, 4);
    for (unsigned prefix = 1; prefix <= 40; ++prefix)
        eth0.add_address({address_of("2001:db8:" + std::to_string(prefix) + "::5"), 64}, 4);
    ASSERT_EQ(eth0.addresses.size(), 4u);
    eth0.add_address({address_of("fe80::5"), 64}, 4);
    ASSERT_EQ(eth0.addresses.size(), 4u);
    EXPECT_EQ(eth0.addresses[0].address, address_of("192.168.20.5"));
    EXPECT_EQ(eth0.addresses[2].address, address_of("2001:db8:2::5"));
    EXPECT_EQ(eth0.addresses[3].address, address_of("fe80::5"));
    network_interface narrow;
    narrow.add_address({address_of("192.168.20.5"), 24}, 1);
    narrow.add_address({address_of("fe80::5"), 64}, 1);
    EXPECT_EQ(narrow.addresses.at(0).address, address_of("192.168.20.5")) << "IPv4 keeps its place";
}

ip_prefix route(std::string const& text) { return ip_prefix::parse(text).value(); }

network_interface with_addresses(std::initializer_list<char const*> own)
{
    network_interface interface;
    for (auto const* address : own)
        interface.add_address({.address = ip(address), .prefix_length = 64, .prefix_on_link = false}, 32);
    return interface;
}

/// As a neighbour may advertise them: on-link prefixes that hold none of our addresses.
void add_foreign_routes(network_interface& interface, unsigned count, std::size_t most)
{
    for (unsigned n = 1; n <= count; ++n)
        interface.add_route(route("2001:db8:" + std::to_string(n) + "::/64"), most);
}

TEST(network_interface, limits_interfaces_max_routes_those_of_our_own_addresses_are_not_crowded_out)
{
    auto eth0 = with_addresses({"fd00:1::5", "fe80::5"});
    add_foreign_routes(eth0, 80, 4);
    ASSERT_EQ(eth0.routes.size(), 4u);
    EXPECT_FALSE(eth0.on_segment(ip("fd00:1::9")));
    EXPECT_FALSE(eth0.on_segment(ip("fe80::9")));
    for (int twice = 0; twice < 2; ++twice) {
        eth0.add_route(route("fd00:1::/64"), 4);
        eth0.add_route(route("fe80::/64"), 4);
        eth0.add_route(route("fd00:2::/64"), 4);
        EXPECT_EQ(eth0.routes, (std::vector{route("2001:db8:1::/64"), route("2001:db8:2::/64"),
                                            route("fe80::/64"), route("fd00:1::/64")}));
    }
    add_foreign_routes(eth0, 80, 4);
    EXPECT_TRUE(eth0.on_segment(ip("fd00:1::9")));
    EXPECT_TRUE(eth0.on_segment(ip("fe80::9")));
    EXPECT_FALSE(eth0.on_segment(ip("fd00:2::9")));
}

TEST(network_interface, limits_interfaces_max_routes_the_link_local_one_comes_before_all_others)
{
    auto eth0 = with_addresses({"2001:db8:1::5", "2001:db8:2::5", "fd00:1::5", "fe80::5"});
    add_foreign_routes(eth0, 2, 2);
    eth0.add_route(route("fd00:1::/64"), 2);
    EXPECT_EQ(eth0.routes, (std::vector{route("2001:db8:1::/64"), route("2001:db8:2::/64")}));
    eth0.add_route(route("fe80::/64"), 2);
    eth0.add_route(route("fd00:1::/64"), 2);
    EXPECT_EQ(eth0.routes, (std::vector{route("2001:db8:1::/64"), route("fe80::/64")}));
    network_interface without_addresses;
    add_foreign_routes(without_addresses, 2, 2);
    without_addresses.add_route(route("fe80::/64"), 2);
    EXPECT_TRUE(without_addresses.on_segment(ip("fe80::9"))) << "whatever is known of its addresses";
}

TEST(network_interface, limits_interfaces_max_routes_of_those_inside_one_another_only_the_widest_counts)
{
    auto eth0 = with_addresses({"2001:db8:1::5", "fd00:1::5"});
    for (int length = 128; length >= 64; --length) // the order in which the system lists them
        eth0.add_route(route("2001:db8:1::5/" + std::to_string(length)), 4);
    eth0.add_route(route("fd00:1::/64"), 4);
    ASSERT_EQ(eth0.routes.size(), 4u);
    EXPECT_TRUE(eth0.on_segment(ip("2001:db8:1::9")));
    EXPECT_TRUE(eth0.on_segment(ip("fd00:1::9")));
    eth0.add_route(route("2001:db8:1::/24"), 4);
    eth0.add_route(route("fd00::/7"), 4);
    EXPECT_TRUE(eth0.on_segment(ip("fd00:1::9"))) << "what is too wide for a segment replaces nothing";

    auto narrow = with_addresses({"fd00:1::5"});
    narrow.add_route(route("fd00:1::/24"), 1);
    narrow.add_route(route("fd00:1::4/127"), 1);
    EXPECT_EQ(narrow.routes, std::vector{route("fd00:1::4/127")});
    narrow.add_route(route("fd00:1::/64"), 1);
    EXPECT_EQ(narrow.routes, std::vector{route("fd00:1::/64")});
    narrow.add_route(route("fd00:1::4/127"), 1);
    EXPECT_EQ(narrow.routes, std::vector{route("fd00:1::/64")});
}

} // namespace
} // namespace onlink
