// SPDX-License-Identifier: BSL-1.0
#include <onlink/limits.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <string>
#include <vector>

namespace onlink {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t many = 1024 * 1024; ///< the most of whatever is held at a time
constexpr std::size_t mebibyte = 1024 * 1024;

TEST(limits, defaults_are_legal)
{
    auto const legal = limits{}.check();
    EXPECT_TRUE(legal) << legal.error().message();
}

TEST(limits, both_ends_of_each_range_are_legal)
{
    limits least;
    least.ssdp = {512, 8, 1, 1, 1, 1, 1, 1, 1, 1, 1s, 0ms, 0ms, 1s, 1, 0ms, 0ms, 0ms, 1, 1, 1, 100ms};
    least.http = {1, 1, 256, 64, 256, 0, 1s, 1s, 1s, 1ms, 1s, 1, 1, 4096, 1s, 1, 0, 1s, 1ms};
    least.xml = {4, 8, 1};
    least.control = {1, 1, 1s};
    least.eventing.max_subscriptions = 1;
    least.eventing.max_subscriptions_per_peer = 1;
    least.eventing.max_subscriptions_per_target = 1;
    least.eventing.max_subscriptions_per_endpoint = 1;
    least.eventing.notify_connect_burst = 1;
    least.eventing.notify_connects_per_second = 1;
    least.eventing.segment_grace = 0ms;
    least.eventing.max_callbacks = 1;
    least.eventing.max_callback_length = 32;
    least.eventing.min_duration = least.eventing.default_duration = least.eventing.max_duration = 1s;
    least.eventing.max_queued_events = 1;
    least.eventing.max_deliveries = 1;
    least.eventing.max_notify_response = 64;
    least.eventing.max_failures = 1;
    least.eventing.max_multicast_event = 128;
    least.eventing.multicast_burst = 1;
    least.eventing.multicasts_per_second = 1;
    least.interfaces = {1, 1, 0ms, 1s, 1s, 1ms, 1, 1, 1, 1};
    least.max_root_devices = 1;
    least.stop_deadline = 0ms;
    auto const legal = least.check();
    EXPECT_TRUE(legal) << legal.error().message();

    limits most;
    most.ssdp.max_datagram = 65507;
    most.ssdp.max_headers = 256;
    most.ssdp.max_mx = 5s;
    most.ssdp.max_age = 86400s;
    most.ssdp.unicast_answer_window = 1000ms;
    for (auto* const field :
         {&most.ssdp.max_pending_searches, &most.ssdp.max_sources, &most.ssdp.max_tcp_answers,
          &most.http.max_connections, &most.http.max_transfers, &most.control.max_running,
          &most.eventing.max_subscriptions, &most.eventing.max_subscriptions_per_target,
          &most.eventing.max_subscriptions_per_endpoint, &most.eventing.max_queued_events,
          &most.eventing.max_deliveries_per_target, &most.interfaces.max_interfaces,
          &most.interfaces.max_served_addresses, &most.interfaces.max_known_interfaces,
          &most.interfaces.max_addresses, &most.interfaces.max_routes, &most.interfaces.max_neighbours,
          &most.max_root_devices})
        *field = many;
    most.http.max_connections_per_peer = most.http.max_connections;
    most.control.max_running_per_peer = most.control.max_running;
    most.http.max_body = 1024 * many;
    most.eventing.max_callbacks = 1024;
    most.http.max_header = 1024 * 1024;
    most.http.max_target = 1024 * 1024;
    most.xml = {256, 65536, 256};
    most.eventing.segment_grace = 60'000ms;
    most.eventing.max_callback_length = 4096;
    most.eventing.max_notify_response = 65536;
    EXPECT_TRUE(most.check());
}

TEST(limits, what_is_outside_is_refused_by_name)
{
    struct {
        std::function<void(limits&)> change;
        char const* where;
    } const table[] = {
        {[](limits& l) { l.ssdp.max_datagram = 511; }, "limits.ssdp.max_datagram"},
        {[](limits& l) { l.ssdp.max_datagram = 65508; }, "limits.ssdp.max_datagram"},
        {[](limits& l) { l.ssdp.max_headers = 7; }, "limits.ssdp.max_headers"},
        {[](limits& l) { l.ssdp.max_headers = 257; }, "limits.ssdp.max_headers"},
        {[](limits& l) { l.ssdp.max_pending_searches = 0; }, "limits.ssdp.max_pending_searches"},
        {[](limits& l) { l.ssdp.search_burst = 0; }, "limits.ssdp.search_burst"},
        {[](limits& l) { l.ssdp.searches_per_second = 0; }, "limits.ssdp.searches_per_second"},
        {[](limits& l) { l.ssdp.answer_burst = 0; }, "limits.ssdp.answer_burst"},
        {[](limits& l) { l.ssdp.answers_per_second = 0; }, "limits.ssdp.answers_per_second"},
        {[](limits& l) { l.ssdp.total_answer_burst = 0; }, "limits.ssdp.total_answer_burst"},
        {[](limits& l) { l.ssdp.total_answers_per_second = 0; }, "limits.ssdp.total_answers_per_second"},
        {[](limits& l) { l.ssdp.max_sources = 0; }, "limits.ssdp.max_sources"},
        {[](limits& l) { l.ssdp.max_mx = 0s; }, "limits.ssdp.max_mx"},
        {[](limits& l) { l.ssdp.max_mx = 6s; }, "limits.ssdp.max_mx"},
        {[](limits& l) { l.ssdp.unicast_answer_window = 1001ms; }, "limits.ssdp.unicast_answer_window"},
        {[](limits& l) { l.ssdp.unicast_answer_window = -1ms; }, "limits.ssdp.unicast_answer_window"},
        {[](limits& l) { l.ssdp.max_age = 0s; }, "limits.ssdp.max_age"},
        {[](limits& l) { l.ssdp.max_age = 86401s; }, "limits.ssdp.max_age"},
        {[](limits& l) { l.ssdp.announcements = 0; }, "limits.ssdp.announcements"},
        {[](limits& l) { l.ssdp.announcements = 4; }, "limits.ssdp.announcements"},
        {[](limits& l) { l.ssdp.announcement_gap = -1ms; }, "limits.ssdp.announcement_gap"},
        {[](limits& l) { l.ssdp.announcement_delay = -1ms; }, "limits.ssdp.announcement_delay"},
        {[](limits& l) { l.ssdp.announcement_burst = 0; }, "limits.ssdp.announcement_burst"},
        {[](limits& l) { l.ssdp.announcements_per_second = 0; }, "limits.ssdp.announcements_per_second"},
        {[](limits& l) { l.ssdp.answer_margin = -1ms; }, "limits.ssdp.answer_margin"},
        {[](limits& l) { l.ssdp.answer_margin = 5001ms; }, "limits.ssdp.answer_margin"},
        {[](limits& l) { l.ssdp.update_spread = -1ms; }, "limits.ssdp.update_spread"},
        {[](limits& l) { l.ssdp.update_spread = 60001ms; }, "limits.ssdp.update_spread"},
        {[](limits& l) { l.ssdp.max_tcp_answers = 0; }, "limits.ssdp.max_tcp_answers"},
        {[](limits& l) { l.ssdp.tcp_answer_deadline = 99ms; }, "limits.ssdp.tcp_answer_deadline"},
        {[](limits& l) { l.ssdp.tcp_answer_deadline = 30001ms; }, "limits.ssdp.tcp_answer_deadline"},
        {[](limits& l) { l.interfaces.max_served_addresses = 0; }, "limits.interfaces.max_served_addresses"},
        {[](limits& l) { l.interfaces.settle_time = -1ms; }, "limits.interfaces.settle_time"},
        {[](limits& l) { l.interfaces.settle_time = 60001ms; }, "limits.interfaces.settle_time"},
        {[](limits& l) { l.interfaces.retry_period = 0s; }, "limits.interfaces.retry_period"},
        {[](limits& l) { l.max_root_devices = 0; }, "limits.max_root_devices"},
        {[](limits& l) { l.http.max_connections = 0; }, "limits.http.max_connections"},
        {[](limits& l) { l.http.max_connections_per_peer = 0; }, "limits.http.max_connections_per_peer"},
        {[](limits& l) { l.http.max_connections_per_peer = 33; }, "limits.http.max_connections_per_peer"},
        {[](limits& l) { l.http.max_header = 255; }, "limits.http.max_header"},
        {[](limits& l) { l.http.max_header = 1024 * 1024 + 1; }, "limits.http.max_header"},
        {[](limits& l) { l.http.max_target = 63; }, "limits.http.max_target"},
        {[](limits& l) { l.http.max_target = l.http.max_header + 1; }, "limits.http.max_target"},
        {[](limits& l) { l.http.max_body = 255; }, "limits.http.max_body"},
        {[](limits& l) { l.http.header_deadline = 0s; }, "limits.http.header_deadline"},
        {[](limits& l) { l.http.idle_deadline = 0s; }, "limits.http.idle_deadline"},
        {[](limits& l) { l.http.body_deadline = 0s; }, "limits.http.body_deadline"},
        {[](limits& l) { l.http.response_deadline = -1s; }, "limits.http.response_deadline"},
        {[](limits& l) { l.http.max_transfers = 0; }, "limits.http.max_transfers"},
        {[](limits& l) { l.http.max_transfers_per_peer = 0; }, "limits.http.max_transfers_per_peer"},
        {[](limits& l) { l.http.max_transfers_per_peer = 17; }, "limits.http.max_transfers_per_peer"},
        {[](limits& l) { l.eventing.max_deliveries = 65537; }, "limits.eventing.max_deliveries"},
        {[](limits& l) { l.eventing.max_kept_connections = 65537; }, "limits.eventing.max_kept_connections"},
        {[](limits& l) { l.http.transfer_buffer = 4095; }, "limits.http.transfer_buffer"},
        {[](limits& l) { l.http.transfer_buffer = 1024 * 1024 + 1; }, "limits.http.transfer_buffer"},
        {[](limits& l) { l.http.transfer_deadline = 0s; }, "limits.http.transfer_deadline"},
        {[](limits& l) { l.http.max_requests = 0; }, "limits.http.max_requests"},
        {[](limits& l) { l.http.linger_deadline = 0s; }, "limits.http.linger_deadline"},
        {[](limits& l) { l.http.idle_grace = 0ms; }, "limits.http.idle_grace"},
        {[](limits& l) { l.http.accept_pause = 0ms; }, "limits.http.accept_pause"},
        {[](limits& l) { l.xml.max_depth = 3; }, "limits.xml.max_depth"},
        {[](limits& l) { l.xml.max_depth = 257; }, "limits.xml.max_depth"},
        {[](limits& l) { l.xml.max_elements = 7; }, "limits.xml.max_elements"},
        {[](limits& l) { l.xml.max_elements = 65537; }, "limits.xml.max_elements"},
        {[](limits& l) { l.xml.max_attributes = 0; }, "limits.xml.max_attributes"},
        {[](limits& l) { l.xml.max_attributes = 257; }, "limits.xml.max_attributes"},
        {[](limits& l) { l.control.max_running = 0; }, "limits.control.max_running"},
        {[](limits& l) { l.control.max_running_per_peer = 0; }, "limits.control.max_running_per_peer"},
        {[](limits& l) { l.control.max_running_per_peer = 17; }, "limits.control.max_running_per_peer"},
        {[](limits& l) { l.control.action_deadline = 0s; }, "limits.control.action_deadline"},
        {[](limits& l) { l.control.action_deadline = 86401s; }, "limits.control.action_deadline"},
        {[](limits& l) { l.eventing.max_subscriptions = 0; }, "limits.eventing.max_subscriptions"},
        {[](limits& l) { l.eventing.max_subscriptions_per_peer = 0; },
         "limits.eventing.max_subscriptions_per_peer"},
        {[](limits& l) { l.eventing.max_subscriptions_per_peer = 65; },
         "limits.eventing.max_subscriptions_per_peer"},
        {[](limits& l) { l.eventing.max_subscriptions_per_target = 0; },
         "limits.eventing.max_subscriptions_per_target"},
        {[](limits& l) { l.eventing.max_subscriptions_per_endpoint = 0; },
         "limits.eventing.max_subscriptions_per_endpoint"},
        {[](limits& l) { l.eventing.notify_connect_burst = 0; }, "limits.eventing.notify_connect_burst"},
        {[](limits& l) { l.eventing.notify_connects_per_second = 0; },
         "limits.eventing.notify_connects_per_second"},
        {[](limits& l) { l.eventing.segment_grace = -1ms; }, "limits.eventing.segment_grace"},
        {[](limits& l) { l.eventing.segment_grace = 60'001ms; }, "limits.eventing.segment_grace"},
        {[](limits& l) { l.eventing.max_callbacks = 0; }, "limits.eventing.max_callbacks"},
        {[](limits& l) { l.eventing.max_callback_length = 31; }, "limits.eventing.max_callback_length"},
        {[](limits& l) { l.eventing.max_callback_length = 4097; }, "limits.eventing.max_callback_length"},
        {[](limits& l) { l.eventing.max_duration = limits::seconds::max(); }, "limits.eventing.max_duration"},
        {[](limits& l) { l.eventing.min_duration = 0s; }, "limits.eventing.min_duration"},
        {[](limits& l) { l.eventing.min_duration = 86401s; }, "limits.eventing.min_duration"},
        {[](limits& l) { l.eventing.default_duration = 1799s; }, "limits.eventing.default_duration"},
        {[](limits& l) { l.eventing.default_duration = 86401s; }, "limits.eventing.default_duration"},
        {[](limits& l) { l.eventing.max_queued_events = 0; }, "limits.eventing.max_queued_events"},
        {[](limits& l) { l.eventing.max_deliveries = 0; }, "limits.eventing.max_deliveries"},
        {[](limits& l) { l.eventing.max_deliveries_per_target = 0; },
         "limits.eventing.max_deliveries_per_target"},
        {[](limits& l) { l.eventing.give_way_after = 99ms; }, "limits.eventing.give_way_after"},
        {[](limits& l) { l.eventing.notify_connect_deadline = 0s; },
         "limits.eventing.notify_connect_deadline"},
        {[](limits& l) { l.eventing.notify_write_deadline = 0s; }, "limits.eventing.notify_write_deadline"},
        {[](limits& l) { l.eventing.notify_answer_deadline = 0s; }, "limits.eventing.notify_answer_deadline"},
        {[](limits& l) { l.eventing.kept_connection_idle = 0s; }, "limits.eventing.kept_connection_idle"},
        {[](limits& l) { l.eventing.retry_pause = -1ms; }, "limits.eventing.retry_pause"},
        {[](limits& l) { l.eventing.max_retry_pause = 2h; }, "limits.eventing.max_retry_pause"},
        {[](limits& l) { l.eventing.multicast_repeat_gap = 9ms; }, "limits.eventing.multicast_repeat_gap"},
        {[](limits& l) { l.eventing.max_notify_response = 63; }, "limits.eventing.max_notify_response"},
        {[](limits& l) { l.eventing.max_multicast_event = 127; }, "limits.eventing.max_multicast_event"},
        {[](limits& l) { l.eventing.max_multicast_event = 65001; }, "limits.eventing.max_multicast_event"},
        {[](limits& l) { l.eventing.multicast_burst = 0; }, "limits.eventing.multicast_burst"},
        {[](limits& l) { l.eventing.multicasts_per_second = 0; }, "limits.eventing.multicasts_per_second"},
        {[](limits& l) { l.interfaces.max_interfaces = 0; }, "limits.interfaces.max_interfaces"},
        {[](limits& l) { l.interfaces.poll_period = 0s; }, "limits.interfaces.poll_period"},
        {[](limits& l) { l.interfaces.read_gap = 0ms; }, "limits.interfaces.read_gap"},
        {[](limits& l) { l.interfaces.max_known_interfaces = 0; }, "limits.interfaces.max_known_interfaces"},
        {[](limits& l) { l.interfaces.max_addresses = 0; }, "limits.interfaces.max_addresses"},
        {[](limits& l) { l.interfaces.max_routes = 0; }, "limits.interfaces.max_routes"},
        {[](limits& l) { l.interfaces.max_neighbours = 0; }, "limits.interfaces.max_neighbours"},
        {[](limits& l) { l.stop_deadline = -1ms; }, "limits.stop_deadline"},
        {[](limits& l) { l.ssdp.max_pending_searches = many + 1; }, "limits.ssdp.max_pending_searches"},
        {[](limits& l) { l.ssdp.max_sources = many + 1; }, "limits.ssdp.max_sources"},
        {[](limits& l) { l.ssdp.max_tcp_answers = many + 1; }, "limits.ssdp.max_tcp_answers"},
        {[](limits& l) { l.http.max_connections = many + 1; }, "limits.http.max_connections"},
        {[](limits& l) { l.http.max_transfers = many + 1; }, "limits.http.max_transfers"},
        {[](limits& l) { l.control.max_running = many + 1; }, "limits.control.max_running"},
        {[](limits& l) { l.eventing.max_subscriptions = many + 1; }, "limits.eventing.max_subscriptions"},
        {[](limits& l) { l.eventing.max_subscriptions_per_target = many + 1; },
         "limits.eventing.max_subscriptions_per_target"},
        {[](limits& l) { l.eventing.max_subscriptions_per_endpoint = many + 1; },
         "limits.eventing.max_subscriptions_per_endpoint"},
        {[](limits& l) { l.eventing.max_queued_events = many + 1; }, "limits.eventing.max_queued_events"},
        {[](limits& l) { l.eventing.max_deliveries_per_target = many + 1; },
         "limits.eventing.max_deliveries_per_target"},
        {[](limits& l) { l.interfaces.max_interfaces = many + 1; }, "limits.interfaces.max_interfaces"},
        {[](limits& l) { l.interfaces.max_served_addresses = many + 1; },
         "limits.interfaces.max_served_addresses"},
        {[](limits& l) { l.interfaces.max_known_interfaces = many + 1; },
         "limits.interfaces.max_known_interfaces"},
        {[](limits& l) { l.interfaces.max_addresses = many + 1; }, "limits.interfaces.max_addresses"},
        {[](limits& l) { l.interfaces.max_routes = many + 1; }, "limits.interfaces.max_routes"},
        {[](limits& l) { l.interfaces.max_neighbours = many + 1; }, "limits.interfaces.max_neighbours"},
        {[](limits& l) { l.max_root_devices = many + 1; }, "limits.max_root_devices"},
        {[](limits& l) { l.eventing.max_callbacks = 1025; }, "limits.eventing.max_callbacks"},
        {[](limits& l) { l.http.max_body = 1024 * many + 1; }, "limits.http.max_body"},
    };
    for (auto const& row : table) {
        limits l;
        row.change(l);
        auto const legal = l.check();
        ASSERT_FALSE(legal) << row.where;
        EXPECT_EQ(legal.error().code, errc::out_of_range) << row.where;
        EXPECT_EQ(legal.error().where, row.where);
    }
}

TEST(limits, presets_are_legal_and_their_worst_cases_as_their_words_say)
{
    for (auto const& preset : {limits::small(), limits{}, limits::large()})
        EXPECT_TRUE(preset.check());
    EXPECT_LT(limits::small().worst_case_bytes(), mebibyte * 3 / 2);
    EXPECT_LT(limits{}.worst_case_bytes(), 24 * mebibyte);
    EXPECT_LT(limits::large().worst_case_bytes(), 112 * mebibyte);
}

/// As README.md writes it: whole KiB, or MiB with a decimal.
std::string written(std::size_t bytes)
{
    char text[32];
    if (bytes < mebibyte)
        std::snprintf(text, sizeof text, "%.0f KiB", static_cast<double>(bytes) / 1024);
    else
        std::snprintf(text, sizeof text, "%.1f MiB", static_cast<double>(bytes) / mebibyte);
    return text;
}

TEST(limits, README_says_their_worst_cases)
{
    if (sizeof(void*) != 8)
        GTEST_SKIP() << "it is said for machines of 64 bits";
    std::ifstream file{ONLINK_SOURCE_DIR "/README.md"};
    std::string const readme{std::istreambuf_iterator<char>{file}, {}};
    std::vector<memory_ceiling> const all{limits::small().worst_case(), limits{}.worst_case(),
                                          limits::large().worst_case()};
    auto const row = [&](std::string text, char const* mark, auto const& term) {
        text = "| " + text + " |";
        for (auto const& each : all)
            text += " " + (mark + written(term(each))) + mark + " |";
        EXPECT_THAT(readme, testing::HasSubstr(text + "\n"));
    };
    using ceiling = memory_ceiling;
    row("connections", "", [](ceiling const& c) { return c.connections; });
    row("subscriptions and their events", "", [](ceiling const& c) { return c.subscriptions + c.events; });
    row("deliveries", "", [](ceiling const& c) { return c.deliveries; });
    row("running actions; transfers", "", [](ceiling const& c) { return c.actions + c.transfers; });
    row("searches", "", [](ceiling const& c) { return c.searches; });
    row("the request that is being read, as a tree", "", [](ceiling const& c) { return c.request; });
    row("what the system says of its interfaces, and what is exposed there", "",
        [](ceiling const& c) { return c.interfaces; });
    row("**all**", "**", [](ceiling const& c) { return c.total(); });
}

TEST(limits, a_higher_limit_is_a_higher_worst_case)
{
    void (*const raises[])(limits&) = {
        [](limits& l) { l.http.max_connections *= 2; },
        [](limits& l) { l.http.max_header *= 2; },
        [](limits& l) { l.http.max_body *= 2; },
        [](limits& l) { l.http.max_transfers *= 2; },
        [](limits& l) { l.http.transfer_buffer *= 2; },
        [](limits& l) { l.xml.max_elements *= 2; },
        [](limits& l) { l.xml.max_attributes *= 2; },
        [](limits& l) { l.control.max_running *= 2; },
        [](limits& l) { l.ssdp.max_datagram *= 2; },
        [](limits& l) { l.ssdp.max_pending_searches *= 2; },
        [](limits& l) { l.ssdp.max_sources *= 2; },
        [](limits& l) { l.ssdp.max_tcp_answers *= 2; },
        [](limits& l) { l.eventing.max_subscriptions *= 2; },
        [](limits& l) { l.eventing.max_callbacks *= 2; },
        [](limits& l) { l.eventing.max_callback_length *= 2; },
        [](limits& l) { l.eventing.max_queued_events *= 2; },
        [](limits& l) { l.eventing.max_deliveries *= 2; },
        [](limits& l) { l.eventing.max_kept_connections *= 2; },
        [](limits& l) { l.eventing.max_notify_response *= 2; },
        [](limits& l) { l.eventing.multicast_burst *= 2; },
        [](limits& l) { l.eventing.max_multicast_event *= 2; },
        [](limits& l) { l.interfaces.max_known_interfaces *= 2; },
        [](limits& l) { l.interfaces.max_addresses *= 2; },
        [](limits& l) { l.interfaces.max_routes *= 2; },
        [](limits& l) { l.interfaces.max_neighbours *= 2; },
        [](limits& l) { l.interfaces.max_served_addresses *= 2; },
    };
    auto const before = limits{}.worst_case_bytes();
    for (std::size_t i = 0; i < std::size(raises); ++i) {
        limits more;
        raises[i](more);
        EXPECT_GT(more.worst_case_bytes(), before) << i;
    }
    EXPECT_GT(limits{}.worst_case_bytes(4096), before) << "longer events";
}

TEST(limits, a_worst_case_beyond_all_numbers_does_not_wrap)
{
    limits l;
    l.eventing.max_subscriptions = std::numeric_limits<std::size_t>::max();
    EXPECT_EQ(l.worst_case_bytes(), std::numeric_limits<std::size_t>::max());
    EXPECT_EQ(l.worst_case().subscriptions, std::numeric_limits<std::size_t>::max());
    EXPECT_EQ(l.worst_case().connections, limits{}.worst_case().connections);
}

TEST(limits, huge_seconds_do_not_overflow)
{
    limits l;
    l.http.idle_deadline = limits::seconds::max();
    EXPECT_FALSE(l.check());
    l.http.idle_deadline = limits::seconds::min();
    EXPECT_FALSE(l.check());
}

} // namespace
} // namespace onlink
