// SPDX-License-Identifier: BSL-1.0
#include "base/ascii.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

TEST(ascii, tokens_are_those_of_rfc_9110)
{
    std::string_view const tokens = "abcXYZ019!#$%&'*+-.^_`|~";
    for (int c = 0; c < 256; ++c) {
        auto const byte = static_cast<char>(c);
        bool const expected =
            ascii::is_alpha(byte) || ascii::is_digit(byte) || (byte != 0 && tokens.find(byte) != tokens.npos);
        EXPECT_EQ(ascii::is_token(byte), expected) << c;
    }
}

TEST(ascii, case_is_ignored_for_letters_only)
{
    EXPECT_TRUE(ascii::equal_ignoring_case("M-Search", "m-SEARCH"));
    EXPECT_FALSE(ascii::equal_ignoring_case("a", "ab"));
    EXPECT_FALSE(ascii::equal_ignoring_case("[", "{"));
    EXPECT_FALSE(ascii::equal_ignoring_case("\xC4", "\xE4"));
    EXPECT_TRUE(ascii::equal_ignoring_case("", ""));
}

TEST(ascii, trim_takes_blanks_and_tabs_only)
{
    EXPECT_EQ(ascii::trim(" \ta b\t "), "a b");
    EXPECT_EQ(ascii::trim(" \t "), "");
    EXPECT_EQ(ascii::trim("\ra\n"), "\ra\n");
}

TEST(ascii, printable_text_cannot_forge_a_line_of_a_log)
{
    EXPECT_EQ(ascii::printable("a\r\nb\x1b[0m\x7f\xC3\xA4"), "a??b?[0m???");
    EXPECT_EQ(ascii::printable(std::string(1000, 'x')).size(), 256u);
    EXPECT_EQ(ascii::printable("abc", 2), "ab");
}

} // namespace
} // namespace onlink
