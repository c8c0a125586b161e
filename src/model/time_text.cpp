// SPDX-License-Identifier: BSL-1.0
#include "model/time_text.hpp"

#include "base/ascii.hpp"

namespace onlink {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year_month_day;

constexpr milliseconds one_day = hours{24};

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

    bool read_date(time_parts& into) noexcept
    {
        auto const y = number(4, 9999);
        if (!y || !take('-'))
            return false;
        auto const m = number(2, 12);
        if (!m || !take('-'))
            return false;
        auto const d = number(2, 31);
        if (!d)
            return false;
        year_month_day const day{std::chrono::year{*y}, std::chrono::month{static_cast<unsigned>(*m)},
                                 std::chrono::day{static_cast<unsigned>(*d)}};
        into.day = std::chrono::local_days{day};
        return day.ok();
    }

    bool read_time(time_parts& into) noexcept
    {
        auto const h = number(2, 23);
        if (!h || !take(':'))
            return false;
        auto const m = number(2, 59);
        if (!m || !take(':'))
            return false;
        auto const s = number(2, 59);
        if (!s)
            return false;
        into.since_midnight = hours{*h} + minutes{*m} + seconds{*s};
        return !take('.') || read_fraction(into);
    }

    bool read_optional_offset(time_parts& into) noexcept
    {
        if (at_end())
            return true;
        if (take('Z')) {
            into.offset = minutes{0};
            return true;
        }
        bool const west = left_.starts_with('-');
        if (!take('+') && !take('-'))
            return false;
        auto const h = number(2, 23);
        if (!h)
            return false;
        take(':');
        auto const m = number(2, 59);
        if (!m)
            return false;
        auto const offset = hours{*h} + minutes{*m};
        into.offset = west ? -offset : offset;
        return true;
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

    bool read_fraction(time_parts& into) noexcept
    {
        auto const digits = left_.substr(0, ascii::count_leading_digits(left_));
        left_.remove_prefix(digits.size());
        int worth = 100;
        for (char const c : digits.substr(0, 3)) {
            into.since_midnight += milliseconds{(c - '0') * worth};
            worth /= 10;
        }
        return !digits.empty();
    }

    std::string_view left_;
};

// ---- Writing

void append_number(std::string& out, std::int64_t number, std::size_t digits)
{
    auto const text = std::to_string(number);
    out.append(digits - std::min(digits, text.size()), '0');
    out += text;
}

bool append_date(std::string& out, year_month_day const& v)
{
    auto const y = static_cast<int>(v.year());
    if (!v.ok() || y < 0 || y > 9999)
        return false;
    append_number(out, y, 4);
    out += '-';
    append_number(out, static_cast<unsigned>(v.month()), 2);
    out += '-';
    append_number(out, static_cast<unsigned>(v.day()), 2);
    return true;
}

bool append_time(std::string& out, milliseconds since_midnight)
{
    if (since_midnight < milliseconds{0} || since_midnight >= one_day)
        return false;
    std::chrono::hh_mm_ss const parts{since_midnight};
    append_number(out, parts.hours().count(), 2);
    out += ':';
    append_number(out, parts.minutes().count(), 2);
    out += ':';
    append_number(out, parts.seconds().count(), 2);
    if (parts.subseconds().count() != 0) {
        out += '.';
        append_number(out, parts.subseconds().count(), 3);
        out.erase(out.find_last_not_of('0') + 1);
    }
    return true;
}

bool append_offset(std::string& out, std::optional<minutes> const& offset)
{
    if (!offset)
        return true;
    if (*offset <= -one_day || *offset >= one_day)
        return false;
    if (*offset == minutes{0}) {
        out += 'Z';
        return true;
    }
    auto const magnitude = std::chrono::abs(*offset).count();
    out += *offset < minutes{0} ? '-' : '+';
    append_number(out, magnitude / 60, 2);
    out += ':';
    append_number(out, magnitude % 60, 2);
    return true;
}

bool append_date_time(std::string& out, local_date_time const& v)
{
    auto const day = std::chrono::floor<std::chrono::days>(v);
    if (!append_date(out, year_month_day{day}))
        return false;
    out += 'T';
    return append_time(out, v - day);
}

} // namespace

std::optional<time_parts> read_time_text(data_type type, std::string_view text) noexcept
{
    time_cursor at{text};
    time_parts parts;
    bool const has_offset = type == data_type::date_time_tz || type == data_type::time_tz;
    bool legal = true;
    bool only_date = false;
    if (type != data_type::time && type != data_type::time_tz) {
        legal = at.read_date(parts);
        only_date = type == data_type::date || !at.take('T');
    }
    if (legal && !only_date)
        legal = at.read_time(parts) && (!has_offset || at.read_optional_offset(parts));
    if (!legal || !at.at_end())
        return std::nullopt;
    return parts;
}

std::string to_text(year_month_day const& v)
{
    std::string out;
    return append_date(out, v) ? out : std::string{};
}

std::string to_text(local_date_time const& v)
{
    std::string out;
    return append_date_time(out, v) ? out : std::string{};
}

std::string to_text(zoned_date_time const& v)
{
    std::string out;
    return append_date_time(out, v.local) && append_offset(out, v.offset) ? out : std::string{};
}

std::string to_text(time_of_day const& v)
{
    std::string out;
    return append_time(out, v.since_midnight) ? out : std::string{};
}

std::string to_text(zoned_time_of_day const& v)
{
    std::string out;
    return append_time(out, v.local.since_midnight) && append_offset(out, v.offset) ? out : std::string{};
}

result<void> from_text(std::string_view text, year_month_day& v)
{
    auto const parts = read_time_text(data_type::date, text);
    if (!parts)
        return errc::malformed;
    v = year_month_day{parts->day};
    return {};
}

result<void> from_text(std::string_view text, local_date_time& v)
{
    auto const parts = read_time_text(data_type::date_time, text);
    if (!parts)
        return errc::malformed;
    v = parts->day + parts->since_midnight;
    return {};
}

result<void> from_text(std::string_view text, zoned_date_time& v)
{
    auto const parts = read_time_text(data_type::date_time_tz, text);
    if (!parts)
        return errc::malformed;
    v = {parts->day + parts->since_midnight, parts->offset};
    return {};
}

result<void> from_text(std::string_view text, time_of_day& v)
{
    auto const parts = read_time_text(data_type::time, text);
    if (!parts)
        return errc::malformed;
    v = {parts->since_midnight};
    return {};
}

result<void> from_text(std::string_view text, zoned_time_of_day& v)
{
    auto const parts = read_time_text(data_type::time_tz, text);
    if (!parts)
        return errc::malformed;
    v = {{parts->since_midnight}, parts->offset};
    return {};
}

} // namespace onlink
