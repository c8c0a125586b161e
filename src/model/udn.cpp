// SPDX-License-Identifier: BSL-1.0
#include <onlink/udn.hpp>

namespace onlink {

std::string udn::uuid() const
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            text += '-';
        text += digits[bytes_[i] >> 4];
        text += digits[bytes_[i] & 15];
    }
    return text;
}

std::string udn::to_string() const { return "uuid:" + uuid(); }

} // namespace onlink
