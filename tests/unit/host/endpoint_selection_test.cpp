// SPDX-License-Identifier: BSL-1.0
#include "host/endpoint_selection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

network_interface interface_with(unsigned index, std::string name, std::vector<std::string> const& addresses)
{
    network_interface i{.index = index,
                        .name = std::move(name),
                        .up = true,
                        .multicast = true,
                        .loopback = false,
                        .addresses = {}};
    for (auto const& text : addresses)
        i.addresses.push_back({boost::asio::ip::make_address(text), 24});
    return i;
}

network_interface loopback()
{
    auto lo = interface_with(1, "lo", {"127.0.0.1"});
    lo.loopback = true;
    lo.multicast = false;
    return lo;
}

endpoint_selection select(std::vector<network_interface> interfaces, host_options const& options = {})
{
    return select_endpoints(interface_table{std::move(interfaces)}, options);
}

/// `name address` of each address chosen.
std::vector<std::string> chosen(std::vector<network_interface> interfaces, host_options const& options = {})
{
    std::vector<std::string> all;
    for (auto const& at : select(std::move(interfaces), options).endpoints) {
        EXPECT_EQ(at.http_port, 0);
        all.push_back(at.interface_name + ' ' + at.address.to_string());
    }
    return all;
}

host_options named(std::vector<std::string> names)
{
    host_options options;
    options.interfaces = std::move(names);
    return options;
}

TEST(endpoint_selection, SSDP_01_all_that_are_up_can_multicast_and_have_a_local_address)
{
    EXPECT_THAT(chosen({loopback(), interface_with(2, "eth0", {"192.168.20.5"}),
                        interface_with(3, "wlan0", {"10.1.2.3"}), interface_with(4, "usb0", {"169.254.7.7"}),
                        interface_with(5, "vlan9", {"172.16.0.1"})}),
                ElementsAre("eth0 192.168.20.5", "wlan0 10.1.2.3", "usb0 169.254.7.7", "vlan9 172.16.0.1"));
}

TEST(endpoint_selection, what_is_down_deaf_or_public_is_left_out)
{
    auto down = interface_with(3, "down", {"192.168.30.5"});
    down.up = false;
    auto deaf = interface_with(4, "deaf", {"192.168.40.5"});
    deaf.multicast = false;
    EXPECT_THAT(
        chosen({down, deaf, interface_with(5, "wan", {"203.0.113.7"}), interface_with(6, "bare", {}),
                interface_with(8, "edge", {"172.32.0.1"}), interface_with(2, "eth0", {"192.168.20.5"})}),
        ElementsAre("eth0 192.168.20.5"));
}

TEST(endpoint_selection, IP_19_one_address_of_each_network)
{
    EXPECT_THAT(chosen({interface_with(2, "eth0", {"192.168.20.5", "192.168.20.6", "10.1.1.5"})}),
                ElementsAre("eth0 192.168.20.5", "eth0 10.1.1.5"));
    auto six = interface_with(2, "eth0", {});
    for (auto const* text : {"2001:db8::5", "fe80::5", "2001:db8::6", "fd00::5", "2001:db8:1::5"})
        six.addresses.push_back({boost::asio::ip::make_address(text), 64});
    EXPECT_THAT(chosen({six}),
                ElementsAre("eth0 fe80::5", "eth0 fd00::5", "eth0 2001:db8::5", "eth0 2001:db8:1::5"));
}

TEST(endpoint_selection, IP_01_IPv6_alone_is_a_network_too)
{
    EXPECT_THAT(chosen({interface_with(7, "six", {"fe80::7"})}), ElementsAre("six fe80::7"));
    EXPECT_THAT(chosen({interface_with(7, "six", {"fe80::7"})}, named({"six"})), ElementsAre("six fe80::7"));
    auto tunnel = interface_with(7, "tun0", {"fe80::7"});
    tunnel.point_to_point = true;
    EXPECT_THAT(chosen({tunnel}), IsEmpty()) << "a tunnel is no home unless it is named";
    EXPECT_THAT(chosen({tunnel}, named({"tun0"})), ElementsAre("tun0 fe80::7"));
}

