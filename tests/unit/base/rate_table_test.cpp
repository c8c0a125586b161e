// SPDX-License-Identifier: BSL-1.0
#include "base/rate_table.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::chrono_literals;

address host(unsigned n) { return boost::asio::ip::address_v4{0x0A000000u + n}; }

TEST(rate_table, counts_each_address_for_itself)
{
    time_point const now{1h};
    rate_table table{4, 2, 1};
    EXPECT_TRUE(table.take(host(1), now));
    EXPECT_TRUE(table.take(host(1), now));
    EXPECT_FALSE(table.take(host(1), now));
    EXPECT_TRUE(table.take(host(2), now));
    EXPECT_TRUE(table.take(host(1), now + 1s));
    EXPECT_EQ(table.size(), 2u);
}

TEST(rate_table, N_12_a_flood_of_addresses_stays_within_the_capacity)
{
    time_point now{1h};
    rate_table table{128, 1, 1};
    for (unsigned n = 0; n < 10'000; ++n)
        EXPECT_TRUE(table.take(host(n), now += 1ms));
    EXPECT_EQ(table.size(), 128u);
}

TEST(rate_table, forgets_the_longest_silent)
{
    time_point const now{1h};
    rate_table table{2, 1, 1};
    EXPECT_TRUE(table.take(host(1), now));
    EXPECT_TRUE(table.take(host(2), now + 1ms));
    EXPECT_FALSE(table.take(host(1), now + 2ms)); // heard, though refused
    EXPECT_TRUE(table.take(host(3), now + 3ms));  // takes the place of 2
    EXPECT_FALSE(table.take(host(1), now + 4ms));
    EXPECT_TRUE(table.take(host(2), now + 5ms));
    EXPECT_EQ(table.size(), 2u);
}

TEST(rate_table, has_room_for_one_at_least)
{
    rate_table table{0, 1, 1};
    EXPECT_TRUE(table.take(host(1), time_point{1h}));
    EXPECT_FALSE(table.take(host(1), time_point{1h}));
    EXPECT_EQ(table.size(), 1u);
}

TEST(rate_table, says_when_an_address_may_go_on)
{
    time_point const now{1h};
    rate_table table{4, 1, 10};
    EXPECT_EQ(table.available_at(host(1), now), now) << "never heard of";
    EXPECT_EQ(table.size(), 0u) << "asking is not taking";
    EXPECT_TRUE(table.take(host(1), now));
    EXPECT_EQ(table.available_at(host(1), now), now + 100ms);
    EXPECT_EQ(table.available_at(host(1), now + 30ms), now + 100ms);
    EXPECT_EQ(table.available_at(host(2), now), now);
    EXPECT_FALSE(table.take(host(1), now + 99ms));
    EXPECT_TRUE(table.take(host(1), now + 100ms));
}

} // namespace
} // namespace onlink
