// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_TIME_TEXT_HPP
#define ONLINK_MODEL_TIME_TEXT_HPP

#include <onlink/value.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace onlink {

// The types `date`, `dateTime`, `dateTime.tz`, `time` and `time.tz` (UDA 2.0, 2.5): the extended format of
// ISO 8601, a day that exists, a zone only where the type has one. parse_value() says what is let pass.

/// Errors: malformed, out_of_range (the midnight after the last day of 9999).
result<value> parse_time(data_type type, std::string_view text);

/// Whether a day or a time, as text can tell it, is one that the type has: a day that exists, in the years
/// 0000 to 9999; no zone where the type has none.
bool is_writable(data_type type, value const& v) noexcept;

/// Errors: out_of_range, of what is not writable.
result<std::string> format_time(std::chrono::year_month_day day);
result<std::string> format_time(zoned_date_time const& t);
result<std::string> format_time(zoned_time_of_day const& t);

} // namespace onlink

#endif
