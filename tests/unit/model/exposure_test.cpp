// SPDX-License-Identifier: BSL-1.0
#include <onlink/exposure.hpp>

#include <gtest/gtest.h>

#include <set>

namespace onlink {
namespace {

boost::asio::ip::address ip(char const* text) { return boost::asio::ip::make_address(text); }

TEST(exposure, each_function_and_containment_has_a_phrase_of_its_own)
{
    std::set<std::string_view> phrases;
    for (auto const function : {exposed_function::discovery, exposed_function::description,
                                exposed_function::control, exposed_function::subscription,
                                exposed_function::event_delivery, exposed_function::multicast_events})
        EXPECT_TRUE(phrases.insert(to_string(function)).second) << to_string(function);
    for (auto const what : {containment::bound_to_device, containment::hop_limit, containment::no_routing})
        EXPECT_TRUE(phrases.insert(to_string(what)).second) << to_string(what);
    EXPECT_EQ(phrases.count(""), 0u);
    EXPECT_EQ(to_string(static_cast<exposed_function>(99)), "unknown function");
    EXPECT_EQ(to_string(static_cast<containment>(99)), "unknown containment");
}

TEST(exposure, an_endpoint_is_told_in_one_line)
{
    exposed_endpoint where;
    where.function = exposed_function::control;
    where.interface_name = "eth0";
    where.address = ip("192.168.20.5");
    where.port = 49300;
    where.segment = {{ip("192.168.20.5"), 24}, {ip("fe80::5%2"), 64}};
    where.contained_by = {containment::bound_to_device, containment::hop_limit, containment::no_routing};
    EXPECT_EQ(to_string(where), "control at 192.168.20.5:49300 on eth0 for 192.168.20.0/24, fe80::/64; "
                                "contained by interface, hop limit, no routing");
}

TEST(exposure, what_is_not_contained_is_said_with_the_reason)
{
    exposed_endpoint where;
    where.function = exposed_function::event_delivery;
    where.interface_name = "eth0";
    where.address = ip("fe80::5%2");
    where.segment = {{ip("fe80::5"), 64}};
    where.gaps = {{containment::bound_to_device, "Operation not permitted"},
                  {containment::hop_limit, "extra_segments"}};
    EXPECT_EQ(to_string(where),
              "event delivery from [fe80::5] on eth0 to fe80::/64; contained by our checks alone; "
              "not in force: interface (Operation not permitted), hop limit (extra_segments)");
}

} // namespace
} // namespace onlink
