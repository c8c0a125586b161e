// SPDX-License-Identifier: BSL-1.0
#include "base/segment_map.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace onlink {
namespace {

address ip(char const* text) { return boost::asio::ip::make_address(text); }

network_interface interface_at(std::string name, char const* own, unsigned length)
{
    network_interface i;
    i.index = 2;
    i.name = std::move(name);
    i.up = true;
    i.addresses.push_back({ip(own), length});
    return i;
}

network_interface const eth0 = interface_at("eth0", "192.168.20.5", 24);
network_interface const eth1 = interface_at("eth1", "10.8.0.1", 16);
segment_map const widened{{{"eth0", {ip("192.168.30.7"), 25}}, {"eth0", {ip("2001:db8:30::"), 64}}}};

std::vector<std::string> texts(std::vector<ip_prefix> const& prefixes)
{
    std::vector<std::string> all;
    for (auto const& prefix : prefixes)
        all.push_back(prefix.to_string());
    return all;
}

TEST(segment_map, without_extras_the_link_is_the_segment)
{
    segment_map const plain;
    EXPECT_TRUE(plain.on_segment(eth0, ip("192.168.20.9")));
    EXPECT_FALSE(plain.on_segment(eth0, ip("192.168.30.9")));
    EXPECT_TRUE(plain.is_edge(eth0, ip("192.168.20.255")));
    EXPECT_FALSE(plain.is_edge(eth0, ip("192.168.20.9")));
    EXPECT_FALSE(plain.is_widened(eth0));
    EXPECT_EQ(texts(plain.segment(eth0)), std::vector<std::string>{"192.168.20.0/24"});
}

TEST(segment_map, GENA_11_an_extra_segment_counts_on_its_own_interface)
{
    for (auto const* const inside :
         {"192.168.20.9", "192.168.30.1", "192.168.30.126", "192.168.30.0", "2001:db8:30::9"})
        EXPECT_TRUE(widened.on_segment(eth0, ip(inside))) << inside;
    for (auto const* const outside : {"192.168.30.128", "192.168.31.1", "2001:db8:31::9", "10.8.0.9"})
        EXPECT_FALSE(widened.on_segment(eth0, ip(outside))) << outside;
    for (auto const* const elsewhere : {"192.168.30.1", "2001:db8:30::9"})
        EXPECT_FALSE(widened.on_segment(eth1, ip(elsewhere))) << elsewhere;
    EXPECT_TRUE(widened.is_widened(eth0));
    EXPECT_FALSE(widened.is_widened(eth1));
    EXPECT_FALSE(widened.is_widened(interface_at("eth00", "10.0.0.1", 8))) << "names are compared whole";
}

TEST(segment_map, GENA_11_an_extra_segment_has_edges_too)
{
    for (auto const* const edge :
         {"192.168.20.0", "192.168.20.255", "192.168.30.0", "192.168.30.127", "2001:db8:30::"})
        EXPECT_TRUE(widened.is_edge(eth0, ip(edge))) << edge;
    EXPECT_FALSE(widened.is_edge(eth0, ip("192.168.30.1")));
    EXPECT_FALSE(widened.is_edge(eth0, ip("192.168.30.128")));
    EXPECT_FALSE(widened.is_edge(eth1, ip("192.168.30.127")));
}

TEST(segment_map, names_the_prefixes_of_the_link_first)
{
    EXPECT_EQ(texts(widened.segment(eth0)),
              (std::vector<std::string>{"192.168.20.0/24", "192.168.30.0/25", "2001:db8:30::/64"}));
    EXPECT_EQ(texts(widened.segment(eth1)), std::vector<std::string>{"10.8.0.0/16"});
}

} // namespace
} // namespace onlink
