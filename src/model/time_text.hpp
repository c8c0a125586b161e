// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_TIME_TEXT_HPP
#define ONLINK_MODEL_TIME_TEXT_HPP

#include <onlink/calendar.hpp>
#include <onlink/data_type.hpp>

#include <optional>
#include <string_view>

namespace onlink {

/// What a text of one of the types `date`, `dateTime`, `dateTime.tz`, `time`, `time.tz` says; what the type
/// has not stays zero.
struct time_parts {
    std::chrono::local_days day{};
    std::chrono::milliseconds since_midnight{}; ///< finer fractions are cut off
    std::optional<std::chrono::minutes> offset = std::nullopt;
};

/// ISO 8601 in its extended format, a day that exists, an offset only where the type has one (UDA 2.0, 2.5).
/// Nothing for any other text.
std::optional<time_parts> read_time_text(data_type type, std::string_view text) noexcept;

} // namespace onlink

#endif
