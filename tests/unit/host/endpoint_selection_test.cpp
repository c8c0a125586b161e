// SPDX-License-Identifier: BSL-1.0
#include "host/served_interface.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using testing::ElementsAre;

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

/// `name address` of each interface chosen.
std::vector<std::string> chosen(std::vector<network_interface> interfaces, host_options const& options = {})
{
    auto const served = select_interfaces(interface_table{std::move(interfaces)}, options);
    std::vector<std::string> all;
    if (!served) {
        all.push_back(served.error().message());
        return all;
    }
    for (auto const& at : *served) {
        EXPECT_EQ(at.http_port, 0);
        all.push_back(at.name + ' ' + at.address.to_string());
    }
    return all;
}

boost::system::error_code error_of(std::vector<network_interface> interfaces,
                                   host_options const& options = {})
{
    auto const served = select_interfaces(interface_table{std::move(interfaces)}, options);
    return served ? boost::system::error_code{} : served.error();
}

host_options named(std::vector<std::string> names)
{
    host_options options;
    options.interfaces = std::move(names);
    return options;
}

TEST(served_interface, SSDP_01_all_that_are_up_can_multicast_and_have_a_local_address)
{
    EXPECT_THAT(chosen({loopback(), interface_with(2, "eth0", {"192.168.20.5"}),
                        interface_with(3, "wlan0", {"10.1.2.3"}), interface_with(4, "usb0", {"169.254.7.7"}),
                        interface_with(5, "vlan9", {"172.16.0.1"})}),
                ElementsAre("eth0 192.168.20.5", "wlan0 10.1.2.3", "usb0 169.254.7.7", "vlan9 172.16.0.1"));
}

TEST(served_interface, what_is_down_deaf_or_public_is_left_out)
{
    auto down = interface_with(3, "down", {"192.168.30.5"});
    down.up = false;
    auto deaf = interface_with(4, "deaf", {"192.168.40.5"});
    deaf.multicast = false;
    EXPECT_THAT(chosen({down, deaf, interface_with(5, "wan", {"203.0.113.7"}), interface_with(6, "bare", {}),
                        interface_with(7, "six", {"fe80::7"}), interface_with(8, "edge", {"172.32.0.1"}),
                        interface_with(2, "eth0", {"192.168.20.5"})}),
                ElementsAre("eth0 192.168.20.5"));
}

TEST(served_interface, of_several_addresses_the_first_local_one)
{
    EXPECT_THAT(chosen({interface_with(2, "eth0", {"fe80::5", "192.168.20.5", "192.168.30.5"})}),
                ElementsAre("eth0 192.168.20.5"));
}

TEST(served_interface, one_that_also_has_a_public_address_only_if_it_is_named)
{
    auto const both = interface_with(2, "eth0", {"203.0.113.7", "192.168.20.5"});
    EXPECT_EQ(error_of({both}), errc::no_interface);
    EXPECT_THAT(chosen({both}, named({"eth0"})), ElementsAre("eth0 192.168.20.5"));
}

TEST(served_interface, HTTP_is_also_at_the_link_local_and_one_wider_IPv6_address)
{
    auto const also = [](network_interface const& interface) {
        std::vector<std::string> texts;
        auto const served = select_interfaces(interface_table{{interface}}, {}).value();
        for (auto const& e : served.at(0).also)
            texts.push_back(e.address.to_string());
        return texts;
    };
    EXPECT_THAT(also(interface_with(2, "eth0", {"192.168.20.5"})), ElementsAre());
    EXPECT_THAT(also(interface_with(2, "eth0", {"192.168.20.5", "2001:db8::5", "fe80::5", "fd00::5"})),
                ElementsAre("fe80::5", "fd00::5"))
        << "unique local before global";
    EXPECT_THAT(also(interface_with(2, "eth0", {"192.168.20.5", "2001:db8::5", "fe80::5"})),
                ElementsAre("fe80::5", "2001:db8::5"));
    auto changing = interface_with(2, "eth0", {"192.168.20.5", "2001:db8::6", "2001:db8::5", "fe80::5"});
    changing.addresses[1].temporary = true;
    changing.addresses[3].tentative = true;
    EXPECT_THAT(also(changing), ElementsAre("2001:db8::5"))
        << "not one that is gone tomorrow, or not yet ours";
    changing.addresses[1].temporary = false;
    changing.addresses[1].deprecated = true;
    EXPECT_THAT(also(changing), ElementsAre("2001:db8::5"));
}

