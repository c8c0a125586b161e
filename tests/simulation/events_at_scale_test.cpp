// SPDX-License-Identifier: BSL-1.0
// Two thousand subscriptions at one device: that all of them hear everything, and what they take. A program
// of its own, as it links heap.cpp to count bytes.
#include "support/golden.hpp"
#include "support/heap.hpp"
#include "support/lamp_host.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <map>

namespace onlink::test {
namespace {

constexpr std::size_t crowd = 2000;

host_options roomy_options()
{
    auto options = lamp_host::golden_options();
    auto& bounds = options.limits.eventing;
    bounds.max_subscriptions = bounds.max_subscriptions_per_peer = bounds.max_subscriptions_per_target =
        bounds.max_subscriptions_per_endpoint = crowd;
    bounds.max_kept_connections = 250;
    bounds.notify_connect_burst = 500;
    return options;
}

/// 2,000 subscriptions of 250 hosts.
struct event_scale : testing::Test {
    event_scale() : host(roomy_options())
    {
        host.start_and_settle();
        auto const request = wire("g25_subscribe_statevar.request");
        for (std::size_t i = 0; i < crowd; ++i) {
            auto const peer = "192.168.20." + std::to_string(6 + i % 249);
            auto mine = request;
            mine.replace(mine.find("192.168.20.9"), 12, peer);
            EXPECT_TRUE(host.http(mine, peer.c_str()).bytes.starts_with("HTTP/1.1 200 OK")) << i;
            forget_what_was_said();
        }
    }

    void forget_what_was_said()
    {
        host.refusals.clear();
        host.others.clear();
        host.sent.clear();
    }

    /// Answers everything that goes out, all over kept connections; how many of each SEQ there were.
    std::map<std::string, std::size_t> answer_all()
    {
        std::map<std::string, std::size_t> by_seq;
        while (!host.deliveries.empty()) {
            auto const all = std::exchange(host.deliveries, {});
            host.paths.clear();
            most_at_once = std::max(most_at_once, host.runtime.events().deliveries_under_way());
            for (auto const& one : all) {
                auto const at = one.header().find("\r\nSEQ: ") + 7;
                ++by_seq[one.header().substr(at, one.header().find("\r\n", at) - at)];
                host.runtime.on_delivery(host.now(), one.number(), delivery_outcome::delivered(true));
            }
            host.obey();
            forget_what_was_said();
        }
        host.deliveries.shrink_to_fit();
        return by_seq;
    }
    void light(bool on)
    {
        host.power.state().set("Status", on);
        host.runtime.on_state_change(host.now(), 0);
        host.obey();
    }

    lamp_host host;
    std::size_t most_at_once = 0;
};

TEST_F(event_scale, GENA_37_two_thousand_subscribers_each_get_every_event_once)
{
    using counts = std::map<std::string, std::size_t>;
    EXPECT_EQ(answer_all(), (counts{{"0", crowd}}));
    for (int change = 1; change <= 5; ++change) {
        light(change % 2 == 1);
        EXPECT_EQ(answer_all(), (counts{{std::to_string(change), crowd}}));
    }
    EXPECT_LE(most_at_once, limits{}.eventing.max_deliveries);
    auto const now = host.runtime.snapshot();
    EXPECT_EQ(now.subscriptions, crowd);
    EXPECT_EQ(now.events_delivered, 6 * crowd);
    EXPECT_EQ(now.queued_events, 0U);
    EXPECT_EQ(now.deliveries_under_way, 0U);
    EXPECT_EQ(now.refusals[refusal_reason::event_undelivered], 0U);
    EXPECT_EQ(now.refusals[refusal_reason::event_overflow], 0U);
}

TEST_F(event_scale, memory_is_bounded_whatever_waits)
{
    answer_all();
    auto const idle = heap::live_bytes();
    std::size_t full = 0;
    for (unsigned change = 1; change <= 4 * limits{}.eventing.max_queued_events; ++change) {
        light(change % 2 == 1); // nobody answers
        forget_what_was_said();
        if (change == limits{}.eventing.max_queued_events + 1)
            full = heap::live_bytes(); // one under way or waiting, and a full queue
    }
    auto const overfull = heap::live_bytes();
    EXPECT_EQ(host.runtime.snapshot().queued_events, crowd * limits{}.eventing.max_queued_events)
        << "every queue is full";
    EXPECT_LE(overfull, full + full / 20) << "and does not grow";
    EXPECT_LT((full - idle) / crowd, 1024U * limits{}.eventing.max_queued_events);
    std::printf("  a subscription with a full queue of %zu: %zu bytes more\n",
                limits{}.eventing.max_queued_events, (full - idle) / crowd);
}

TEST(event_scale_figures, bytes_of_a_subscription)
{
    auto const subscribed = [](std::size_t count) {
        lamp_host host{roomy_options()};
        host.start_and_settle();
        auto const before = heap::live_bytes();
        auto const request = wire("g25_subscribe_statevar.request");
        for (std::size_t i = 0; i < count; ++i) {
            auto const peer = "192.168.20." + std::to_string(6 + i % 249);
            auto mine = request;
            mine.replace(mine.find("192.168.20.9"), 12, peer);
            host.http(mine, peer.c_str());
            for (auto const& one : std::exchange(host.deliveries, {}))
                host.runtime.on_delivery(host.now(), one.number(), delivery_outcome::delivered());
            host.obey();
            host.paths.clear();
            host.refusals.clear();
            host.others.clear();
            host.sent.clear();
        }
        host.deliveries.shrink_to_fit();
        EXPECT_EQ(host.runtime.snapshot().subscriptions, count);
        EXPECT_EQ(host.runtime.snapshot().events_delivered, count);
        return heap::live_bytes() - before;
    };
    auto const each = (subscribed(crowd) - subscribed(crowd / 2)) / (crowd / 2);
    std::printf("  a subscription without waiting events: %zu bytes\n", each);
    EXPECT_LT(each, 1024U);
}

} // namespace
} // namespace onlink::test