TEST(endpoint_selection, IP_01_policies_families_leaves_one_out)
{
    auto const both = interface_with(2, "eth0", {"192.168.20.5", "fe80::5"});
    host_options options;
    EXPECT_THAT(chosen({both}, options), ElementsAre("eth0 192.168.20.5", "eth0 fe80::5"));
    options.policies.families = ip_families::ipv4_only;
    EXPECT_THAT(chosen({both}, options), ElementsAre("eth0 192.168.20.5"));
    options.policies.families = ip_families::ipv6_only;
    EXPECT_THAT(chosen({both}, options), ElementsAre("eth0 fe80::5"));
}

TEST(endpoint_selection, IP_19_no_address_that_will_be_gone_or_leads_elsewhere)
{
    auto eth0 = interface_with(2, "eth0", {"192.168.20.5"});
    auto const add = [&](char const* text) -> interface_address& {
        eth0.addresses.push_back({boost::asio::ip::make_address(text), 64});
        return eth0.addresses.back();
    };
    add("2001:db8:1::5").temporary = true;
    add("2001:db8:2::5").deprecated = true;
    add("2001:db8:3::5").tentative = true;
    for (auto const* transitional : {"2002:c000:204::5", "2001:0:53aa:64c::5", "2001:db8:4::5efe:c000:204",
                                     "fe80::200:5efe:c000:204", "::1", "::ffff:192.168.20.5"})
        add(transitional);
    EXPECT_THAT(chosen({eth0}), ElementsAre("eth0 192.168.20.5"));
    add("2001:db8:5::5");
    EXPECT_THAT(chosen({eth0}), ElementsAre("eth0 192.168.20.5", "eth0 2001:db8:5::5"));
}

TEST(endpoint_selection, limits_interfaces_max_served_addresses_is_reached)
{
    auto eth0 = interface_with(2, "eth0", {"192.168.20.5", "fe80::5"});
    for (unsigned prefix = 1; prefix <= 100; ++prefix)
        eth0.addresses.push_back(
            {boost::asio::ip::make_address("2001:db8:" + std::to_string(prefix) + "::5"), 64});
    EXPECT_EQ(chosen({eth0}).size(), 8u);
    host_options options;
    options.limits.interfaces.max_served_addresses = 2;
    EXPECT_THAT(chosen({eth0}, options), ElementsAre("eth0 192.168.20.5", "eth0 fe80::5"));
}

TEST(endpoint_selection, one_that_also_has_a_public_address_only_if_it_is_named)
{
    auto const both = interface_with(2, "eth0", {"203.0.113.7", "192.168.20.5"});
    EXPECT_THAT(chosen({both}), IsEmpty());
    EXPECT_THAT(chosen({both}, named({"eth0"})), ElementsAre("eth0 192.168.20.5"));
}

TEST(endpoint_selection, limits_interfaces_max_served_addresses_who_is_served_keeps_the_place)
{
    host_options options;
    options.limits.interfaces.max_served_addresses = 3;
    auto eth0 = interface_with(2, "eth0", {"192.168.20.5", "fe80::5"});
    auto const add = [&](char const* text) {
        eth0.addresses.insert(eth0.addresses.begin(), {boost::asio::ip::make_address(text), 64});
    };
    add("2001:db8:1::5");
    auto const served = select({eth0}, options).endpoints;
    ASSERT_EQ(served.size(), 3u);
    add("2001:db8:2::5"); // which the system lists first
    add("fd00:1::5");
    auto const after = select_endpoints(interface_table{{eth0}}, options, served).endpoints;
    EXPECT_EQ(after, served);
    eth0.addresses.erase(eth0.addresses.begin() + 2); // 2001:db8:1::5
    EXPECT_EQ(select_endpoints(interface_table{{eth0}}, options, served).endpoints.at(2).address,
              boost::asio::ip::make_address("fd00:1::5"));
}

TEST(endpoint_selection, IP_06_a_private_address_goes_before_a_link_local_one)
{
    EXPECT_THAT(chosen({interface_with(2, "eth0", {"169.254.7.7", "192.168.20.5"})}),
                ElementsAre("eth0 192.168.20.5"));
    EXPECT_THAT(chosen({interface_with(2, "eth0", {"169.254.7.7", "192.168.20.5"})}, named({"eth0"})),
                ElementsAre("eth0 192.168.20.5"));
}

