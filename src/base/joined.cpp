// SPDX-License-Identifier: BSL-1.0
#include "base/joined.hpp"

namespace onlink {

std::string joined(std::initializer_list<std::string_view> parts)
{
    std::size_t size = 0;
    for (auto const part : parts)
        size += part.size();
    std::string out;
    out.reserve(size);
    for (auto const part : parts)
        out += part;
    return out;
}

std::string hexadecimal(std::uint64_t number, std::size_t width)
{
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) {
        auto const digit = number >> shift & 0xf;
        if (digit != 0 || !out.empty() || static_cast<std::size_t>(shift) < 4 * width)
            out += "0123456789abcdef"[digit];
    }
    return out;
}

} // namespace onlink
