// SPDX-License-Identifier: BSL-1.0
// Every allocation of the pure runtime made to fail, one after the other, and a few in a row, while scripts
// drive it through all that it does: the host refuses or goes on, and is as good as new the day after. A
// program of its own, as it links heap.cpp.
#include "support/golden.hpp"
#include "support/heap.hpp"
#include "support/lamp_host.hpp"
#include "support/runtime_script.hpp"
#include "xml/xml_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace onlink::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

/// Sanitizers make it slow: there only every so many allocations fail.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t stride = 29;
#else
constexpr std::uint64_t stride = 1;
#endif

fs::path const seeds{ONLINK_SOURCE_DIR "/tests/fuzz/corpus/device_runtime"};

std::vector<std::string> names()
{
    std::vector<std::string> all;
    for (auto const& entry : fs::directory_iterator{seeds})
        all.push_back(entry.path().filename());
    std::sort(all.begin(), all.end());
    return all;
}

std::string read(std::string const& name)
{
    std::ifstream file{seeds / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

struct allocation_failure : testing::TestWithParam<std::string> {
    ~allocation_failure() override { heap::stop_failing(); }

    /// Whether any failed.
    static bool run(std::string const& bytes, std::uint64_t first, std::uint64_t count)
    {
        runtime_script script{bytes};
        script.expect_losses();
        heap::fail(first, count);
        for (bool more = true; more;) {
            try {
                more = script.step();
            } catch (std::bad_alloc const&) {
                script.out_of_memory();
            }
        }
        heap::stop_failing();
        script.prove_well();
        return heap::has_failed();
    }

    static void run_all(std::uint64_t count)
    {
        auto const bytes = read(GetParam());
        std::uint64_t runs = 0;
        for (std::uint64_t first = 0;; first += stride, ++runs) {
            try {
                if (!run(bytes, first, count))
                    break;
            } catch (broken_rule const& broken) {
                heap::stop_failing();
                FAIL() << "allocation " << first << ": " << broken.what();
            }
        }
        EXPECT_GT(runs * stride, 20U) << "a script that does something";
    }
};

TEST_P(allocation_failure, of_one_allocation_costs_no_more_than_what_it_was_for) { run_all(1); }

TEST_P(allocation_failure, of_twenty_in_a_row_is_survived) { run_all(20); }

TEST(heap_that_fails, is_where_pugixml_asks)
{
    bool refused = false;
    bool failed = true;
    for (std::uint64_t first = 0; failed; ++first) {
        heap::fail(first, 1, heap::which::all);
        try {
            refused = !xml_document::parse("<a/>", xml_budget{}) || refused;
        } catch (std::bad_alloc const&) { // of our own
        }
        failed = heap::has_failed();
        heap::stop_failing();
    }
    EXPECT_TRUE(refused);
}

INSTANTIATE_TEST_SUITE_P(scripts, allocation_failure, testing::ValuesIn(names()),
                         [](auto const& one) { return one.param; });

std::vector<event_delivery> deliveries_of(std::vector<action_item>& items)
{
    std::vector<event_delivery> all;
    for (auto& item : items)
        if (auto* event = std::get_if<send_event>(&item))
            all.push_back(std::move(event->what));
    return all;
}

TEST(allocation_failure_at_a_change, is_made_up_for_a_little_later_or_shown_by_SEQ)
{
    bool failed = true;
    for (std::uint64_t first = 0; failed; ++first) {
        lamp_host host;
        host.start_and_settle();
        host.http(wire("g25_subscribe_statevar.request"));
        host.settle(0);
        host.power.state().set("Status", true);
        std::vector<action_item> items;
        heap::fail(first, 1, heap::which::all);
        host.runtime.on_state_change(host.now(), 0);
        try {
            host.runtime.drain(host.now(), true, items);
        } catch (std::bad_alloc const&) { // the next one goes on
        }
        heap::stop_failing();
        failed = heap::has_failed();
        if (auto const at_once = deliveries_of(items); !at_once.empty()) {
            EXPECT_THAT(at_once[0].header(), HasSubstr("SEQ: 1\r\n"));
            continue;
        }
        host.obey();
        host.pass(pause_without_memory);
        auto const* seq = "SEQ: 1\r\n";
        if (host.deliveries.size() == 1) {
            host.power.state().set("Status", false);
            host.runtime.on_state_change(host.now(), 0);
            host.obey();
            host.pass(pause_without_memory);
            seq = "SEQ: 2\r\n";
        }
        ASSERT_THAT(host.deliveries, SizeIs(2)) << "mute after allocation " << first;
        EXPECT_THAT(host.deliveries[1].header(), HasSubstr(seq)) << "after allocation " << first;
    }
}

TEST(allocation_failure_at_a_delivery, leaves_no_connection_open_that_nobody_knows)
{
    bool failed = true;
    for (std::uint64_t first = 0; failed; ++first) {
        lamp_host host;
        host.start_and_settle();
        host.http(wire("g25_subscribe_statevar.request"));
        host.runtime.on_delivery(host.now(), host.deliveries.at(0).number(),
                                 delivery_outcome::delivered(true));
        host.obey();
        ASSERT_EQ(host.runtime.snapshot().kept_connections, 1U);
        auto const kept = host.deliveries[0].connection();
        host.power.state().set("Status", true);
        host.runtime.on_state_change(host.now(), 0);
        std::vector<action_item> items;
        heap::fail(first, 1, heap::which::all);
        try {
            host.runtime.drain(host.now(), true, items);
        } catch (std::bad_alloc const&) { // the next one goes on
        }
        heap::stop_failing();
        failed = heap::has_failed();
        auto const ends = [&](action_item const& item) {
            auto const* event = std::get_if<send_event>(&item);
            auto const* closing = std::get_if<close_connection>(&item);
            return (event && event->what.connection() == kept) || (closing && closing->which == kept);
        };
        bool used_or_closed = std::any_of(items.begin(), items.end(), ends);
        for (int second = 0; second < 120 && !used_or_closed; ++second) {
            host.clock += 1s;
            host.runtime.advance(host.now());
            items = host.runtime.drain(host.now());
            used_or_closed = std::any_of(items.begin(), items.end(), ends);
        }
        EXPECT_TRUE(used_or_closed) << "after allocation " << first;
    }
}

TEST(allocation_failure_at_another_interface, is_told_with_the_next_one)
{
    auto const interfaces = [](bool one_more_segment, bool something_else) {
        auto all = lamp_host::golden_interfaces().all();
        if (one_more_segment)
            all[1].routes.push_back({ip("10.9.0.0"), 16});
        if (something_else)
            all[0].addresses.push_back({ip("127.0.0.2"), 8});
        return interface_table{all};
    };
    bool failed = true;
    for (std::uint64_t first = 0; failed; ++first) {
        lamp_host host;
        host.start_and_settle();
        auto table = interfaces(true, false);
        heap::fail(first, 1, heap::which::all);
        try {
            host.runtime.set_interfaces(host.now(), std::move(table));
        } catch (std::bad_alloc const&) {
        }
        heap::stop_failing();
        failed = heap::has_failed();
        host.obey();
        host.runtime.set_interfaces(host.now(), interfaces(true, true));
        host.obey();
        ASSERT_FALSE(host.exposures.empty());
        EXPECT_EQ(*host.exposures.back().all, host.runtime.exposure()) << "after allocation " << first;
    }
}

TEST(allocation_failure_at_what_was_held_back, makes_nobody_wake_again_and_again)
{
    auto power = lamp_host::switch_power();
    power.moderate("Status", {.maximum_rate = 200ms});
    auto options = lamp_host::golden_options();
    options.random = std::make_shared<seeded_random>(7U);
    moment now{time_point{} + 100h, {}};
    device_runtime runtime{{lamp_host::lamp(power, lamp_host::lamp_health())}, options, now};
    runtime.set_interfaces(now, lamp_host::golden_interfaces());
    runtime.serve(now, {{2, "eth0", ip("192.168.20.5"), 49300}});
    runtime.start(now);
    auto const change = [&](bool on) {
        power.state().set("Status", on);
        runtime.on_state_change(now, 0);
    };
    change(true);
    change(false); // held back
    auto const due = now.at + 200ms;
    constexpr int most_turns = 1000;
    for (int turn = 0; turn < most_turns && runtime.next_deadline() < due; ++turn) {
        now.at = *runtime.next_deadline();
        runtime.advance(now);
        (void)runtime.drain(now);
    }
    ASSERT_EQ(runtime.next_deadline(), due);
    now.at = due;
    (void)runtime.drain(now);
    heap::fail(0, 1'000'000, heap::which::all); // of what nobody has subscribed to, none is needed
    runtime.advance(now);
    heap::stop_failing();
    EXPECT_GT(runtime.next_deadline(), due);
}

} // namespace
} // namespace onlink::test