TEST(endpoint_selection, limits_interfaces_max_interfaces_is_reached)
{
    host_options options;
    options.limits.interfaces.max_interfaces = 2;
    std::vector<network_interface> const three{interface_with(2, "a", {"10.0.0.1"}),
                                               interface_with(3, "b", {"10.0.1.1"}),
                                               interface_with(4, "c", {"10.0.2.1"})};
    EXPECT_THAT(chosen(three, options), ElementsAre("a 10.0.0.1", "b 10.0.1.1"));
    options.interfaces = {"c", "b", "a"};
    EXPECT_THAT(chosen(three, options), ElementsAre("c 10.0.2.1", "b 10.0.1.1"));
}

TEST(endpoint_selection, nothing_that_fits_is_nothing_to_serve)
{
    EXPECT_THAT(chosen({}), IsEmpty());
    EXPECT_THAT(chosen({loopback()}), IsEmpty());
    EXPECT_THAT(chosen({interface_with(2, "wan", {"203.0.113.7"})}), IsEmpty());
}

TEST(endpoint_selection, loopback_only_where_the_policy_says_so_and_nothing_else_fits)
{
    host_options options;
    options.policies.fall_back_to_loopback = true;
    EXPECT_THAT(chosen({loopback()}, options), ElementsAre("lo 127.0.0.1"));
    EXPECT_THAT(chosen({loopback(), interface_with(2, "eth0", {"192.168.20.5"})}, options),
                ElementsAre("eth0 192.168.20.5"));
    auto down = loopback();
    down.up = false;
    EXPECT_THAT(chosen({down}, options), IsEmpty());
}

TEST(endpoint_selection, named_ones_exactly_and_in_that_order)
{
    std::vector<network_interface> const all{loopback(), interface_with(2, "eth0", {"192.168.20.5"}),
                                             interface_with(3, "wlan0", {"10.1.2.3"})};
    EXPECT_THAT(chosen(all, named({"wlan0"})), ElementsAre("wlan0 10.1.2.3"));
    EXPECT_THAT(chosen(all, named({"wlan0", "eth0"})), ElementsAre("wlan0 10.1.2.3", "eth0 192.168.20.5"));
    EXPECT_THAT(chosen(all, named({"lo"})), ElementsAre("lo 127.0.0.1"));
}

TEST(endpoint_selection, a_public_address_only_if_named_and_allowed_and_nothing_private_is_there)
{
    auto const wan = interface_with(2, "wan", {"fe80::7", "203.0.113.7"});
    auto options = named({"wan"});
    EXPECT_THAT(select({wan}, options).only_public, ElementsAre("wan"));
    EXPECT_THAT(chosen({wan}, options), IsEmpty()) << "nor by IPv6";
    options.policies.allow_public_addresses = true;
    EXPECT_THAT(chosen({wan}, options), ElementsAre("wan 203.0.113.7", "wan fe80::7"));
    EXPECT_THAT(chosen({interface_with(2, "wan", {"203.0.113.7", "192.168.20.5"})}, options),
                ElementsAre("wan 192.168.20.5"));
    options.interfaces.clear();
    EXPECT_THAT(chosen({wan}, options), IsEmpty()) << "allowed, but not named";
}

TEST(endpoint_selection, a_named_one_that_cannot_be_served_is_missing_and_the_others_are_served)
{
    auto const eth0 = interface_with(2, "eth0", {"192.168.20.5"});
    auto down = interface_with(3, "down", {"192.168.30.5"});
    down.up = false;
    std::vector<network_interface> const all{eth0, down, interface_with(5, "bare", {})};
    for (auto const* name : {"eth1", "down", "bare", "", "ETH0"}) {
        EXPECT_THAT(select(all, named({name})).missing, ElementsAre(name)) << name;
        EXPECT_THAT(select(all, named({"eth0", name})).missing, ElementsAre(name)) << name;
        EXPECT_THAT(chosen(all, named({"eth0", name})), ElementsAre("eth0 192.168.20.5")) << name;
    }
}

} // namespace
} // namespace onlink
