// SPDX-License-Identifier: BSL-1.0
#include "control/soap_action_header.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

constexpr bool strict = false;
constexpr bool lenient = true;

std::string const type = "urn:schemas-upnp-org:service:SwitchPower:1";

bool is_refused(std::string_view text, bool accept_unquoted)
{
    test::guarded_buffer const buffer{text};
    auto const header = soap_action_header::parse(buffer.view(), accept_unquoted);
    return !header && header.error() == errc::malformed;
}

TEST(soap_action_header, CTRL_05_type_and_action_are_split_at_the_hash)
{
    for (bool const accept_unquoted : {strict, lenient}) {
        auto const header = soap_action_header::parse('"' + type + "#SetTarget\"", accept_unquoted);
        ASSERT_TRUE(header);
        EXPECT_EQ(header->type_uri, type);
        EXPECT_EQ(header->action, "SetTarget");
    }
}

TEST(soap_action_header, CTRL_19_QueryStateVariable_has_a_namespace_of_its_own)
{
    auto const header =
        soap_action_header::parse("\"urn:schemas-upnp-org:control-1-0#QueryStateVariable\"", strict);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->type_uri, "urn:schemas-upnp-org:control-1-0");
    EXPECT_EQ(header->action, "QueryStateVariable");
}

TEST(soap_action_header, CTRL_05_without_quotes_only_where_the_policy_says_so)
{
    EXPECT_TRUE(is_refused(type + "#SetTarget", strict));
    auto const header = soap_action_header::parse(type + "#SetTarget", lenient);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->type_uri, type);
    EXPECT_EQ(header->action, "SetTarget");
}

TEST(soap_action_header, CTRL_05_what_has_not_both_parts_is_malformed)
{
    using namespace std::string_literals;
    for (auto const& inner :
         {""s, "#"s, "a"s, "#a"s, "a#"s, "a#b#c"s, "a##b"s, " a#b"s, "a#b "s, "a #b"s, "a# b"s, "a\t#b"s,
          "a#b\n"s, "a\r#b"s, "a#b\"c"s, "\"a#b"s, "a#b\0"s, "a#b\x7f"s, "\x1b#b"s}) {
        EXPECT_TRUE(is_refused('"' + inner + '"', strict)) << inner;
        EXPECT_TRUE(is_refused('"' + inner + '"', lenient)) << inner;
        EXPECT_TRUE(is_refused(inner, lenient)) << inner;
    }
}

TEST(soap_action_header, bytes_beyond_ASCII_are_malformed_whatever_the_sign_of_char)
{
    for (int byte = 0x80; byte <= 0xff; ++byte) {
        auto const text = "\"urn:x#Set" + std::string(1, static_cast<char>(byte)) + '"';
        EXPECT_TRUE(is_refused(text, strict)) << byte;
        EXPECT_TRUE(is_refused(text, lenient)) << byte;
    }
}

TEST(soap_action_header, CVE_2026_5720_a_lone_quote_is_no_string)
{
    for (std::string_view const text : {"\"", "'", "\"\"", "#", "\"#\"", "\"\"\"", "'#'", ""}) {
        EXPECT_TRUE(is_refused(text, strict)) << text;
        EXPECT_TRUE(is_refused(text, lenient) || text == "'#'") << text;
    }
    EXPECT_TRUE(is_refused("\"a#b", strict));
    EXPECT_TRUE(is_refused("a#b\"", strict));
    EXPECT_TRUE(is_refused("\"a#b", lenient));
    EXPECT_TRUE(is_refused("a#b\"", lenient));
    EXPECT_TRUE(is_refused("'a#b'", strict));
}

TEST(soap_action_header, CVE_2013_0230_a_long_method_is_only_long)
{
    auto const header = soap_action_header::parse("\"urn#" + std::string(8192, 'A') + '"', strict);
    ASSERT_TRUE(header);
    EXPECT_EQ(header->action.size(), 8192U);
}

TEST(soap_action_header, cut_anywhere_it_is_refused_and_not_read_beyond)
{
    auto const whole = '"' + type + "#SetTarget\"";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_TRUE(is_refused(whole.substr(0, size), strict)) << size;
        EXPECT_TRUE(is_refused(whole.substr(0, size), lenient)) << size;
    }
}

} // namespace
} // namespace onlink
