// SPDX-License-Identifier: BSL-1.0
#include "model/time_text.hpp"

#include "base/ascii.hpp"

#include <chrono>
#include <optional>

namespace onlink {

namespace {

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

    bool date() noexcept
    {
        auto const y = number(4, 9999);
        if (!y || !take('-'))
            return false;
        auto const m = number(2, 12);
        if (!m || !take('-'))
            return false;
        auto const d = number(2, 31);
        return d && std::chrono::year_month_day{std::chrono::year{*y},
                                                std::chrono::month{static_cast<unsigned>(*m)},
                                                std::chrono::day{static_cast<unsigned>(*d)}}
                        .ok();
    }

    bool time() noexcept
    {
        if (!number(2, 23) || !take(':') || !number(2, 59) || !take(':') || !number(2, 59))
            return false;
        if (!take('.'))
            return true;
        auto const digits = ascii::count_leading_digits(left_);
        left_.remove_prefix(digits);
        return digits > 0;
    }

    bool optional_zone() noexcept
    {
        if (at_end() || take('Z'))
            return true;
        if ((!take('+') && !take('-')) || !number(2, 23))
            return false;
        take(':');
        return number(2, 59).has_value();
    }

private:
    std::string_view left_;
};

} // namespace

bool is_time_text(data_type type, std::string_view text) noexcept
{
    time_cursor at{text};
    bool const zoned = type == data_type::date_time_tz || type == data_type::time_tz;
    if (type != data_type::time && type != data_type::time_tz) {
        if (!at.date())
            return false;
        if (type == data_type::date || !at.take('T'))
            return at.at_end();
    }
    return at.time() && (!zoned || at.optional_zone()) && at.at_end();
}

} // namespace onlink
