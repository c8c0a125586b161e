// SPDX-License-Identifier: BSL-1.0
#include "base/utf8.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::string_view_literals;

TEST(utf8, accepts_what_xml_can_hold)
{
    for (std::string_view const text : {
             ""sv, "plain\t\r\n"sv, "\x7F"sv,
             "\xC2\x80"sv,         // U+0080, the first of two bytes
             "\xDF\xBF"sv,         // U+07FF
             "\xE0\xA0\x80"sv,     // U+0800
             "\xED\x9F\xBF"sv,     // U+D7FF, before the surrogates
             "\xEE\x80\x80"sv,     // U+E000, after them
             "\xEF\xBF\xBD"sv,     // U+FFFD
             "\xF0\x90\x80\x80"sv, // U+10000
             "\xF4\x8F\xBF\xBF"sv, // U+10FFFF
         })
        EXPECT_TRUE(is_xml_text(test::guarded_buffer{text}.view())) << text;
}

TEST(utf8, refuses_the_rest)
{
    for (std::string_view const text : {
             "\0"sv,
             "\x01"sv,
             "\x0B"sv,
             "\x1F"sv,
             "\x80"sv,             // a continuation with nothing before it
             "\xC0\x80"sv,         // overlong NUL
             "\xC1\xBF"sv,         // overlong DEL
             "\xE0\x9F\xBF"sv,     // overlong U+07FF
             "\xF0\x8F\xBF\xBF"sv, // overlong U+FFFF
             "\xED\xA0\x80"sv,     // a surrogate
             "\xED\xBF\xBF"sv,
             "\xEF\xBF\xBE"sv,     // U+FFFE
             "\xEF\xBF\xBF"sv,     // U+FFFF
             "\xF4\x90\x80\x80"sv, // beyond U+10FFFF
             "\xF5\x80\x80\x80"sv,
             "\xFE"sv,
             "\xFF"sv,
             "\xC2"sv,
             "\xE2\x82"sv,
             "\xF0\x9F\x98"sv, // cut off
             "\xC2g"sv,
             "\xE2\x82g"sv,
             "\xE2g\x82"sv,
         })
        EXPECT_FALSE(is_xml_text(test::guarded_buffer{text}.view())) << testing::PrintToString(text);
}

TEST(utf8, code_points_of_the_text_and_of_xml_agree)
{
    EXPECT_FALSE(is_xml_char(0));
    EXPECT_TRUE(is_xml_char('\t'));
    EXPECT_TRUE(is_xml_char(0xD7FF));
    EXPECT_FALSE(is_xml_char(0xD800));
    EXPECT_FALSE(is_xml_char(0xDFFF));
    EXPECT_TRUE(is_xml_char(0xFFFD));
    EXPECT_FALSE(is_xml_char(0xFFFE));
    EXPECT_TRUE(is_xml_char(0x10FFFF));
    EXPECT_FALSE(is_xml_char(0x110000));
}

TEST(utf8, counts_code_points)
{
    EXPECT_EQ(count_code_points(""), 0u);
    EXPECT_EQ(count_code_points("abc"), 3u);
    EXPECT_EQ(count_code_points("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), 3u);
}

} // namespace
} // namespace onlink
