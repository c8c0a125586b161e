// SPDX-License-Identifier: BSL-1.0
#include "base/served_endpoint.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

address ip(char const* text) { return boost::asio::ip::make_address(text); }

std::string source_for(std::vector<served_endpoint> const& all, char const* peer)
{
    auto const* at = choose_source(all, 2, ip(peer));
    return at ? at->address.to_string() : "none";
}

std::vector<served_endpoint> const all{{3, "eth1", ip("192.168.30.5"), 1}, {2, "eth0", ip("192.168.20.5"), 1},
                                       {2, "eth0", ip("10.1.1.5"), 1},     {2, "eth0", ip("fe80::5"), 1},
                                       {2, "eth0", ip("fd00:1::5"), 1},    {2, "eth0", ip("2001:db8::5"), 1},
                                       {2, "eth0", ip("2001:db9::5"), 1}};

TEST(choose_source, IP_28_by_scope_label_and_prefix)
{
    EXPECT_EQ(source_for(all, "192.168.20.9"), "192.168.20.5");
    EXPECT_EQ(source_for(all, "10.1.1.9"), "10.1.1.5");
    EXPECT_EQ(source_for(all, "10.9.9.9"), "10.1.1.5");
    EXPECT_EQ(source_for(all, "fe80::9"), "fe80::5");
    EXPECT_EQ(source_for(all, "fe80::9%7"), "fe80::5") << "whatever the zone";
    EXPECT_EQ(source_for(all, "fd00:1::9"), "fd00:1::5");
    EXPECT_EQ(source_for(all, "fd77::9"), "fd00:1::5") << "unique local for unique local";
    EXPECT_EQ(source_for(all, "2001:db8::9"), "2001:db8::5");
    EXPECT_EQ(source_for(all, "2001:db9:7::9"), "2001:db9::5");
    EXPECT_EQ(source_for(all, "2001:db9::5"), "2001:db9::5") << "itself";
}

TEST(choose_source, IP_28_only_of_the_interface_and_the_family)
{
    EXPECT_EQ(source_for(all, "192.168.30.9"), "192.168.20.5");
    EXPECT_EQ(source_for({{2, "eth0", ip("192.168.20.5"), 1}}, "fe80::9"), "none");
    EXPECT_EQ(source_for({{2, "eth0", ip("fe80::5"), 1}}, "192.168.20.9"), "none");
    EXPECT_EQ(source_for({}, "192.168.20.9"), "none");
    EXPECT_EQ(source_for({{2, "eth0", ip("fe80::5"), 1}}, "2001:db8::9"), "fe80::5") << "better than nothing";
}

TEST(served_endpoint, is_the_same_if_interface_address_and_port_are)
{
    served_endpoint const one{2, "eth0", ip("fe80::5%2"), 49300};
    EXPECT_EQ(one, (served_endpoint{2, "renamed", ip("fe80::5"), 49300}));
    EXPECT_NE(one, (served_endpoint{3, "eth0", ip("fe80::5"), 49300}));
    EXPECT_NE(one, (served_endpoint{2, "eth0", ip("fe80::6"), 49300}));
    EXPECT_NE(one, (served_endpoint{2, "eth0", ip("fe80::5"), 49301}));
    EXPECT_TRUE(same_place(one, {2, "eth0", ip("fe80::5"), 0}));
    EXPECT_FALSE(same_place(one, {3, "eth0", ip("fe80::5"), 49300}));
}

} // namespace
} // namespace onlink
