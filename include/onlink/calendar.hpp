// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CALENDAR_HPP
#define ONLINK_CALENDAR_HPP

#include <onlink/error.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace onlink {

// Dates and times of UDA 2.0, 2.5 as C++ values, for handlers and state tables. `date` is a
// std::chrono::year_month_day. Years are 0 to 9999; fractions of a second are kept to the millisecond; there
// is no 24:00:00 and no leap second.

/// `dateTime`: a date and a time of day somewhere.
using local_date_time = std::chrono::local_time<std::chrono::milliseconds>;

/// `time`: since midnight, under 24 hours.
struct time_of_day {
    std::chrono::milliseconds since_midnight{};

    friend bool operator==(time_of_day const&, time_of_day const&) = default;
};

/// `dateTime.tz`: with the offset from UTC, if it was said; within 24 hours.
struct zoned_date_time {
    local_date_time local{};
    std::optional<std::chrono::minutes> offset = std::nullopt;

    /// The instant, if the offset is known.
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> instant() const
    {
        if (!offset)
            return std::nullopt;
        return std::chrono::sys_time<std::chrono::milliseconds>{local.time_since_epoch() - *offset};
    }
    friend bool operator==(zoned_date_time const&, zoned_date_time const&) = default;
};

/// `time.tz`
struct zoned_time_of_day {
    time_of_day local{};
    std::optional<std::chrono::minutes> offset = std::nullopt;

    friend bool operator==(zoned_time_of_day const&, zoned_time_of_day const&) = default;
};

/// The form that is sent: ISO 8601, extended, `Z` for an offset of zero, a fraction only if there is one.
/// Empty for a value out of its range.
ONLINK_EXPORT std::string to_text(std::chrono::year_month_day const& v);
ONLINK_EXPORT std::string to_text(local_date_time const& v);
ONLINK_EXPORT std::string to_text(zoned_date_time const& v);
ONLINK_EXPORT std::string to_text(time_of_day const& v);
ONLINK_EXPORT std::string to_text(zoned_time_of_day const& v);

/// Reads it, and what else the type allows: a dateTime without time (midnight), an offset without colon.
/// Errors: malformed.
ONLINK_EXPORT result<void> from_text(std::string_view text, std::chrono::year_month_day& v);
ONLINK_EXPORT result<void> from_text(std::string_view text, local_date_time& v);
ONLINK_EXPORT result<void> from_text(std::string_view text, zoned_date_time& v);
ONLINK_EXPORT result<void> from_text(std::string_view text, time_of_day& v);
ONLINK_EXPORT result<void> from_text(std::string_view text, zoned_time_of_day& v);

/// One of the five.
template <class T>
concept calendar_value = std::same_as<T, std::chrono::year_month_day> || std::same_as<T, local_date_time> ||
    std::same_as<T, zoned_date_time> || std::same_as<T, time_of_day> || std::same_as<T, zoned_time_of_day>;

} // namespace onlink

#endif
