// SPDX-License-Identifier: BSL-1.0
#include "ssdp/announcer.hpp"

#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using kind = announcement::kind;
using test::seeded_random;

constexpr time_point start{100h};

struct timed {
    time_point when;
    announcement what;
};

/// Everything up to a time, each at its time.
std::vector<timed> run_until(announcer& a, random_source& random, time_point end)
{
    std::vector<timed> all;
    while (auto const due = a.next_due()) {
        if (*due > end)
            break;
        while (auto const next = a.resume(*due, random))
            all.push_back({*due, *next});
    }
    return all;
}

/// Whether the bursts, put together, are the messages [0, count), once and in order.
void expect_complete(std::vector<timed> const& bursts, std::size_t count, kind what)
{
    std::size_t next = 0;
    for (auto const& burst : bursts) {
        EXPECT_EQ(burst.what.what, what);
        EXPECT_EQ(burst.what.first, next);
        EXPECT_GT(burst.what.last, burst.what.first);
        next = burst.what.last;
    }
    EXPECT_EQ(next, count);
}

TEST(announcer, nothing_happens_before_start)
{
    seeded_random random{1};
    announcer a{limits{}.ssdp, 9, 1};
    EXPECT_TRUE(a.finished());
    EXPECT_EQ(a.next_due(), std::nullopt);
    EXPECT_FALSE(a.resume(start, random));
}

TEST(announcer, SSDP_25_limits_ssdp_announcement_delay_the_first_set_waits_at_random_up_to_that)
{
    limits::ssdp_limits bounds;
    duration least = 1h;
    duration most = 0s;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        seeded_random random{seed};
        announcer a{bounds, 9, 1};
        a.start(start, random);
        ASSERT_TRUE(a.next_due());
        EXPECT_FALSE(a.finished());
        auto const wait = *a.next_due() - start;
        EXPECT_GE(wait, 0ms);
        EXPECT_LE(wait, bounds.announcement_delay);
        least = std::min(least, wait);
        most = std::max(most, wait);
        EXPECT_FALSE(a.resume(*a.next_due() - 1ns, random));
        EXPECT_TRUE(a.resume(*a.next_due(), random));
    }
    EXPECT_LT(least, 5ms);
    EXPECT_GT(most, 95ms);
    bounds.announcement_delay = 0ms;
    seeded_random random{1};
    announcer a{bounds, 9, 1};
    a.start(start, random);
    EXPECT_EQ(a.next_due(), start);
}

TEST(announcer, SSDP_26_limits_ssdp_announcements_and_announcement_gap_the_whole_set_is_repeated)
{
    for (unsigned times = 1; times <= 3; ++times) {
        limits::ssdp_limits bounds;
        bounds.announcements = times;
        bounds.announcement_gap = 250ms;
        seeded_random random{1};
        announcer a{bounds, 9, 1};
        a.start(start, random);
        auto const sets = run_until(a, random, start + 60s);
        ASSERT_EQ(sets.size(), times);
        for (std::size_t i = 0; i < sets.size(); ++i) {
            expect_complete({sets[i]}, 9, kind::alive);
            if (i > 0) {
                EXPECT_EQ(sets[i].when - sets[i - 1].when, 250ms);
            }
        }
    }
}

TEST(announcer, N_55_SSDP_15_SSDP_28_refreshed_at_random_before_half_of_max_age)
{
    for (auto const max_age : {1s, 60s, 1800s, 86400s}) {
        limits::ssdp_limits bounds;
        bounds.max_age = max_age;
        bounds.announcements = 1;
        seeded_random random{7};
        announcer a{bounds, 9, 1};
        a.start(start, random);
        auto const sets = run_until(a, random, start + 20 * max_age);
        ASSERT_GT(sets.size(), 40U);
        bool differ = false;
        for (std::size_t i = 1; i < sets.size(); ++i) {
            expect_complete({sets[i]}, 9, kind::alive);
            auto const wait = sets[i].when - sets[i - 1].when;
            EXPECT_LT(wait, duration{max_age} / 2);
            EXPECT_GE(wait, duration{max_age} / 4);
            differ = differ || wait != sets[1].when - sets[0].when;
        }
        EXPECT_TRUE(differ);
    }
}

TEST(announcer, SSDP_28_refresh_interval_covers_its_range)
{
    duration least = 24h;
    duration most = 0s;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        seeded_random random{seed};
        auto const wait = refresh_interval(1800s, random);
        least = std::min(least, wait);
        most = std::max(most, wait);
    }
    EXPECT_GE(least, 450s);
    EXPECT_LT(least, 460s);
    EXPECT_LE(most, 810s);
    EXPECT_GT(most, 800s);
}

TEST(announcer, SSDP_27_limits_ssdp_announcement_burst_and_pace_a_large_set_goes_out_in_pieces)
{
    limits::ssdp_limits bounds;
    bounds.announcements = 1;
    bounds.announcement_burst = 4;
    bounds.announcement_pace = 15ms;
    seeded_random random{1};
    announcer a{bounds, 10, 1};
    a.start(start, random);
    auto const bursts = run_until(a, random, start + 60s);
    ASSERT_EQ(bursts.size(), 3U);
    expect_complete(bursts, 10, kind::alive);
    for (std::size_t i = 0; i < bursts.size(); ++i) {
        EXPECT_LE(bursts[i].what.last - bursts[i].what.first, 4U);
        if (i > 0) {
            EXPECT_EQ(bursts[i].when - bursts[i - 1].when, 15ms);
        }
    }
}

