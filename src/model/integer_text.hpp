// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_INTEGER_TEXT_HPP
#define ONLINK_MODEL_INTEGER_TEXT_HPP

#include <onlink/value.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace onlink {

/// An integer of either signedness: 64 bits in two's complement, and whether they are a negative number.
struct wide_integer {
    bool negative = false;
    std::uint64_t bits = 0;

    constexpr wide_integer() = default;
    template <std::integral T>
    constexpr wide_integer(T i) noexcept : negative(std::cmp_less(i, 0)), bits(static_cast<std::uint64_t>(i))
    {}

    friend constexpr bool operator==(wide_integer, wide_integer) = default;
    friend constexpr std::strong_ordering operator<=>(wide_integer a, wide_integer b) noexcept
    {
        if (a.negative != b.negative)
            return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
        return a.bits <=> b.bits; // among negative numbers, two's complement keeps the order
    }
};

/// The fewest decimal digits.
std::string to_string(wide_integer i);

/// What an integer type can hold.
struct integer_bounds {
    wide_integer least;
    wide_integer greatest;

    constexpr bool contains(wide_integer i) const noexcept { return least <= i && i <= greatest; }
    constexpr bool contains(integer_bounds b) const noexcept
    {
        return contains(b.least) && contains(b.greatest);
    }
};

/// Of a type whose kind is value_kind::integer.
integer_bounds bounds_of(data_type type) noexcept;

/// Of a value whose kind is value_kind::integer.
wide_integer integer_of(value const& v);

/// The lexical form of a type whose kind is value_kind::integer: leading zeros, and a sign where the type has
/// one. Errors: malformed, out_of_range.
result<value> parse_integer(data_type type, std::string_view text);

} // namespace onlink

#endif
