// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_DECIMAL_HPP
#define ONLINK_BASE_DECIMAL_HPP

#include <onlink/error.hpp>

#include <charconv>
#include <concepts>
#include <limits>
#include <string_view>

namespace onlink {

/// The whole text as a decimal integer in [least, greatest]: digits only (and `-` where T is signed), no
/// blanks, no `+`. Leading zeros count for nothing. Errors: malformed, out_of_range.
template <std::integral T>
constexpr result<T> parse_decimal(std::string_view text, T least = std::numeric_limits<T>::min(),
                                  T greatest = std::numeric_limits<T>::max()) noexcept
{
    T number{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc::invalid_argument || end != text.data() + text.size())
        return errc::malformed;
    if (error != std::errc{} || number < least || number > greatest)
        return errc::out_of_range;
    return number;
}

} // namespace onlink

#endif
