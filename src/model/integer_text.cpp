// SPDX-License-Identifier: BSL-1.0
#include "model/integer_text.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"

#include <limits>

namespace onlink {

namespace {

bool is_unsigned(data_type type) noexcept
{
    return type == data_type::ui1 || type == data_type::ui2 || type == data_type::ui4 ||
           type == data_type::ui8;
}

template <std::integral T>
constexpr integer_bounds all_of{std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};

/// Digits of a number that is read into a T.
template <std::integral T>
result<value> parse_as(std::string_view digits, integer_bounds bounds)
{
    auto const number =
        parse_decimal<T>(digits, static_cast<T>(bounds.least.bits), static_cast<T>(bounds.greatest.bits));
    if (!number)
        return number.error();
    return {boost::system::in_place_value, *number};
}

} // namespace

std::string to_string(wide_integer i)
{
    return i.negative ? std::to_string(static_cast<std::int64_t>(i.bits)) : std::to_string(i.bits);
}

integer_bounds bounds_of(data_type type) noexcept
{
    switch (type) {
    case data_type::ui1:
        return all_of<std::uint8_t>;
    case data_type::ui2:
        return all_of<std::uint16_t>;
    case data_type::ui4:
        return all_of<std::uint32_t>;
    case data_type::ui8:
        return all_of<std::uint64_t>;
    case data_type::i1:
        return all_of<std::int8_t>;
    case data_type::i2:
        return all_of<std::int16_t>;
    case data_type::i4:
        return all_of<std::int32_t>;
    default: // i8, and `int`, of which the architecture states no range
        return all_of<std::int64_t>;
    }
}

wide_integer integer_of(value const& v)
{
    if (auto const i = v.get<std::int64_t>())
        return *i;
    return v.get<std::uint64_t>().value();
}

result<value> parse_integer(data_type type, std::string_view text)
{
    auto const bounds = bounds_of(type);
    if (is_unsigned(type))
        return parse_as<std::uint64_t>(text, bounds);
    if (text.size() > 1 && text[0] == '+' && ascii::is_digit(text[1]))
        text.remove_prefix(1);
    return parse_as<std::int64_t>(text, bounds);
}

} // namespace onlink
