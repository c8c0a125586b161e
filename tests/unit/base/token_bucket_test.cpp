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

} // namespace
} // namespace onlink
