// SPDX-License-Identifier: BSL-1.0
#include "eventing/event_key.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

TEST(event_key, GENA_32_begins_at_0_and_counts_up)
{
    event_key key;
    for (std::uint32_t expected = 0; expected < 100; ++expected, key = key.next())
        EXPECT_EQ(key.value(), expected);
}

TEST(event_key, N_50_GENA_33_after_4294967295_comes_1_never_0_again)
{
    EXPECT_EQ(event_key{4294967294}.next().value(), 4294967295U);
    EXPECT_EQ(event_key{4294967295}.next().value(), 1U);
    EXPECT_EQ(event_key{4294967295}.next().next().value(), 2U);
    static_assert(event_key{4294967295}.next() == event_key{1});
}

} // namespace
} // namespace onlink
