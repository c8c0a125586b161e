// SPDX-License-Identifier: BSL-1.0
#include "http/http_date.hpp"

#include "base/decimal.hpp"
#include "base/joined.hpp"

#include <algorithm>
#include <array>

namespace onlink {

namespace {

constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> long_day_names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                         "Thursday", "Friday", "Saturday"};

/// `Sunday, 06-Nov-94 08:49:37 GMT` in the form of today; nothing if it is something else.
std::string of_rfc_850(std::string_view text)
{
    auto const name = text.substr(0, text.find(','));
    auto const rest = text.substr(name.size());
    if (rest.size() != std::string_view{", 06-Nov-94 08:49:37 GMT"}.size() || rest[4] != '-' ||
        rest[8] != '-' ||
        std::find(long_day_names.begin(), long_day_names.end(), name) == long_day_names.end())
        return {};
    // RFC 9110, 5.6.7: a year that seems to be more than 50 years ahead is one of the past.
    auto const century = rest[9] >= '7' ? "19" : "20";
    return joined(
        {name.substr(0, 3), rest.substr(0, 4), " ", rest.substr(5, 3), " ", century, rest.substr(9)});
}

/// `Sun Nov  6 08:49:37 1994` in the form of today; nothing if it is something else.
std::string of_asctime(std::string_view text)
{
    if (text.size() != std::string_view{"Sun Nov  6 08:49:37 1994"}.size() || text[3] != ' ' ||
        text[19] != ' ')
        return {};
    return joined({text.substr(0, 3), ", ", text[8] == ' ' ? "0" : text.substr(8, 1), text.substr(9, 1), " ",
                   text.substr(4, 3), " ", text.substr(20), text.substr(10, 10), "GMT"});
}

} // namespace

std::string http_date(std::chrono::sys_seconds when)
{
    auto const day = std::chrono::floor<std::chrono::days>(when);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{when - day};
    auto const year = static_cast<unsigned>(std::clamp(static_cast<int>(date.year()), 0, 9999));
    // By hand, as each answer has one.
    std::string out;
    out.reserve(29);
    auto const two_digits = [&](auto number) {
        out += static_cast<char>('0' + number / 10);
        out += static_cast<char>('0' + number % 10);
    };
    (out += day_names[std::chrono::weekday{day}.c_encoding()]) += ", ";
    two_digits(static_cast<unsigned>(date.day()));
    ((out += ' ') += month_names[static_cast<unsigned>(date.month()) - 1]) += ' ';
    two_digits(year / 100);
    two_digits(year % 100);
    out += ' ';
    two_digits(time.hours().count());
    out += ':';
    two_digits(time.minutes().count());
    out += ':';
    two_digits(time.seconds().count());
    out += " GMT";
    return out;
}

namespace {

std::optional<std::chrono::sys_seconds> parse_fixdate(std::string_view text)
{
    using namespace std::chrono;
    constexpr std::string_view form = "Sun, 06 Nov 1994 08:49:37 GMT";
    if (text.size() != form.size())
        return std::nullopt;
    auto const month = std::find(month_names.begin(), month_names.end(), text.substr(8, 3));
    auto const day = parse_decimal<unsigned>(text.substr(5, 2));
    auto const year_number = parse_decimal<unsigned>(text.substr(12, 4));
    auto const hour = parse_decimal<unsigned>(text.substr(17, 2));
    auto const minute = parse_decimal<unsigned>(text.substr(20, 2));
    auto const second = parse_decimal<unsigned>(text.substr(23, 2));
    if (month == month_names.end() || !day || !year_number || !hour || !minute || !second)
        return std::nullopt;
    year_month_day const date{year{static_cast<int>(*year_number)},
                              std::chrono::month{static_cast<unsigned>(month - month_names.begin()) + 1},
                              std::chrono::day{*day}};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    auto const when = sys_days{date} + hours{*hour} + minutes{*minute} + seconds{std::min(*second, 59u)};
    // The blanks, commas and the name of the day are right if it is written back the same.
    auto const written = http_date(when);
    if (written.substr(0, 23) != text.substr(0, 23) || text.substr(25) != " GMT")
        return std::nullopt;
    return when;
}

} // namespace

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text)
{
    if (auto const when = parse_fixdate(text))
        return when;
    if (auto const when = parse_fixdate(of_rfc_850(text)))
        return when;
    return parse_fixdate(of_asctime(text));
}

} // namespace onlink
