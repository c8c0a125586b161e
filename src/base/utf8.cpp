// SPDX-License-Identifier: BSL-1.0
#include "base/utf8.hpp"

#include "base/eight_bytes.hpp"

#include <algorithm>
#include <cstdint>

namespace onlink {

namespace {

bool is_continuation(unsigned char byte) noexcept { return (byte & 0xC0u) == 0x80u; }

/// Number of bytes of the character that a byte begins; 0 if it begins none.
std::size_t sequence_length(unsigned char lead) noexcept
{
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2) // continuation bytes, and the overlong C0 and C1
        return 0;
    if (lead < 0xE0)
        return 2;
    if (lead < 0xF0)
        return 3;
    return lead < 0xF5 ? 4 : 0; // beyond F4 lies nothing up to U+10FFFF
}

} // namespace

bool is_xml_char(std::uint32_t c) noexcept
{
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    return c <= 0xD7FF || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

std::size_t xml_text_length(std::string_view text) noexcept
{
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000}; // by length; shorter forms exist below
    constexpr unsigned lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    std::size_t i = 0;
    while (i < text.size()) {
        while (text.size() - i >= eight_bytes::size) { // ASCII, as nearly all is
            eight_bytes const next{text, i};
            if (!next.all_ascii() || next.any_below(' '))
                break;
            i += eight_bytes::size;
        }
        if (i == text.size())
            break;
        auto const lead = static_cast<unsigned char>(text[i]); // some compilers have no sign in a char
        if (lead >= ' ' && lead < 0x80) {
            ++i;
            continue;
        }
        auto const length = sequence_length(lead);
        if (length == 0 || length > text.size() - i)
            return i;
        std::uint32_t c = lead & lead_mask[length];
        for (std::size_t k = 1; k < length; ++k) {
            auto const next = static_cast<unsigned char>(text[i + k]);
            if (!is_continuation(next))
                return i;
            c = (c << 6) | (next & 0x3Fu);
        }
        if (c < least[length] || !is_xml_char(c))
            return i;
        i += length;
    }
    return i;
}

bool is_xml_text(std::string_view text) noexcept { return xml_text_length(text) == text.size(); }

std::size_t count_code_points(std::string_view text) noexcept
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return !is_continuation(static_cast<unsigned char>(c)); }));
}

} // namespace onlink
