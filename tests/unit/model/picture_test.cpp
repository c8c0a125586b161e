// SPDX-License-Identifier: BSL-1.0
#include "model/picture.hpp"

#include "support/png.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace onlink {
namespace {

using namespace std::string_view_literals;

result<picture_facts> read(std::string_view text) { return read_picture(std::as_bytes(std::span{text})); }

std::string png_with(char depth, char colour_type)
{
    auto const data = test::png(48, 32);
    std::string text{reinterpret_cast<char const*>(data.data()), data.size()};
    text[24] = depth;
    text[25] = colour_type;
    return text;
}

/// SOI, an APP0 with `filler` bytes, a table, and a frame of 120 x 90 pixels.
std::string jpeg(char frame_marker = '\xC0', std::size_t filler = 14)
{
    std::string text{"\xFF\xD8\xFF\xE0"sv};
    text += static_cast<char>((filler + 2) >> 8);
    text += static_cast<char>(filler + 2);
    text += std::string(filler, 'J');
    text += "\xFF\xC4\x00\x04TT"sv;
    text += '\xFF';
    text += frame_marker;
    text += "\x00\x11\x08\x00\x5A\x00\x78\x03"sv;
    return text + std::string(9, 'C');
}

TEST(picture, DESC_47_a_png_says_its_size_and_depth)
{
    struct row {
        char depth;
        char colour_type;
        unsigned expected;
    };
    for (auto const& [depth, colour_type, expected] :
         {row{1, 0, 1}, {16, 0, 16}, {8, 2, 24}, {16, 2, 48}, {8, 3, 8}, {8, 4, 16}, {8, 6, 32}}) {
        auto const facts = read(png_with(depth, colour_type)).value();
        EXPECT_EQ(facts.mimetype, "image/png");
        EXPECT_EQ(facts.width, 48u);
        EXPECT_EQ(facts.height, 32u);
        EXPECT_EQ(facts.depth, expected);
    }
}

TEST(picture, DESC_47_a_jpeg_says_its_size_and_depth)
{
    for (auto const& text : {jpeg(), jpeg('\xC2'), jpeg('\xCF'), jpeg('\xC0', 60000)}) {
        auto const facts = read(text).value();
        EXPECT_EQ(facts.mimetype, "image/jpeg");
        EXPECT_EQ(facts.width, 120u);
        EXPECT_EQ(facts.height, 90u);
        EXPECT_EQ(facts.depth, 24u);
    }
}

TEST(picture, what_is_cut_or_broken_is_malformed_wherever_it_ends)
{
    auto const whole_png = png_with(8, 2);
    for (std::size_t size = 8; size < 29; ++size)
        EXPECT_EQ(read(whole_png.substr(0, size)).error(), errc::malformed) << size;
    auto const whole_jpeg = jpeg();
    for (std::size_t size = 3; size < whole_jpeg.size() - 9; ++size)
        EXPECT_EQ(read(whole_jpeg.substr(0, size)).error(), errc::malformed) << size;

    EXPECT_EQ(read(png_with(8, 1)).error(), errc::malformed) << "no colour type";
    EXPECT_EQ(read(png_with(8, 7)).error(), errc::malformed) << "no colour type";
    auto other_chunk = whole_png;
    other_chunk[12] = 'J';
    EXPECT_EQ(read(other_chunk).error(), errc::malformed);
    EXPECT_EQ(read("\xFF\xD8\xFF\xE0\x00\x01 more than enough"sv).error(), errc::malformed)
        << "a length of 1";
    EXPECT_EQ(read("\xFF\xD8\xFF\xC0\x00\x07 more than enough"sv).error(), errc::malformed)
        << "a short frame";
    EXPECT_EQ(read(jpeg('\xC4')).error(), errc::malformed) << "no frame at all";
}

TEST(picture, other_kinds_are_not_known)
{
    for (auto const text : {""sv, "GIF89a"sv, "<svg/>"sv, "\x89PNG\n"sv, "\xFF\xD8"sv})
        EXPECT_EQ(read(text).error(), errc::unsupported);
}

} // namespace
} // namespace onlink
