// SPDX-License-Identifier: BSL-1.0
#include "ssdp/announcer.hpp"

#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using kind = announcement::kind;
using test::seeded_random;

constexpr time_point start{100h};
constexpr std::uint32_t boot_id = 1700000123;
constexpr std::uint32_t next_boot_id = 1700000124;

struct timed {
    time_point when;
    announcement what;
};

/// Everything up to a time, each message at its time.
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

/// The rounds of what was sent: each begins with message 0. `a`live, `u`pdate, `r`evoke, `b`yebye.
std::string rounds(std::vector<timed> const& all, std::size_t count)
{
    std::string letters;
    std::size_t next = 0;
    for (auto const& one : all) {
        EXPECT_EQ(one.what.index, next);
        if (next == 0)
            letters += "aurb"[static_cast<std::size_t>(one.what.what)];
        else
            EXPECT_EQ(letters.back(), "aurb"[static_cast<std::size_t>(one.what.what)]);
        next = next + 1 == count ? 0 : next + 1;
    }
    EXPECT_EQ(next, 0U) << "the last round is incomplete";
    return letters;
}

/// One that has announced and rests until its refresh.
announcer rested(std::size_t count, random_source& random, limits::ssdp_limits const& bounds = {})
{
    announcer a{bounds, count};
    a.start(start, boot_id, false, random);
    run_until(a, random, start + 10s);
    return a;
}

TEST(announcer, nothing_happens_before_start)
{
    seeded_random random{1};
    announcer a{limits{}.ssdp, 9};
    EXPECT_TRUE(a.finished());
    EXPECT_EQ(a.next_due(), std::nullopt);
    EXPECT_FALSE(a.resume(start, random));
    EXPECT_FALSE(a.announced());
}

TEST(announcer, SSDP_25_limits_ssdp_announcement_delay_the_first_set_waits_at_random_up_to_that)
{
    limits::ssdp_limits bounds;
    duration least = 1h;
    duration most = 0s;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        seeded_random random{seed};
        announcer a{bounds, 9};
        a.start(start, boot_id, false, random);
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
    announcer a{bounds, 9};
    a.start(start, boot_id, false, random);
    EXPECT_EQ(a.next_due(), start);
}

TEST(announcer, SSDP_26_limits_ssdp_announcements_and_announcement_gap_the_whole_set_is_repeated)
{
    for (unsigned times = 1; times <= 3; ++times) {
        limits::ssdp_limits bounds;
        bounds.announcements = times;
        bounds.announcement_gap = 250ms;
        seeded_random random{1};
        announcer a{bounds, 9};
        a.start(start, boot_id, false, random);
        auto const sent = run_until(a, random, start + 60s);
        EXPECT_EQ(rounds(sent, 9), std::string(times, 'a'));
        for (std::size_t i = 9; i < sent.size(); ++i)
            EXPECT_EQ(sent[i].when - sent[i - 9].when, 250ms);
        EXPECT_TRUE(a.announced());
    }
}

