// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_PNG_HPP
#define ONLINK_TESTS_SUPPORT_PNG_HPP

#include <onlink/value.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace onlink::test {

/// The head of a PNG, which is all that anyone looks at: signature and IHDR, without a true checksum; filled
/// up to a size.
inline bytes png(std::uint32_t width, std::uint32_t height, std::size_t size = 0)
{
    using namespace std::string_view_literals;
    std::string text{"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR"sv};
    for (auto const n : {width, height})
        for (int shift = 24; shift >= 0; shift -= 8)
            text += static_cast<char>(n >> shift & 0xFF);
    text += "\x08\x02\0\0"sv; // 8 bits, true colour
    text += "\0CRC!"sv;
    text.resize(std::max(text.size(), size), '\x07');
    auto const* const first = reinterpret_cast<std::byte const*>(text.data());
    return {first, first + text.size()};
}

} // namespace onlink::test

#endif
