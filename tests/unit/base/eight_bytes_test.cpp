// SPDX-License-Identifier: BSL-1.0
#include "base/eight_bytes.hpp"

#include "base/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

TEST(eight_bytes, finds_a_small_one_wherever_it_stands)
{
    for (unsigned least : {1u, 14u, 32u, 128u})
        for (unsigned byte = 0; byte < 256; ++byte)
            for (std::size_t place = 0; place < eight_bytes::size; ++place) {
                std::string text(eight_bytes::size, '\xff');
                text[place] = static_cast<char>(byte);
                EXPECT_EQ(eight_bytes(text, 0).any_below(static_cast<unsigned char>(least)), byte < least)
                    << byte << " at " << place;
            }
}

TEST(eight_bytes, knows_ASCII)
{
    for (unsigned byte = 0; byte < 256; ++byte)
        for (std::size_t place = 0; place < eight_bytes::size; ++place) {
            std::string text(eight_bytes::size + 3, 'a');
            text[3 + place] = static_cast<char>(byte);
            EXPECT_EQ(eight_bytes(text, 3).all_ascii(), byte < 0x80) << byte << " at " << place;
        }
}

TEST(eight_bytes, what_XML_may_not_contain_is_found_at_any_place_of_a_long_text)
{
    for (std::size_t length = 0; length < 40; ++length)
        for (std::size_t place = 0; place < length; ++place)
            for (char const bad : {'\0', '\x1f', '\x0b', '\x80', '\xff'}) {
                std::string text(length, 'a');
                EXPECT_EQ(xml_text_length(text), length);
                text[place] = bad;
                EXPECT_EQ(xml_text_length(text), place);
            }
}

} // namespace
} // namespace onlink
