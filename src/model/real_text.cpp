// SPDX-License-Identifier: BSL-1.0
#include "model/real_text.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace onlink {

namespace {

/// Mantissa and exponent of UDA 2.0, 2.5, "float"; without the words and hexadecimal forms of the C library.
struct number_text {
    std::string_view whole;
    std::string_view fraction;
    bool has_exponent = false;

    static std::optional<number_text> read(std::string_view text) noexcept
    {
        number_text n;
        skip_sign(text);
        n.whole = take_digits(text);
        if (text.starts_with('.')) {
            text.remove_prefix(1);
            n.fraction = take_digits(text);
        }
        if (n.whole.empty() && n.fraction.empty())
            return std::nullopt;
        if (text.starts_with('e') || text.starts_with('E')) {
            text.remove_prefix(1);
            skip_sign(text);
            n.has_exponent = true;
            if (take_digits(text).empty())
                return std::nullopt;
        }
        if (!text.empty())
            return std::nullopt;
        return n;
    }

    static void skip_sign(std::string_view& text) noexcept
    {
        if (text.starts_with('+') || text.starts_with('-'))
            text.remove_prefix(1);
    }

private:
    static std::string_view take_digits(std::string_view& text) noexcept
    {
        auto const digits = text.substr(0, ascii::count_leading_digits(text));
        text.remove_prefix(digits.size());
        return digits;
    }
};

/// What C and XML Schema write for no number; UPnP does not know them.
bool is_no_number(std::string_view text) noexcept
{
    number_text::skip_sign(text);
    return std::ranges::any_of(std::array<std::string_view, 3>{"inf", "infinity", "nan"},
                               [&](auto word) { return ascii::equal_ignoring_case(text, word); });
}

// UDA 2.0, 2.5, "fixed.14.4": digits to the left and right of the decimal point
constexpr std::size_t fixed_whole_digits = 14;
constexpr std::size_t fixed_fraction_digits = 4;
// The double nearest to the largest of them. It has a digit too many itself, so it is written by hand.
constexpr double fixed_limit = 99999999999999.9999;
constexpr std::string_view fixed_limit_text = "99999999999999.9999";

bool fits_fixed(number_text const& n) noexcept
{
    auto const first = n.whole.find_first_not_of('0');
    auto const whole = first == n.whole.npos ? 0 : n.whole.size() - first;
    auto const last = n.fraction.find_last_not_of('0');
    auto const fraction = last == n.fraction.npos ? 0 : last + 1;
    return whole <= fixed_whole_digits && fraction <= fixed_fraction_digits;
}

/// The whole text as a T, rounded once. Errors: out_of_range.
template <std::floating_point T>
result<double> read_as(std::string_view text) noexcept
{
    if (text.starts_with('+')) // from_chars knows only the other sign
        text.remove_prefix(1);
    T d = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), d);
    if (error != std::errc{} || end != text.data() + text.size())
        return errc::out_of_range;
    return double{d};
}

template <class... Format>
std::string to_text(Format... number)
{
    std::array<char, 400> buffer; // the longest is a small double without exponent
    auto const written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number...);
    return {buffer.data(), written.ptr};
}

std::string format_fixed(double d)
{
    if (std::abs(d) == fixed_limit)
        return std::string{d < 0 ? "-" : ""}.append(fixed_limit_text);
    auto text = to_text(d, std::chars_format::fixed);
    auto const point = text.find('.');
    if (point == text.npos || text.size() - point - 1 <= fixed_fraction_digits)
        return text;
    text = to_text(d, std::chars_format::fixed, static_cast<int>(fixed_fraction_digits));
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text == "-0" ? "0" : text;
}

} // namespace

bool can_hold(data_type type, double d) noexcept
{
    auto const magnitude = std::abs(d);
    if (!std::isfinite(d))
        return false;
    // UDA 2.0, 2.5, "r4": 1.17549435E-38 to 3.40282347E+38. Anything below this rounds to the latter.
    constexpr double beyond_float = 0x1.ffffffp127;
    if (type == data_type::r4)
        return magnitude == 0 || (magnitude >= 1.17549435E-38 && magnitude < beyond_float);
    if (type == data_type::fixed_14_4)
        return magnitude <= fixed_limit;
    return true;
}

double nearest(data_type type, double d)
{
    if (type == data_type::r4)
        d = double{static_cast<float>(d)};
    else if (type == data_type::fixed_14_4)
        d = *read_as<double>(format_fixed(d));
    return d == 0 ? 0 : d;
}

result<value> parse_real(data_type type, std::string_view text)
{
    auto const n = number_text::read(text);
    if (!n)
        return is_no_number(text) ? errc::unsupported : errc::malformed;
    if (type == data_type::fixed_14_4) {
        if (n->has_exponent) // an exponent would move the digits that the type counts
            return errc::malformed;
        if (!fits_fixed(*n))
            return errc::out_of_range;
    }
    auto const d = type == data_type::r4 ? read_as<float>(text) : read_as<double>(text);
    if (!d || !can_hold(type, *d))
        return errc::out_of_range;
    return {boost::system::in_place_value, *d == 0 ? 0 : *d};
}

std::string format_real(data_type type, double d)
{
    if (d == 0)
        return "0"; // whatever its sign
    if (type == data_type::fixed_14_4)
        return format_fixed(d);
    auto text = type == data_type::r4 ? to_text(static_cast<float>(d)) : to_text(d);
    std::replace(text.begin(), text.end(), 'e', 'E'); // the letter of UDA 2.0, 2.5, "float"
    return text;
}

} // namespace onlink