TEST(announcer, N_55_SSDP_15_SSDP_28_refreshed_at_random_before_half_of_max_age)
{
    for (auto const max_age : {1s, 60s, 1800s, 86400s}) {
        limits::ssdp_limits bounds;
        bounds.max_age = max_age;
        bounds.announcements = 1;
        seeded_random random{7};
        announcer a{bounds, 9};
        a.start(start, boot_id, false, random);
        auto const sent = run_until(a, random, start + 20 * max_age);
        ASSERT_GT(sent.size(), 9U * 40U);
        EXPECT_EQ(rounds(sent, 9).find_first_not_of('a'), std::string::npos);
        bool differ = false;
        for (std::size_t i = 9; i < sent.size(); ++i) {
            auto const wait = sent[i].when - sent[i - 9].when;
            EXPECT_LT(wait, duration{max_age} / 2);
            EXPECT_GE(wait, duration{max_age} / 4);
            EXPECT_EQ(sent[i].what.boot_id, boot_id) << "SSDP-21";
            differ = differ || wait != sent[9].when - sent[0].when;
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

TEST(announcer, SSDP_36_byebyes_come_before_the_first_advertisements_if_wished)
{
    seeded_random random{1};
    announcer a{limits{}.ssdp, 5};
    a.start(start, boot_id, true, random);
    EXPECT_EQ(rounds(run_until(a, random, start + 10s), 5), "raaa");
}

TEST(announcer, IP_08_SSDP_37_SSDP_40_a_change_is_updates_then_advertisements_with_the_next_BOOTID)
{
    seeded_random random{1};
    auto a = rested(9, random);
    a.change(start + 20s, {next_boot_id, false, true}, random);
    EXPECT_EQ(a.next_boot_id(), next_boot_id) << "SSDP-41";
    auto const sent = run_until(a, random, start + 30s);
    EXPECT_EQ(rounds(sent, 9), "uaaa");
    for (auto const& [when, what] : sent) {
        EXPECT_EQ(what.boot_id, what.what == kind::update ? boot_id : next_boot_id) << "SSDP-42";
        EXPECT_EQ(what.next_boot_id, next_boot_id);
    }
}

TEST(announcer, SSDP_40_limits_ssdp_update_spread_those_of_the_root_device_at_once_the_others_over_that)
{
    limits::ssdp_limits bounds;
    bounds.update_spread = 600ms;
    bounds.announcement_delay = 0ms;
    seeded_random random{1};
    auto a = rested(9, random, bounds);
    auto const at = start + 20s;
    a.change(at, {next_boot_id, false, true}, random);
    auto const sent = run_until(a, random, at + 600ms);
    ASSERT_GE(sent.size(), 10U);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_EQ(sent[i].when, at);
    for (std::size_t i = 3; i < 9; ++i)
        EXPECT_EQ(sent[i].when, at + (i - 2) * 100ms);
    EXPECT_EQ(sent[9].what.what, kind::alive);
    EXPECT_GE(sent[9].when, sent[8].when);
}

TEST(announcer, IP_09_SSDP_34_what_is_gone_is_revoked_before_anything_else)
{
    seeded_random random{1};
    auto a = rested(4, random);
    a.change(start + 20s, {next_boot_id, true, true}, random);
    EXPECT_EQ(rounds(run_until(a, random, start + 30s), 4), "ruaaa");
    a.change(start + 40s, {next_boot_id + 1, true, false}, random);
    EXPECT_EQ(rounds(run_until(a, random, start + 50s), 4), "raaa");
    EXPECT_EQ(a.boot_id(), next_boot_id + 1);
}

TEST(announcer, IP_11_with_nobody_to_update_the_BOOTID_grows_at_once)
{
    seeded_random random{1};
    auto a = rested(4, random);
    a.change(start + 20s, {next_boot_id, false, false}, random);
    EXPECT_EQ(a.boot_id(), next_boot_id);
    EXPECT_LE(*a.next_due(), start + 20s + limits{}.ssdp.announcement_delay) << "SSDP-25";
    EXPECT_EQ(rounds(run_until(a, random, start + 30s), 4), "aaa");
}

TEST(announcer, SSDP_41_a_second_change_during_the_updates_keeps_the_BOOTID_they_named)
{
    seeded_random random{1};
    auto a = rested(9, random);
    a.change(start + 20s, {next_boot_id, false, true}, random);
    for (unsigned i = 0; i < 3; ++i)
        ASSERT_TRUE(a.resume(start + 20s, random));
    a.change(start + 20s, {next_boot_id + 1, false, true}, random);
    auto const sent = run_until(a, random, start + 30s);
    EXPECT_EQ(rounds(sent, 9), "uaaa");
    EXPECT_EQ(a.boot_id(), next_boot_id);
}

TEST(announcer, SSDP_41_a_second_change_after_the_updates_takes_another_BOOTID)
{
    seeded_random random{1};
    auto a = rested(2, random);
    a.change(start + 20s, {next_boot_id, false, true}, random);
    while (a.boot_id() == boot_id)
        ASSERT_TRUE(a.resume(start + 21s, random));
    ASSERT_TRUE(a.resume(start + 22s, random)) << "the first alive";
    a.change(start + 22s, {next_boot_id + 1, false, true}, random);
    EXPECT_EQ(a.boot_id(), next_boot_id);
    EXPECT_EQ(a.next_boot_id(), next_boot_id + 1);
    EXPECT_EQ(rounds(run_until(a, random, start + 30s), 2), "uaaa");
}

TEST(announcer, SSDP_21_a_change_before_the_first_advertisement_needs_no_other_BOOTID)
{
    seeded_random random{1};
    announcer a{limits{}.ssdp, 5};
    a.start(start, boot_id, false, random);
    a.change(start, {next_boot_id, true, true}, random);
    EXPECT_EQ(a.boot_id(), boot_id);
    EXPECT_EQ(rounds(run_until(a, random, start + 10s), 5), "aaa");
}

TEST(announcer, refresh_repeats_the_set_soon_and_only_if_none_is_going_out)
{
    seeded_random random{1};
    auto a = rested(5, random);
    a.refresh(start + 20s, random);
    EXPECT_LE(*a.next_due(), start + 20s + limits{}.ssdp.announcement_delay);
    EXPECT_EQ(rounds(run_until(a, random, start + 30s), 5), "a");
    EXPECT_EQ(a.boot_id(), boot_id);

    a.change(start + 40s, {next_boot_id, false, true}, random);
    ASSERT_TRUE(a.resume(start + 40s, random));
    a.refresh(start + 40s, random);
    EXPECT_EQ(a.next_due(), start + 40s) << "the updates go on";
}

TEST(announcer, pause_is_silence_until_the_next_change)
{
    seeded_random random{1};
    auto a = rested(5, random);
    a.pause();
    a.refresh(start + 20s, random);
    EXPECT_EQ(a.next_due(), std::nullopt);
    EXPECT_TRUE(a.announced());
    a.change(start + 40s, {next_boot_id, false, false}, random);
    EXPECT_EQ(rounds(run_until(a, random, start + 50s), 5), "aaa");
    EXPECT_EQ(a.boot_id(), next_boot_id);
}

TEST(announcer, SSDP_30_byebye_for_the_whole_set_once)
{
    seeded_random random{1};
    auto a = rested(10, random);
    a.stop(start + 10s);
    EXPECT_EQ(a.next_due(), start + 10s) << "at once";
    EXPECT_EQ(rounds(run_until(a, random, start + 10h), 10), "b");
    EXPECT_TRUE(a.finished());
    EXPECT_EQ(a.next_due(), std::nullopt);
    EXPECT_FALSE(a.resume(start + 20h, random));
}

TEST(announcer, SSDP_30_no_byebye_where_nothing_was_announced)
{
    seeded_random random{1};
    announcer never_started{limits{}.ssdp, 10};
    never_started.stop(start);
    EXPECT_TRUE(never_started.finished());
    EXPECT_FALSE(never_started.resume(start + 1h, random));

    announcer too_early{limits{}.ssdp, 10};
    too_early.start(start, boot_id, false, random);
    too_early.stop(start);
    EXPECT_TRUE(too_early.finished());
    EXPECT_FALSE(too_early.resume(start + 1h, random));
}

TEST(announcer, SSDP_30_byebye_even_in_the_middle_of_the_first_set)
{
    seeded_random random{1};
    announcer a{limits{}.ssdp, 10};
    a.start(start, boot_id, false, random);
    ASSERT_TRUE(a.resume(start + 100ms, random));
    a.stop(start + 105ms);
    EXPECT_EQ(rounds(run_until(a, random, start + 1h), 10), "b");
    EXPECT_TRUE(a.finished());
}

TEST(announcer, SSDP_30_stopping_again_or_a_change_meanwhile_changes_nothing)
{
    seeded_random random{1};
    auto a = rested(10, random);
    a.stop(start + 10s);
    ASSERT_TRUE(a.resume(start + 10s, random));
    a.stop(start + 10s);
    a.change(start + 10s, {next_boot_id, true, true}, random);
    a.pause();
    EXPECT_EQ(run_until(a, random, start + 1h).size(), 9U);
    a.stop(start + 2h);
    EXPECT_TRUE(a.finished()) << "the byebyes are out";
    EXPECT_FALSE(a.resume(start + 2h, random));
}

} // namespace
} // namespace onlink
