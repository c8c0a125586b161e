// SPDX-License-Identifier: BSL-1.0
#include "model/binary_text.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <cstdint>

namespace onlink {

namespace {

constexpr std::string_view base64_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

result<bytes> parse_base64(std::string_view text)
{
    bytes out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t group = 0;
    unsigned digits = 0;  // of the present group of four
    unsigned padding = 0; // `=` seen in it
    bool ended = false;   // padding ends the text
    for (char const c : text) {
        if (ascii::is_blank(c) || c == '\r' || c == '\n') // RFC 2045, 6.8: lines are broken
            continue;
        auto const digit = base64_alphabet.find(c);
        if (ended || (c != '=' && (digit == base64_alphabet.npos || padding > 0)))
            return errc::malformed;
        if (c == '=')
            ++padding;
        group = (group << 6) | (c == '=' ? 0u : static_cast<std::uint32_t>(digit));
        if (++digits < 4)
            continue;
        if (padding > 2 || (group & ((1u << (8 * padding)) - 1)) != 0) // bits that no byte holds
            return errc::malformed;
        for (unsigned i = 0; i < 3 - padding; ++i)
            out.push_back(static_cast<std::byte>((group >> (16 - 8 * i)) & 0xFFu));
        ended = padding > 0;
        group = digits = padding = 0;
    }
    if (digits != 0)
        return errc::malformed;
    return out;
}

std::string format_base64(bytes const& data)
{
    std::string text;
    text.reserve((data.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < data.size(); i += 3) {
        auto const count = std::min<std::size_t>(3, data.size() - i);
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = (group << 8) | (k < count ? std::to_integer<std::uint32_t>(data[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= count ? base64_alphabet[(group >> (18 - 6 * k)) & 63u] : '=';
    }
    return text;
}

result<bytes> parse_hex(std::string_view text)
{
    if (text.size() % 2 != 0)
        return errc::malformed;
    bytes out;
    out.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        auto const high = ascii::hex_digit(text[i]);
        auto const low = ascii::hex_digit(text[i + 1]);
        if (!high || !low)
            return errc::malformed;
        out.push_back(static_cast<std::byte>(*high * 16 + *low));
    }
    return out;
}

std::string format_hex(bytes const& data)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(data.size() * 2);
    for (auto const b : data) {
        text += digits[std::to_integer<std::size_t>(b >> 4)];
        text += digits[std::to_integer<std::size_t>(b & std::byte{15})];
    }
    return text;
}

} // namespace onlink
