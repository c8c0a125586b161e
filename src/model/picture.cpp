// SPDX-License-Identifier: BSL-1.0
#include "model/picture.hpp"

#include <optional>

namespace onlink {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view png_signature = "\x89PNG\r\n\x1A\n"sv; // PNG (ISO/IEC 15948), 5.2
constexpr std::string_view jpeg_signature = "\xFF\xD8\xFF"sv;     // JPEG (ITU-T T.81), annex B: SOI, a marker

unsigned octet(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// `count` bytes, the most significant first.
unsigned number(std::string_view text, std::size_t at, std::size_t count)
{
    unsigned n = 0;
    for (std::size_t i = 0; i < count; ++i)
        n = n << 8 | octet(text, at + i);
    return n;
}

/// Samples in a pixel by colour type (PNG, 11.2.2); those of a palette are its indices.
std::optional<unsigned> png_samples(unsigned colour_type)
{
    switch (colour_type) {
    case 0: // grey
    case 3: // palette
        return 1;
    case 2: // true colour
        return 3;
    case 4: // grey with alpha
        return 2;
    case 6: // true colour with alpha
        return 4;
    default:
        return std::nullopt;
    }
}

result<picture_facts> read_png(std::string_view text)
{
    constexpr std::size_t chunk = 8; // length and type of IHDR, which comes first (PNG, 5.6)
    constexpr std::size_t header = 13;
    if (text.size() < chunk + header || text.substr(0, chunk) != "\0\0\0\x0DIHDR"sv)
        return errc::malformed;
    text.remove_prefix(chunk);
    auto const samples = png_samples(octet(text, 9));
    if (!samples)
        return errc::malformed;
    return picture_facts{"image/png", number(text, 0, 4), number(text, 4, 4), octet(text, 8) * *samples};
}

/// Whether a marker begins a frame: SOF0 to SOF15 but for DHT, JPG and DAC, which lie between (T.81,
/// B.1.1.3).
bool begins_frame(unsigned marker) noexcept
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// Goes from segment to segment until the frame begins (T.81, B.2.2); each is at least 4 bytes long.
result<picture_facts> read_jpeg(std::string_view text)
{
    while (text.size() >= 4 && octet(text, 0) == 0xFF) {
        auto const marker = octet(text, 1);
        auto const length = number(text, 2, 2);
        constexpr unsigned frame_head = 8;
        if (begins_frame(marker)) {
            if (length < frame_head || text.size() < 2 + frame_head)
                return errc::malformed;
            return picture_facts{"image/jpeg", number(text, 7, 2), number(text, 5, 2),
                                 octet(text, 4) * octet(text, 9)};
        }
        if (length < 2 || text.size() < 2 + length)
            return errc::malformed;
        text.remove_prefix(2 + length);
    }
    return errc::malformed;
}

} // namespace

result<picture_facts> read_picture(std::span<std::byte const> picture)
{
    std::string_view const text{reinterpret_cast<char const*>(picture.data()), picture.size()};
    if (text.starts_with(png_signature))
        return read_png(text.substr(png_signature.size()));
    if (text.starts_with(jpeg_signature))
        return read_jpeg(text.substr(2));
    return errc::unsupported;
}

} // namespace onlink
