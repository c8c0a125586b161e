// SPDX-License-Identifier: BSL-1.0
#include <onlink/udn.hpp>

namespace onlink {

std::string udn::uuid() const
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "00000000-0000-0000-0000-000000000000";
    auto at = text.begin();
    for (auto const byte : bytes_) {
        if (*at == '-')
            ++at;
        *at++ = digits[byte >> 4];
        *at++ = digits[byte & 15];
    }
    return text;
}

std::string udn::to_string() const { return "uuid:" + uuid(); }

} // namespace onlink
