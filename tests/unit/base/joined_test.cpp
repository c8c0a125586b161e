// SPDX-License-Identifier: BSL-1.0
#include "base/joined.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace onlink {
namespace {

TEST(joined, one_behind_another)
{
    EXPECT_EQ(joined({}), "");
    EXPECT_EQ(joined({"a", "", std::string{"bc"}, std::to_string(7)}), "abc7");
}

TEST(hexadecimal, lower_case_and_as_wide_as_wanted)
{
    EXPECT_EQ(hexadecimal(0), "0");
    EXPECT_EQ(hexadecimal(0, 4), "0000");
    EXPECT_EQ(hexadecimal(0xab, 4), "00ab");
    EXPECT_EQ(hexadecimal(0xabcde, 4), "abcde");
    EXPECT_EQ(hexadecimal(std::numeric_limits<std::uint64_t>::max(), 16), "ffffffffffffffff");
}

} // namespace
} // namespace onlink
