// SPDX-License-Identifier: BSL-1.0
#include "ssdp/datagram_gate.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace onlink {
namespace {

using namespace std::chrono_literals;

address ip(std::string const& text) { return boost::asio::ip::make_address(text); }

address nth_address(unsigned n) { return boost::asio::ip::make_address_v4(0xc0a80000U + n); }

constexpr time_point start{100h};

network_interface const eth0{
    .index = 2,
    .name = "eth0",
    .up = true,
    .multicast = true,
    .loopback = false,
    .addresses = {{ip("192.168.20.5"), 24}, {ip("10.1.2.3"), 30}, {ip("fe80::5%2"), 64}}};

std::optional<refusal_reason> verdict(std::string const& source, std::uint16_t port = 50123,
                                      std::size_t size = 100)
{
    return datagram_gate{limits{}.ssdp, start}.check(size, {ip(source), port}, eth0);
}

/// How many of so many searches, all at once, may pass.
unsigned passing(datagram_gate& gate, address const& source, unsigned searches, time_point now)
{
    unsigned passed = 0;
    for (unsigned i = 0; i < searches; ++i)
        passed += !gate.check_search_rate(source, now);
    return passed;
}

TEST(datagram_gate, sources_on_the_segment_pass)
{
    for (auto const* source : {"192.168.20.9", "192.168.20.5", "192.168.20.1", "192.168.20.254", "10.1.2.1",
                               "10.1.2.2", "fe80::9"})
        EXPECT_EQ(verdict(source), std::nullopt) << source;
    EXPECT_EQ(verdict("192.168.20.9", 1), std::nullopt);
    EXPECT_EQ(verdict("192.168.20.9", 65535), std::nullopt);
}

TEST(datagram_gate, SSDP_52_sources_off_the_segment_are_reflection)
{
    for (auto const* source : {"192.168.21.9", "192.168.19.255", "203.0.113.7", "10.1.2.4", "10.1.2.9",
                               "8.8.8.8", "127.0.0.1", "169.254.1.1", "2001:db8::9", "::1", "fe90::9"})
        EXPECT_EQ(verdict(source), refusal_reason::datagram_off_segment) << source;
}

TEST(datagram_gate, SSDP_52_sources_that_are_nobody_or_everybody_are_refused)
{
    for (auto const* source : {"192.168.20.255", "10.1.2.3", "255.255.255.255", "0.0.0.0", "239.255.255.250",
                               "224.0.0.1", "240.0.0.1", "::", "ff02::c", "::ffff:192.168.20.9"})
        EXPECT_EQ(verdict(source), refusal_reason::datagram_off_segment) << source;
}

TEST(datagram_gate, SSDP_52_the_network_address_is_nobody_too)
{
    // Old systems take it for the broadcast address; the segment validator refuses it as well.
    EXPECT_EQ(verdict("192.168.20.0"), refusal_reason::datagram_off_segment);
    EXPECT_EQ(verdict("10.1.2.0"), refusal_reason::datagram_off_segment);
}

TEST(datagram_gate, port_0_cannot_be_answered)
{
    EXPECT_EQ(verdict("192.168.20.9", 0), refusal_reason::datagram_off_segment);
}

TEST(datagram_gate, an_interface_without_address_hears_nobody)
{
    datagram_gate const gate{limits{}.ssdp, start};
    EXPECT_EQ(gate.check(100, {ip("192.168.20.9"), 50123}, network_interface{}),
              refusal_reason::datagram_off_segment);
}

TEST(datagram_gate, limits_ssdp_max_datagram_is_reached)
{
    auto const most = limits{}.ssdp.max_datagram;
    EXPECT_EQ(verdict("192.168.20.9", 50123, 0), std::nullopt);
    EXPECT_EQ(verdict("192.168.20.9", 50123, most), std::nullopt);
    EXPECT_EQ(verdict("192.168.20.9", 50123, most + 1), refusal_reason::datagram_too_large);
    EXPECT_EQ(verdict("192.168.20.9", 50123, std::numeric_limits<std::size_t>::max()),
              refusal_reason::datagram_too_large);
}

TEST(datagram_gate, N_12_limits_ssdp_search_burst_and_searches_per_second_are_reached)
{
    limits::ssdp_limits bounds;
    bounds.search_burst = 5;
    bounds.searches_per_second = 2;
    datagram_gate gate{bounds, start};
    EXPECT_EQ(passing(gate, ip("192.168.20.9"), 200, start), 5U);
    EXPECT_EQ(gate.check_search_rate(ip("192.168.20.9"), start), refusal_reason::search_rate);
    EXPECT_EQ(passing(gate, ip("192.168.20.10"), 1, start), 1U) << "others are not held up";
    EXPECT_EQ(passing(gate, ip("192.168.20.9"), 200, start + 1s), 2U);
    EXPECT_EQ(passing(gate, ip("192.168.20.9"), 200, start + 1h), 5U) << "saved up no further than the burst";
}

TEST(datagram_gate, SSDP_52_limits_ssdp_answer_burst_and_answers_per_second_are_reached)
{
    limits::ssdp_limits bounds;
    bounds.answer_burst = 10;
    bounds.answers_per_second = 5;
    datagram_gate gate{bounds, start};
    auto const one = ip("192.168.20.9");
    EXPECT_EQ(gate.check_answer_rate(one, 9, start), std::nullopt);
    EXPECT_EQ(gate.check_answer_rate(one, 100, start), std::nullopt) << "a search is answered as a whole";
    EXPECT_EQ(gate.check_answer_rate(one, 1, start), refusal_reason::search_answer_rate);
    EXPECT_EQ(gate.check_answer_rate(ip("192.168.20.10"), 5, start), std::nullopt)
        << "others are not held up";
    // 99 beyond its share: they have to be gained back first, and one more.
    EXPECT_EQ(gate.check_answer_rate(one, 1, start + 19s), refusal_reason::search_answer_rate);
    EXPECT_EQ(gate.check_answer_rate(one, 1, start + 20s), std::nullopt);
}

TEST(datagram_gate, SSDP_52_limits_ssdp_total_answer_burst_and_rate_are_reached_by_many_sources)
{
    limits::ssdp_limits bounds;
    bounds.total_answer_burst = 10;
    bounds.total_answers_per_second = 3;
    datagram_gate gate{bounds, start};
    unsigned passed = 0;
    for (unsigned n = 0; n < 500; ++n)
        passed += !gate.check_answer_rate(nth_address(n), 1, start);
    EXPECT_EQ(passed, 10U);
    for (unsigned n = 500; n < 1000; ++n)
        passed += !gate.check_answer_rate(nth_address(n), 1, start + 1s);
    EXPECT_EQ(passed, 13U);
}

TEST(datagram_gate, SSDP_52_under_a_flood_small_answers_get_through_before_large_ones)
{
    limits::ssdp_limits bounds;
    bounds.total_answer_burst = 100;
    bounds.total_answers_per_second = 10;
    datagram_gate gate{bounds, start};
    EXPECT_EQ(gate.check_answer_rate(nth_address(1), 99, start), std::nullopt);
    EXPECT_EQ(gate.check_answer_rate(nth_address(2), 30, start), refusal_reason::search_answer_rate);
    EXPECT_EQ(gate.check_answer_rate(nth_address(3), 1, start), std::nullopt);
    EXPECT_EQ(gate.check_answer_rate(nth_address(2), 30, start + 3s), std::nullopt)
        << "and who was refused by the total has lost nothing of its own";
    EXPECT_EQ(gate.check_answer_rate(nth_address(4), 1000, start + 3s), refusal_reason::search_answer_rate);
    EXPECT_EQ(gate.check_answer_rate(nth_address(4), 1000, start + 8s), std::nullopt)
        << "half of the burst is enough for however many";
}

TEST(datagram_gate, SSDP_52_limits_ssdp_max_sources_made_up_addresses_gain_nothing_beyond_the_total)
{
    limits::ssdp_limits bounds;
    bounds.max_sources = 4;
    bounds.answer_burst = 1;
    bounds.total_answer_burst = 50;
    datagram_gate gate{bounds, start};
    auto const passes = [&](unsigned n, time_point now) {
        return !gate.check_answer_rate(nth_address(n), 1, now);
    };
    EXPECT_TRUE(passes(0, start));
    EXPECT_FALSE(passes(0, start));
    for (unsigned n = 1; n <= 4; ++n)
        EXPECT_TRUE(passes(n, start + std::chrono::microseconds{n}));
    // The fifth source pushed out the first, which is new again; the total still counts.
    unsigned passed = 5;
    for (unsigned n = 0; n < 1000; ++n)
        passed += passes(n, start + 5us);
    EXPECT_EQ(passed, 50U);
}

TEST(datagram_gate, check_costs_nothing_of_the_rate)
{
    limits::ssdp_limits bounds;
    bounds.search_burst = 1;
    datagram_gate gate{bounds, start};
    for (unsigned i = 0; i < 100; ++i)
        EXPECT_EQ(gate.check(100, {ip("192.168.20.9"), 50123}, eth0), std::nullopt);
    EXPECT_EQ(gate.check_search_rate(ip("192.168.20.9"), start), std::nullopt);
}

TEST(datagram_gate, SSDP_52_routes_without_gateway_and_extra_segments_are_heard)
{
    auto routed = eth0;
    routed.routes = {{ip("192.168.40.0"), 24}, {ip("0.0.0.0"), 0}};
    datagram_gate const gate{limits{}.ssdp, start, segment_map{{{"eth0", {ip("192.168.30.0"), 24}}}}};
    auto const of = [&](char const* source) { return gate.check(100, {ip(source), 50123}, routed); };
    for (auto const* source : {"192.168.20.9", "192.168.30.9", "192.168.40.9"})
        EXPECT_EQ(of(source), std::nullopt) << source;
    for (auto const* source : {"192.168.30.255", "192.168.30.0", "192.168.40.255", "192.168.50.9", "8.8.8.8"})
        EXPECT_EQ(of(source), refusal_reason::datagram_off_segment) << source;
    auto other = eth0;
    other.name = "eth1";
    EXPECT_EQ(gate.check(100, {ip("192.168.30.9"), 50123}, other), refusal_reason::datagram_off_segment);
}

TEST(datagram_gate, SSDP_52_the_address_of_any_router_is_nobody)
{
    EXPECT_EQ(verdict("fe80::"), refusal_reason::datagram_off_segment);
}

} // namespace
} // namespace onlink
