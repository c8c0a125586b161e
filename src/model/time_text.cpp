// SPDX-License-Identifier: BSL-1.0
#include "model/time_text.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <optional>

namespace onlink {

namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr year_month_day first_day = year{0} / January / 1;
constexpr year_month_day last_day = year{9999} / December / 31;

constexpr std::size_t fraction_digits = 6; // of microseconds

/// Reads a text from its front.
class time_cursor {
public:
    explicit time_cursor(std::string_view text) : left_(text) {}

    bool at_end() const noexcept { return left_.empty(); }

    bool take(char c) noexcept
    {
        if (!left_.starts_with(c))
            return false;
        left_.remove_prefix(1);
        return true;
    }

    std::optional<year_month_day> date() noexcept
    {
        auto const y = number(4, 9999);
        if (!y || !take('-'))
            return std::nullopt;
        auto const m = number(2, 12);
        if (!m || !take('-'))
            return std::nullopt;
        auto const d = number(2, 31);
        if (!d)
            return std::nullopt;
        year_month_day const day{year{*y}, month{static_cast<unsigned>(*m)},
                                 std::chrono::day{static_cast<unsigned>(*d)}};
        return day.ok() ? std::optional{day} : std::nullopt;
    }

    /// From 00:00:00 to 24:00:00.
    std::optional<microseconds> time() noexcept
    {
        auto const h = number(2, 24);
        if (!h || !take(':'))
            return std::nullopt;
        auto const m = number(2, 59);
        if (!m || !take(':'))
            return std::nullopt;
        auto const s = number(2, 59);
        if (!s)
            return std::nullopt;
        microseconds t = hours{*h} + minutes{*m} + seconds{*s};
        if (take('.')) {
            auto const part = fraction();
            if (!part)
                return std::nullopt;
            t += *part;
        }
        return t <= 24h ? std::optional{t} : std::nullopt;
    }

    std::optional<minutes> zone() noexcept
    {
        if (take('Z'))
            return 0min;
        bool const behind = left_.starts_with('-');
        if (!take('+') && !take('-'))
            return std::nullopt;
        auto const h = number(2, 23);
        if (!h)
            return std::nullopt;
        take(':');
        auto const m = number(2, 59);
        if (!m)
            return std::nullopt;
        minutes const offset = hours{*h} + minutes{*m};
        return behind ? -offset : offset;
    }

private:
    /// Exactly `digits` digits, at most `greatest`.
    std::optional<int> number(std::size_t digits, int greatest) noexcept
    {
        if (ascii::count_leading_digits(left_.substr(0, digits)) != digits)
            return std::nullopt;
        int n = 0;
        for (char const c : left_.substr(0, digits))
            n = n * 10 + (c - '0');
        left_.remove_prefix(digits);
        if (n > greatest)
            return std::nullopt;
        return n;
    }

    /// One digit or more; those beyond microseconds are cut off.
    std::optional<microseconds> fraction() noexcept
    {
        auto const digits = left_.substr(0, ascii::count_leading_digits(left_));
        left_.remove_prefix(digits.size());
        if (digits.empty())
            return std::nullopt;
        int n = 0;
        for (std::size_t i = 0; i < fraction_digits; ++i)
            n = n * 10 + (i < digits.size() ? digits[i] - '0' : 0);
        return microseconds{n};
    }

