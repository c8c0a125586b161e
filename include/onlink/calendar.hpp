// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CALENDAR_HPP
#define ONLINK_CALENDAR_HPP

#include <chrono>
#include <optional>

namespace onlink {

// The data types of UDA 2.0, 2.5 that tell days and times. A `date` is a std::chrono::year_month_day. All
// years are those of the Gregorian calendar, 0000 to 9999, as four digits can tell; all times are whole
// microseconds.

/// A day and a time of it, no zone: the data type `dateTime`.
using local_date_time = std::chrono::local_time<std::chrono::microseconds>;

/// The same with the zone it is told in: the data type `dateTime.tz`. Equal are those that are written alike;
/// compare instant() to learn whether two are the same moment.
struct zoned_date_time {
    local_date_time local{}; ///< what a clock of the zone shows
    /// By how much that clock is ahead of UTC, -23:59 to 23:59. None: the zone is not told.
    std::optional<std::chrono::minutes> offset = std::nullopt;

    /// A moment, as a clock shows it that is ahead of UTC by `offset`. Finer parts than microseconds are cut
    /// off.
    template <class Duration>
    static zoned_date_time of(std::chrono::sys_time<Duration> moment, std::chrono::minutes offset = {})
    {
        auto const utc = std::chrono::floor<std::chrono::microseconds>(moment.time_since_epoch());
        return {local_date_time{utc + offset}, offset};
    }

    /// The moment, if the zone is told.
    std::optional<std::chrono::sys_time<std::chrono::microseconds>> instant() const
    {
        if (!offset)
            return std::nullopt;
        return std::chrono::sys_time<std::chrono::microseconds>{local.time_since_epoch() - *offset};
    }

    friend bool operator==(zoned_date_time const&, zoned_date_time const&) = default;
};

/// A time of any day, no zone: the data type `time`.
struct time_of_day {
    std::chrono::microseconds since_midnight{}; ///< from 0, and less than 24 hours

    friend auto operator<=>(time_of_day const&, time_of_day const&) = default;
};

/// The same with its zone: the data type `time.tz`.
struct zoned_time_of_day {
    time_of_day local{};
    std::optional<std::chrono::minutes> offset = std::nullopt; ///< as in zoned_date_time

    friend bool operator==(zoned_time_of_day const&, zoned_time_of_day const&) = default;
};

} // namespace onlink

#endif
