// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_VALUE_HPP
#define ONLINK_VALUE_HPP

#include <onlink/calendar.hpp>
#include <onlink/data_type.hpp>
#include <onlink/error.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace onlink {

/// Binary data: what a `bin.base64` or a `bin.hex` stands for, decoded.
using bytes = std::vector<std::byte>;

/// A UPnP value in C++ form: bool, a 64-bit integer, a double, UTF-8 text, bytes, a date, or a time.
///
/// Dates and times are at home with text, too: one reads as its lexical form (`get<std::string>()`), and
/// where the data type is known (in a state variable, an out argument) a text in that form stands for it.
class value {
public:
    template <std::same_as<bool> T>
    value(T b) : held_(b)
    {}
    template <std::signed_integral T>
    value(T i) : held_(std::int64_t{i})
    {}
    template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>) value(T u) : held_(std::uint64_t{u}) {}
    template <std::floating_point T>
    value(T d) : held_(static_cast<double>(d))
    {}
    value(std::string text) : held_(std::move(text)) {}
    value(std::string_view text) : held_(std::string{text}) {}
    value(char const* text) : held_(std::string{text}) {}
    value(bytes data) : held_(std::move(data)) {}
    value(std::chrono::year_month_day day) : held_(day) {}
    /// Of any precision; what is finer than microseconds is cut off.
    template <class Duration>
    value(std::chrono::local_time<Duration> t)
        : held_(zoned_date_time{std::chrono::floor<std::chrono::microseconds>(t)})
    {}
    value(zoned_date_time t) : held_(t) {}
    value(time_of_day t) : held_(zoned_time_of_day{t}) {}
    value(zoned_time_of_day t) : held_(t) {}

    ONLINK_EXPORT value_kind kind() const noexcept;

    /// The value as a T: bool, any integer type, float or double, std::string, bytes,
    /// std::chrono::year_month_day, local_date_time, zoned_date_time, time_of_day or zoned_time_of_day.
    /// Errors: wrong_type for another family; out_of_range for an integer that T cannot hold, a zone where T
    /// has none, and for the text of a date that does not exist or is beyond the year 9999.
    template <class T>
    result<T> get() const;

    /// Same family and equal; integers compare by value whether they are held signed or unsigned.
    ONLINK_EXPORT friend bool operator==(value const& a, value const& b) noexcept;

private:
    template <class T, class Zoned>
    result<T> without_zone() const
    {
        auto const* t = std::get_if<Zoned>(&held_);
        if (!t)
            return errc::wrong_type;
        if (t->offset)
            return errc::out_of_range;
        return t->local;
    }
    ONLINK_EXPORT result<std::string> text() const;

    std::variant<bool, std::int64_t, std::uint64_t, double, std::string, bytes, std::chrono::year_month_day,
                 zoned_date_time, zoned_time_of_day>
        held_;
};

/// Reads the lexical form of a type (UDA 2.0, 2.5). White space around numbers is not allowed.
///
/// Days and times are read in the extended format of ISO 8601 only, as XML Schema 1.1 does: four digits of
/// year; a fraction of seconds behind a point, of which digits beyond microseconds are cut off; `24:00:00` is
/// the midnight that follows; no second 60, as no clock of C++ can show it. `dateTime` may lack the time,
/// which is midnight then. A zone is `Z`, `+hh:mm` or `+hhmm`.
/// Errors: malformed, out_of_range (beyond what the data type itself can hold), not_utf8, unsupported (an
/// infinity, or none of the numbers: texts that other lexical forms have and those of UPnP have not).
ONLINK_EXPORT result<value> parse_value(data_type type, std::string_view text);

/// Writes the one form we emit, not XML-escaped: integers and real numbers by the fewest digits that read
/// back as the same number, zero without a sign; `0` or `1` for booleans; times to the second, with a
/// fraction if there is one, and `Z` or `+hh:mm` for a zone; hexadecimal digits and UUIDs in lower case.
/// Errors: wrong_type, out_of_range, malformed (a text that is not legal for the type).
ONLINK_EXPORT result<std::string> format_value(data_type type, value const& v);

// ------------------------------------------------------------------------------------------------------

template <class T>
result<T> value::get() const
{
    if constexpr (std::same_as<T, bool>) {
        if (auto const* b = std::get_if<bool>(&held_))
            return *b;
    } else if constexpr (std::integral<T>) {
        if (auto const* i = std::get_if<std::int64_t>(&held_)) {
            if (!std::in_range<T>(*i))
                return errc::out_of_range;
            return static_cast<T>(*i);
        }
        if (auto const* u = std::get_if<std::uint64_t>(&held_)) {
            if (!std::in_range<T>(*u))
                return errc::out_of_range;
            return static_cast<T>(*u);
        }
    } else if constexpr (std::floating_point<T>) {
        if (auto const* d = std::get_if<double>(&held_))
            return static_cast<T>(*d);
    } else if constexpr (std::same_as<T, std::string>) {
        return text();
    } else if constexpr (std::same_as<T, local_date_time>) {
        return without_zone<T, zoned_date_time>();
    } else if constexpr (std::same_as<T, time_of_day>) {
        return without_zone<T, zoned_time_of_day>();
    } else {
        static_assert(std::same_as<T, bytes> || std::same_as<T, std::chrono::year_month_day> ||
                          std::same_as<T, zoned_date_time> || std::same_as<T, zoned_time_of_day>,
                      "a UPnP value is read as bool, an integer, a floating-point number, std::string, "
                      "onlink::bytes, std::chrono::year_month_day, or a type of onlink/calendar.hpp");
        if (auto const* held = std::get_if<T>(&held_))
            return *held;
    }
    return errc::wrong_type;
}

} // namespace onlink

#endif