    std::string_view left_;
};

/// A zone where one may be told, and the end.
struct tail {
    std::optional<minutes> offset;
};
std::optional<tail> read_tail(time_cursor& at, bool zoned) noexcept
{
    tail found;
    if (zoned && !at.at_end()) {
        found.offset = at.zone();
        if (!found.offset)
            return std::nullopt;
    }
    return at.at_end() ? std::optional{found} : std::nullopt;
}

// ---- What can be written

bool is_writable(year_month_day day) noexcept
{
    return day.ok() && day.year() >= first_day.year() && day.year() <= last_day.year();
}

bool is_writable(std::optional<minutes> offset) noexcept
{
    return !offset || (*offset > -24h && *offset < 24h);
}

bool is_writable(zoned_date_time const& t) noexcept
{
    return t.local >= local_days{first_day} && t.local < local_days{last_day} + days{1} &&
           is_writable(t.offset);
}

bool is_writable(zoned_time_of_day const& t) noexcept
{
    return t.local.since_midnight >= 0us && t.local.since_midnight < 24h && is_writable(t.offset);
}

// ---- Writing

void append(std::string& text, long long number, std::size_t digits)
{
    auto const written = std::to_string(number);
    text.append(digits - std::min(digits, written.size()), '0').append(written);
}

void append(std::string& text, year_month_day day)
{
    append(text, int{day.year()}, 4);
    append(text += '-', unsigned{day.month()}, 2);
    append(text += '-', unsigned{day.day()}, 2);
}

void append(std::string& text, microseconds since_midnight)
{
    hh_mm_ss const t{since_midnight};
    append(text, t.hours().count(), 2);
    append(text += ':', t.minutes().count(), 2);
    append(text += ':', t.seconds().count(), 2);
    if (t.subseconds() == 0us)
        return;
    append(text += '.', t.subseconds().count(), fraction_digits);
    text.erase(text.find_last_not_of('0') + 1);
}

void append(std::string& text, std::optional<minutes> offset)
{
    if (!offset)
        return;
    if (*offset == 0min) {
        text += 'Z';
        return;
    }
    hh_mm_ss const t{*offset};
    append(text += t.is_negative() ? '-' : '+', t.hours().count(), 2);
    append(text += ':', t.minutes().count(), 2);
}

// ---- Reading

result<value> parse_date_time(time_cursor at, bool zoned)
{
    auto const day = at.date();
    if (!day)
        return errc::malformed;
    zoned_date_time t{local_days{*day}};
    if (at.take('T')) {
        auto const since_midnight = at.time();
        auto const tail = since_midnight ? read_tail(at, zoned) : std::nullopt;
        if (!tail)
            return errc::malformed;
        t.local += *since_midnight;
        t.offset = tail->offset;
    }
    if (!at.at_end())
        return errc::malformed;
    if (!is_writable(t))
        return errc::out_of_range;
    return {boost::system::in_place_value, t};
}

result<value> parse_time_of_day(time_cursor at, bool zoned)
{
    auto const since_midnight = at.time();
    auto const tail = since_midnight ? read_tail(at, zoned) : std::nullopt;
    if (!tail)
        return errc::malformed;
    zoned_time_of_day const t{{*since_midnight == 24h ? 0us : *since_midnight}, tail->offset};
    return {boost::system::in_place_value, t};
}

} // namespace

result<value> parse_time(data_type type, std::string_view text)
{
    time_cursor at{text};
    bool const zoned = type == data_type::date_time_tz || type == data_type::time_tz;
    switch (kind_of(type)) {
    case value_kind::date_time:
        return parse_date_time(at, zoned);
    case value_kind::time:
        return parse_time_of_day(at, zoned);
    default:
        break;
    }
    auto const day = at.date();
    if (!day || !at.at_end())
        return errc::malformed;
    return {boost::system::in_place_value, *day};
}

bool is_writable(data_type type, value const& v) noexcept
{
    if (auto const day = v.get<year_month_day>())
        return is_writable(*day);
    if (auto const t = v.get<zoned_date_time>())
        return is_writable(*t) && (!t->offset || type == data_type::date_time_tz);
    if (auto const t = v.get<zoned_time_of_day>())
        return is_writable(*t) && (!t->offset || type == data_type::time_tz);
    return false;
}

result<std::string> format_time(year_month_day day)
{
    if (!is_writable(day))
        return errc::out_of_range;
    std::string text;
    append(text, day);
    return text;
}

result<std::string> format_time(zoned_date_time const& t)
{
    if (!is_writable(t))
        return errc::out_of_range;
    auto const day = floor<days>(t.local);
    std::string text;
    append(text, year_month_day{day});
    append(text += 'T', t.local - day);
    append(text, t.offset);
    return text;
}

result<std::string> format_time(zoned_time_of_day const& t)
{
    if (!is_writable(t))
        return errc::out_of_range;
    std::string text;
    append(text, t.local.since_midnight);
    append(text, t.offset);
    return text;
}

} // namespace onlink