TEST(announcer, limits_ssdp_announcement_burst_counts_over_all_interfaces)
{
    limits::ssdp_limits bounds;
    bounds.announcements = 1;
    for (std::size_t const interfaces : {1U, 2U, 3U, 16U, 32U}) {
        seeded_random random{1};
        announcer a{bounds, 100, interfaces};
        a.start(start, random);
        auto const bursts = run_until(a, random, start + 60s);
        expect_complete(bursts, 100, kind::alive);
        for (auto const& burst : bursts)
            EXPECT_LE((burst.what.last - burst.what.first) * interfaces, bounds.announcement_burst);
    }
}

TEST(announcer, a_burst_is_never_empty_however_many_interfaces_there_are)
{
    limits::ssdp_limits bounds;
    bounds.announcements = 1;
    bounds.announcement_burst = 1;
    for (std::size_t const interfaces : {0U, 1U, 100U}) {
        seeded_random random{1};
        announcer a{bounds, 5, interfaces};
        a.start(start, random);
        expect_complete(run_until(a, random, start + 60s), 5, kind::alive);
    }
}

TEST(announcer, a_call_that_comes_late_sends_one_burst_and_goes_on_from_there)
{
    limits::ssdp_limits bounds;
    bounds.announcement_burst = 4;
    seeded_random random{1};
    announcer a{bounds, 10, 1};
    a.start(start, random);
    auto const late = start + 1h;
    EXPECT_TRUE(a.resume(late, random));
    EXPECT_FALSE(a.resume(late, random)) << "no flood to make up for lost time";
    EXPECT_EQ(a.next_due(), late + bounds.announcement_pace);
}

TEST(announcer, SSDP_30_byebye_for_the_whole_set_once)
{
    limits::ssdp_limits bounds;
    bounds.announcement_burst = 4;
    seeded_random random{1};
    announcer a{bounds, 10, 1};
    a.start(start, random);
    run_until(a, random, start + 10s);
    a.stop(start + 10s);
    EXPECT_EQ(a.next_due(), start + 10s) << "at once";
    auto const bursts = run_until(a, random, start + 10h);
    expect_complete(bursts, 10, kind::byebye);
    EXPECT_TRUE(a.finished());
    EXPECT_EQ(a.next_due(), std::nullopt);
    EXPECT_FALSE(a.resume(start + 20h, random));
}

TEST(announcer, SSDP_30_no_byebye_where_nothing_was_announced)
{
    seeded_random random{1};
    announcer never_started{limits{}.ssdp, 10, 1};
    never_started.stop(start);
    EXPECT_TRUE(never_started.finished());
    EXPECT_FALSE(never_started.resume(start + 1h, random));

    announcer too_early{limits{}.ssdp, 10, 1};
    too_early.start(start, random);
    too_early.stop(start);
    EXPECT_TRUE(too_early.finished());
    EXPECT_FALSE(too_early.resume(start + 1h, random));
}

TEST(announcer, SSDP_30_byebye_even_in_the_middle_of_the_first_set)
{
    limits::ssdp_limits bounds;
    bounds.announcement_burst = 4;
    seeded_random random{1};
    announcer a{bounds, 10, 1};
    a.start(start, random);
    ASSERT_TRUE(a.resume(start + 100ms, random));
    a.stop(start + 105ms);
    expect_complete(run_until(a, random, start + 1h), 10, kind::byebye);
    EXPECT_TRUE(a.finished());
}

TEST(announcer, SSDP_30_stopping_again_changes_nothing)
{
    limits::ssdp_limits bounds;
    bounds.announcement_burst = 4;
    seeded_random random{1};
    announcer a{bounds, 10, 1};
    a.start(start, random);
    run_until(a, random, start + 10s);
    a.stop(start + 10s);
    ASSERT_TRUE(a.resume(start + 10s, random));
    a.stop(start + 10s);
    std::size_t sent = 4;
    for (auto const& burst : run_until(a, random, start + 1h))
        sent += burst.what.last - burst.what.first;
    EXPECT_EQ(sent, 10U);
    a.stop(start + 2h);
    EXPECT_TRUE(a.finished()) << "the byebyes are out";
    EXPECT_FALSE(a.resume(start + 2h, random));
}

TEST(announcer, SSDP_34_after_byebye_it_can_start_anew)
{
    seeded_random random{1};
    announcer a{limits{}.ssdp, 10, 1};
    a.start(start, random);
    run_until(a, random, start + 10s);
    a.stop(start + 10s);
    run_until(a, random, start + 10s);
    a.start(start + 20s, random);
    auto const sets = run_until(a, random, start + 30s);
    ASSERT_EQ(sets.size(), 3U);
    expect_complete({sets[0]}, 10, kind::alive);
}

} // namespace
} // namespace onlink
