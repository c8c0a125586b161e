// SPDX-License-Identifier: BSL-1.0
#include "http/media_type.hpp"
#include "http/static_content.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(static_content, DESC_03_DESC_04_the_fields_of_a_short_body)
{
    auto const content = static_content::of("<x/>", "text/xml; charset=\"utf-8\"", true);
    EXPECT_EQ(*content.plain.body, "<x/>");
    EXPECT_EQ(*content.plain.fields, "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\nETAG: " +
                                         content.plain.facts.etag + "\r\nCONTENT-LENGTH: 4\r\n");
    EXPECT_FALSE(content.zipped) << "not worth it";
}

TEST(static_content, DESC_19_a_long_text_has_a_form_of_its_own_with_a_tag_of_its_own)
{
    auto const content = static_content::of(std::string(2000, 'x'), "text/plain", true);
    ASSERT_TRUE(content.zipped);
    EXPECT_LT(content.zipped->body->size(), 100U);
    EXPECT_NE(content.zipped->facts.etag, content.plain.facts.etag);
    EXPECT_THAT(*content.zipped->fields, HasSubstr("CONTENT-ENCODING: gzip\r\n"));
    EXPECT_THAT(*content.zipped->fields,
                HasSubstr("CONTENT-LENGTH: " + std::to_string(content.zipped->body->size()) + "\r\n"));
    EXPECT_THAT(*content.plain.fields, Not(HasSubstr("CONTENT-ENCODING")));
    for (auto const* form : {&content.plain, &*content.zipped})
        EXPECT_THAT(*form->fields, HasSubstr("VARY: ACCEPT-ENCODING\r\n"));
}

TEST(static_content, what_compression_does_not_shorten_stays_as_it_is)
{
    std::string noise; // of a linear congruential generator
    for (std::uint32_t i = 0, x = 1; i < 2000; ++i, x = x * 1664525u + 1013904223u)
        noise += static_cast<char>(x >> 24);
    EXPECT_FALSE(static_content::of(noise, "image/png", true).zipped);
    EXPECT_FALSE(static_content::of(std::string(2000, 'x'), "text/plain", false).zipped);
}

TEST(media_type, by_extension_in_any_case)
{
    EXPECT_EQ(media_type_of("index.html"), "text/html; charset=\"utf-8\"");
    EXPECT_EQ(media_type_of("a/b.tar/COVER.JPG"), "image/jpeg");
    EXPECT_EQ(media_type_of("x.mp4"), "video/mp4");
    for (auto const* name : {"", "png", "a.", "a.unknown", "a.png.exe"})
        EXPECT_EQ(media_type_of(name), "application/octet-stream") << name;
}

} // namespace
} // namespace onlink
