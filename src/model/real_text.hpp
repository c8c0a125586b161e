// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_REAL_TEXT_HPP
#define ONLINK_MODEL_REAL_TEXT_HPP

#include <onlink/value.hpp>

#include <string>
#include <string_view>

namespace onlink {

// The types r4, r8, number, float and fixed.14.4 (UDA 2.0, 2.5).

/// Whether a type can hold a number, be it by rounding it.
bool can_hold(data_type type, double d) noexcept;

/// The number that a type holds for one it can_hold(): of `r4` the nearest float, of `fixed.14.4` four
/// decimals; without the sign of zero.
double nearest(data_type type, double d);

/// Reads the lexical form. Errors: malformed, out_of_range, unsupported (an infinity, or none of the
/// numbers).
result<value> parse_real(data_type type, std::string_view text);

/// The fewest digits that read back as nearest(d), for one the type can_hold().
std::string format_real(data_type type, double d);

} // namespace onlink

#endif
