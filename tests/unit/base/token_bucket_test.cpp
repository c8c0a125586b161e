// SPDX-License-Identifier: BSL-1.0
#include "base/token_bucket.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::chrono_literals;

TEST(token_bucket, gives_the_burst_and_then_the_rate)
{
    time_point const start{1h};
    token_bucket bucket{3, 2, start};
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(bucket.take(start));
    EXPECT_FALSE(bucket.take(start));
    EXPECT_FALSE(bucket.take(start + 499ms));
    EXPECT_TRUE(bucket.take(start + 500ms));
    EXPECT_FALSE(bucket.take(start + 500ms));
}

TEST(token_bucket, never_holds_more_than_the_burst)
{
    time_point const start{1h};
    token_bucket bucket{2, 100, start};
    time_point const later = start + 24h;
    EXPECT_TRUE(bucket.take(later));
    EXPECT_TRUE(bucket.take(later));
    EXPECT_FALSE(bucket.take(later));
}

TEST(token_bucket, a_clock_that_steps_back_changes_nothing)
{
    time_point const start{1h};
    token_bucket bucket{1, 1, start};
    EXPECT_TRUE(bucket.take(start));
    EXPECT_FALSE(bucket.take(start - 10min));
    EXPECT_FALSE(bucket.take(start + 999ms));
    EXPECT_TRUE(bucket.take(start + 1s));
}

TEST(token_bucket, says_when_there_will_be_a_token)
{
    time_point const start{1h};
    token_bucket bucket{2, 25, start};
    EXPECT_EQ(bucket.available_at(start), start);
    EXPECT_TRUE(bucket.take(start));
    EXPECT_EQ(bucket.available_at(start), start) << "of two, one is left";
    EXPECT_TRUE(bucket.take(start));
    EXPECT_EQ(bucket.available_at(start), start + 40ms);
    EXPECT_EQ(bucket.available_at(start + 10ms), start + 40ms);
    EXPECT_EQ(bucket.available_at(start + 40ms), start + 40ms);
    EXPECT_EQ(bucket.available_at(start + 1h), start + 1h);
    EXPECT_FALSE(bucket.take(start + 39ms));
    EXPECT_TRUE(bucket.take(start + 40ms));
}

TEST(token_bucket, being_asked_too_early_does_not_make_the_wait_longer)
{
    for (unsigned const per_second : {1u, 10u, 25u, 50u}) { // whole milliseconds for a token
        time_point const start{1h};
        auto const wait = std::chrono::milliseconds{1000 / per_second};
        token_bucket bucket{1, per_second, start};
        EXPECT_TRUE(bucket.take(start));
        for (auto asked = start + 1ms; asked < start + wait; asked += 1ms) {
            ASSERT_FALSE(bucket.take(asked));
            ASSERT_EQ(bucket.available_at(asked), start + wait)
                << per_second << ' ' << (asked - start).count();
        }
        EXPECT_TRUE(bucket.take(start + wait)) << per_second;
    }
}

TEST(token_bucket, whoever_waits_as_long_as_it_says_does_not_come_too_early)
{
    for (unsigned const per_second : {1u, 3u, 7u, 25u, 30u, 49u, 999u}) {
        time_point now{1h};
        token_bucket bucket{3, per_second, now};
        for (unsigned i = 0; i < 2000; ++i) {
            auto const free = bucket.available_at(now);
            ASSERT_LE(free - now, std::chrono::milliseconds{1000 / per_second + 1}) << per_second;
            ASSERT_TRUE(bucket.take(free)) << per_second << ", token " << i;
            now = free + std::chrono::microseconds{(i * 7919) % 1500}; // as late as a timer may be
        }
    }
}

} // namespace
} // namespace onlink