TEST(served_interface, IP_06_a_private_address_goes_before_a_link_local_one)
{
    EXPECT_THAT(chosen({interface_with(2, "eth0", {"169.254.7.7", "192.168.20.5"})}),
                ElementsAre("eth0 192.168.20.5"));
    EXPECT_THAT(chosen({interface_with(2, "eth0", {"169.254.7.7", "192.168.20.5"})}, named({"eth0"})),
                ElementsAre("eth0 192.168.20.5"));
}

TEST(served_interface, limits_interfaces_max_interfaces_is_reached)
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

TEST(served_interface, nothing_that_fits_is_no_interface)
{
    EXPECT_EQ(error_of({}), errc::no_interface);
    EXPECT_EQ(error_of({loopback()}), errc::no_interface);
    EXPECT_EQ(error_of({interface_with(2, "wan", {"203.0.113.7"})}), errc::no_interface);
}

TEST(served_interface, loopback_only_where_the_policy_says_so_and_nothing_else_fits)
{
    host_options options;
    options.policies.fall_back_to_loopback = true;
    EXPECT_THAT(chosen({loopback()}, options), ElementsAre("lo 127.0.0.1"));
    EXPECT_THAT(chosen({loopback(), interface_with(2, "eth0", {"192.168.20.5"})}, options),
                ElementsAre("eth0 192.168.20.5"));
    auto down = loopback();
    down.up = false;
    EXPECT_EQ(error_of({down}, options), errc::no_interface);
}

TEST(served_interface, named_ones_exactly_and_in_that_order)
{
    std::vector<network_interface> const all{loopback(), interface_with(2, "eth0", {"192.168.20.5"}),
                                             interface_with(3, "wlan0", {"10.1.2.3"})};
    EXPECT_THAT(chosen(all, named({"wlan0"})), ElementsAre("wlan0 10.1.2.3"));
    EXPECT_THAT(chosen(all, named({"wlan0", "eth0"})), ElementsAre("wlan0 10.1.2.3", "eth0 192.168.20.5"));
    EXPECT_THAT(chosen(all, named({"lo"})), ElementsAre("lo 127.0.0.1"));
}

TEST(served_interface, a_public_address_only_if_named_and_allowed_and_nothing_private_is_there)
{
    auto const wan = interface_with(2, "wan", {"fe80::7", "203.0.113.7"});
    auto options = named({"wan"});
    EXPECT_EQ(error_of({wan}, options), errc::public_address);
    options.policies.allow_public_addresses = true;
    EXPECT_THAT(chosen({wan}, options), ElementsAre("wan 203.0.113.7"));
    EXPECT_THAT(chosen({interface_with(2, "wan", {"203.0.113.7", "192.168.20.5"})}, options),
                ElementsAre("wan 192.168.20.5"));
    options.interfaces.clear();
    EXPECT_EQ(error_of({wan}, options), errc::no_interface) << "allowed, but not named";
}

TEST(served_interface, a_named_one_that_cannot_be_served_is_unknown)
{
    auto const eth0 = interface_with(2, "eth0", {"192.168.20.5"});
    auto down = interface_with(3, "down", {"192.168.30.5"});
    down.up = false;
    std::vector<network_interface> const all{eth0, down, interface_with(4, "six", {"fe80::7"}),
                                             interface_with(5, "bare", {})};
    for (auto const* name : {"eth1", "down", "six", "bare", "", "ETH0"}) {
        EXPECT_EQ(error_of(all, named({name})), errc::unknown_interface) << name;
        EXPECT_EQ(error_of(all, named({"eth0", name})), errc::unknown_interface) << name;
    }
}

} // namespace
} // namespace onlink
