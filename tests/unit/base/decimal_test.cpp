// SPDX-License-Identifier: BSL-1.0
#include "base/decimal.hpp"

#include <gtest/gtest.h>

#include <cstdint>

namespace onlink {
namespace {

TEST(decimal, reads_the_whole_text)
{
    EXPECT_EQ(parse_decimal<int>("0").value(), 0);
    EXPECT_EQ(parse_decimal<int>("-12").value(), -12);
    EXPECT_EQ(parse_decimal<std::uint16_t>("65535").value(), 65535);
    EXPECT_EQ(parse_decimal<unsigned>("00000000000000000007").value(), 7u);
}

TEST(decimal, refuses_everything_but_digits)
{
    for (std::string_view const text :
         {"", " ", "+1", " 1", "1 ", "1x", "0x10", "1.0", "--1", "-", "\xEF\xBC\x91"})
        EXPECT_EQ(parse_decimal<int>(text).error(), errc::malformed) << text;
    EXPECT_EQ(parse_decimal<unsigned>("-1").error(), errc::malformed);
}

TEST(decimal, knows_its_range)
{
    EXPECT_EQ(parse_decimal<std::uint16_t>("65536").error(), errc::out_of_range);
    EXPECT_EQ(parse_decimal<std::uint64_t>("18446744073709551616").error(), errc::out_of_range);
    EXPECT_EQ(parse_decimal<int>("4", 5, 7).error(), errc::out_of_range);
    EXPECT_EQ(parse_decimal<int>("8", 5, 7).error(), errc::out_of_range);
    EXPECT_EQ(parse_decimal<int>("5", 5, 7).value(), 5);
    EXPECT_EQ(parse_decimal<int>("7", 5, 7).value(), 7);
}

} // namespace
} // namespace onlink
