// SPDX-License-Identifier: BSL-1.0
// What the system says of the interfaces, as much as limits allow and one more of each, read twice with
// nothing in common: routers advertise prefixes, and neighbours make up addresses.
#include "netlink/rtnetlink_decoder.hpp"
#include "support/heap.hpp"
#include "support/lamp_host.hpp"
#include "support/seeded_random.hpp"
#include "unit/netlink/rtnetlink_message.hpp"

#include <gtest/gtest.h>

#include <cstdio>

namespace onlink::test {
namespace {

std::string hex(std::size_t n)
{
    char text[16];
    std::snprintf(text, sizeof text, "%zx", n);
    return text;
}

/// All of a host; `round` is in each address.
std::vector<std::string> full_dump(limits::interface_limits const& bounds, std::size_t round)
{
    std::vector<std::string> all;
    auto const address_of = [&](char kind, std::size_t i, std::size_t n) {
        return std::string{"fd"} + kind + hex(round) + ":" + hex(i) + ":" + hex(n) + "::5";
    };
    for (std::size_t i = 1; i <= bounds.max_known_interfaces + 1; ++i)
        all.push_back(link(static_cast<int>(i), ("interface" + std::to_string(100000 + i)).substr(0, 15)));
    for (std::size_t i = 1; i <= bounds.max_known_interfaces; ++i)
        for (std::size_t n = 0; n <= bounds.max_addresses; ++n)
            all.push_back(
                own(static_cast<unsigned>(i), address_of('a', i, n).c_str(), 64, 0, RT_SCOPE_UNIVERSE));
    for (std::size_t i = 1; i <= bounds.max_known_interfaces; ++i)
        for (std::size_t n = 0; n <= bounds.max_routes; ++n)
            all.push_back(route(address_of('b', i, n).c_str(), 64, static_cast<std::uint32_t>(i)));
    for (std::size_t n = 0; n <= bounds.max_neighbours; ++n)
        all.push_back(neighbour_at(1, address_of('c', 1, n).c_str(), std::string(6, '\2')));
    return all;
}

interface_table read(std::vector<std::string> const& dump, limits::interface_limits const& bounds)
{
    rtnetlink_decoder decoder{bounds};
    for (auto const& message : dump)
        EXPECT_EQ(decoder.feed(message, sequence), rtnetlink_decoder::state::more);
    return decoder.take();
}

/// Of a host that serves wherever it may, while it reads it all, one after the other.
std::size_t bytes_to_follow(std::vector<std::vector<std::string>> const& dumps, limits const& bounds)
{
    auto options = lamp_host::golden_options();
    options.limits = bounds;
    options.random = std::make_shared<seeded_random>(7);
    moment const now{time_point{1h}, std::chrono::sys_seconds{1h}};
    device_runtime runtime{
        {lamp_host::lamp(lamp_host::switch_power(), lamp_host::lamp_health())}, options, now};
    runtime.set_interfaces(now, lamp_host::golden_interfaces());
    runtime.start(now);
    runtime.serve(now, {{lamp_host::eth, "eth0", ip("192.168.20.5"), 49300}});
    runtime.drain(now);

    auto const idle = heap::live_bytes();
    heap::forget_peak();
    for (auto const& dump : dumps) {
        runtime.set_interfaces(now, read(dump, bounds.interfaces));
        runtime.drain(now);
        auto all = runtime.wanted_endpoints().endpoints;
        EXPECT_EQ(all.size(),
                  std::min(bounds.interfaces.max_interfaces, bounds.interfaces.max_known_interfaces) *
                      bounds.interfaces.max_served_addresses);
        for (auto& each : all)
            each.http_port = 49300;
        for (auto const what :
             {containment::bound_to_device, containment::hop_limit, containment::no_routing})
            for (auto const& each : all)
                runtime.on_containment_gap(each.interface_index, what, "Operation not permitted");
        runtime.serve(now, std::move(all));
        runtime.drain(now);
    }
    auto const& known = runtime.interfaces();
    EXPECT_EQ(known.all().size(), bounds.interfaces.max_known_interfaces);
    EXPECT_EQ(known.all().back().addresses.size(), bounds.interfaces.max_addresses);
    EXPECT_EQ(known.all().back().routes.size(), bounds.interfaces.max_routes);
    EXPECT_EQ(known.neighbours().size(), bounds.interfaces.max_neighbours);
    return heap::peak_bytes() - idle;
}

TEST(worst_case_of_interfaces, holds_whatever_the_system_says_of_them)
{
    limits odd; // where vectors that double have the most to spare
    odd.interfaces.max_known_interfaces = odd.interfaces.max_addresses = 33;
    odd.interfaces.max_routes = 65;
    odd.interfaces.max_neighbours = 1025;
    limits one;
    one.interfaces.max_known_interfaces = one.interfaces.max_interfaces = 1;
    limits neighbours;
    neighbours.interfaces.max_neighbours = 16384;
    for (auto const& bounds : {limits::small(), limits{}, limits::large(), odd, one, neighbours}) {
        auto const ceiling = bounds.worst_case().interfaces;
        std::vector<std::vector<std::string>> dumps;
        for (std::size_t round = 1; round <= 2; ++round)
            dumps.push_back(full_dump(bounds.interfaces, round));
        auto const taken = bytes_to_follow(dumps, bounds);
        EXPECT_LE(taken, ceiling);
        EXPECT_GT(taken, ceiling / 2);
        std::printf("  interfaces: %zu bytes by the limits, %zu reached\n", ceiling, taken);
    }
}

} // namespace
} // namespace onlink::test
