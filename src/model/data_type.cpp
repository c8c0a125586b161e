// SPDX-License-Identifier: BSL-1.0
#include <onlink/data_type.hpp>

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "base/utf8.hpp"
#include "model/binary_text.hpp"
#include "model/time_text.hpp"
#include "model/value_check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace onlink {

namespace {

using boost::system::in_place_value;

struct type_entry {
    std::string_view name;
    value_kind kind;
};

// UDA 2.0, 2.5, "dataType"; in the order of data_type.
constexpr std::array<type_entry, 26> types{{
    {"ui1", value_kind::integer},     {"ui2", value_kind::integer},       {"ui4", value_kind::integer},
    {"ui8", value_kind::integer},     {"i1", value_kind::integer},        {"i2", value_kind::integer},
    {"i4", value_kind::integer},      {"i8", value_kind::integer},        {"int", value_kind::integer},
    {"r4", value_kind::real},         {"r8", value_kind::real},           {"number", value_kind::real},
    {"fixed.14.4", value_kind::real}, {"float", value_kind::real},        {"boolean", value_kind::boolean},
    {"char", value_kind::text},       {"string", value_kind::text},       {"date", value_kind::text},
    {"dateTime", value_kind::text},   {"dateTime.tz", value_kind::text},  {"time", value_kind::text},
    {"time.tz", value_kind::text},    {"bin.base64", value_kind::binary}, {"bin.hex", value_kind::binary},
    {"uri", value_kind::text},        {"uuid", value_kind::text},
}};
static_assert(types.size() == static_cast<std::size_t>(data_type::uuid) + 1);

bool is_unsigned(data_type type) noexcept
{
    return type == data_type::ui1 || type == data_type::ui2 || type == data_type::ui4 ||
           type == data_type::ui8;
}

// ---- Integers

result<value> parse_integer(data_type type, std::string_view text)
{
    auto const bounds = bounds_of(type);
    if (is_unsigned(type)) {
        auto const number = parse_decimal<std::uint64_t>(text, 0, bounds.greatest.bits);
        if (!number)
            return number.error();
        return {in_place_value, *number};
    }
    if (text.size() > 1 && text[0] == '+' && ascii::is_digit(text[1]))
        text.remove_prefix(1);
    auto const number = parse_decimal<std::int64_t>(text, static_cast<std::int64_t>(bounds.least.bits),
                                                    static_cast<std::int64_t>(bounds.greatest.bits));
    if (!number)
        return number.error();
    return {in_place_value, *number};
}

// ---- Floating-point numbers

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

private:
    static void skip_sign(std::string_view& text) noexcept
    {
        if (text.starts_with('+') || text.starts_with('-'))
            text.remove_prefix(1);
    }
    static std::string_view take_digits(std::string_view& text) noexcept
    {
        auto const digits = text.substr(0, ascii::count_leading_digits(text));
        text.remove_prefix(digits.size());
        return digits;
    }
};

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

bool is_in_range(data_type type, double d) noexcept
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

result<value> parse_real(data_type type, std::string_view text)
{
    auto const n = number_text::read(text);
    if (!n)
        return errc::malformed;
    if (type == data_type::fixed_14_4) {
        if (n->has_exponent) // an exponent would move the digits that the type counts
            return errc::malformed;
        if (!fits_fixed(*n))
            return errc::out_of_range;
    }
    if (text.starts_with('+')) // from_chars knows only the other sign
        text.remove_prefix(1);
    double d = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), d);
    if (error != std::errc{} || end != text.data() + text.size() || !is_in_range(type, d))
        return errc::out_of_range;
    return {in_place_value, d};
}

template <class... Format>
std::string to_text(Format... number)
{
    std::array<char, 64> buffer; // the longest are 17 digits with sign, point and exponent, or 14.4
    auto const written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number...);
    return {buffer.data(), written.ptr};
}

std::string format_fixed(double d)
{
    if (std::abs(d) == fixed_limit)
        return std::string{d < 0 ? "-" : ""}.append(fixed_limit_text);
    auto text = to_text(d, std::chars_format::fixed, static_cast<int>(fixed_fraction_digits));
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string format_real(data_type type, double d)
{
    if (type == data_type::fixed_14_4)
        return format_fixed(d);
    auto text = type == data_type::r4 ? to_text(static_cast<float>(d)) : to_text(d);
    std::replace(text.begin(), text.end(), 'e', 'E'); // the letter of UDA 2.0, 2.5, "float"
    return text;
}

// ---- Booleans

result<value> parse_boolean(std::string_view text)
{
    // UDA 2.0, 2.5, "boolean": the words are deprecated, but have to be accepted.
    for (std::string_view const yes : {"1", "true", "yes"})
        if (ascii::equal_ignoring_case(text, yes))
            return {in_place_value, true};
    for (std::string_view const no : {"0", "false", "no"})
        if (ascii::equal_ignoring_case(text, no))
            return {in_place_value, false};
    return errc::malformed;
}

// ---- Texts

bool is_uuid(std::string_view text) noexcept
{
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !ascii::hex_digit(text[i]))
            return false;
    }
    return true;
}

/// Whether the type allows the text. Errors: malformed, not_utf8.
result<void> check_text(data_type type, std::string_view text) noexcept
{
    if (!is_xml_text(text))
        return errc::not_utf8;
    bool legal = true;
    switch (type) {
    case data_type::character:
        legal = count_code_points(text) == 1;
        break;
    case data_type::date:
    case data_type::date_time:
    case data_type::date_time_tz:
    case data_type::time:
    case data_type::time_tz:
        legal = read_time_text(type, text).has_value();
        break;
    case data_type::uri:
        legal = std::none_of(text.begin(), text.end(),
                             [](char c) { return (c >= '\0' && c <= ' ') || c == '\x7f'; });
        break;
    case data_type::uuid:
        legal = is_uuid(text);
        break;
    default:
        break;
    }
    if (!legal)
        return errc::malformed;
    return {};
}

result<value> parse_text(data_type type, std::string_view text)
{
    constexpr std::string_view uuid_prefix = "uuid:"; // not part of the type, but often sent
    if (type == data_type::uuid &&
        ascii::equal_ignoring_case(text.substr(0, uuid_prefix.size()), uuid_prefix))
        text.remove_prefix(uuid_prefix.size());
    if (auto const legal = check_text(type, text); !legal)
        return legal.error();
    return {in_place_value, text};
}

} // namespace

std::string_view to_string(data_type type) noexcept { return types[static_cast<std::size_t>(type)].name; }

result<data_type> parse_data_type(std::string_view text) noexcept
{
    auto const found =
        std::find_if(types.begin(), types.end(), [&](auto const& t) { return t.name == text; });
    if (found == types.end())
        return errc::unsupported;
    return static_cast<data_type>(found - types.begin());
}

value_kind kind_of(data_type type) noexcept { return types[static_cast<std::size_t>(type)].kind; }

value_kind value::kind() const noexcept
{
    constexpr std::array kinds{value_kind::boolean, value_kind::integer, value_kind::integer,
                               value_kind::real,    value_kind::text,    value_kind::binary};
    return kinds[held_.index()];
}

bool operator==(value const& a, value const& b) noexcept
{
    if (a.kind() == value_kind::integer && b.kind() == value_kind::integer)
        return integer_of(a) == integer_of(b);
    return a.held_ == b.held_;
}

std::string to_string(wide_integer i)
{
    return i.negative ? to_text(static_cast<std::int64_t>(i.bits)) : to_text(i.bits);
}

integer_bounds bounds_of(data_type type) noexcept
{
    auto const all_of = []<class T>(T) {
        return integer_bounds{std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
    };
    switch (type) {
    case data_type::ui1:
        return all_of(std::uint8_t{});
    case data_type::ui2:
        return all_of(std::uint16_t{});
    case data_type::ui4:
        return all_of(std::uint32_t{});
    case data_type::ui8:
        return all_of(std::uint64_t{});
    case data_type::i1:
        return all_of(std::int8_t{});
    case data_type::i2:
        return all_of(std::int16_t{});
    case data_type::i4:
        return all_of(std::int32_t{});
    default: // i8, and `int`, of which the architecture states no range
        return all_of(std::int64_t{});
    }
}

wide_integer integer_of(value const& v)
{
    if (auto const i = v.get<std::int64_t>())
        return *i;
    return v.get<std::uint64_t>().value();
}

result<void> check_value(data_type type, value const& v)
{
    if (v.kind() != kind_of(type))
        return errc::wrong_type;
    switch (v.kind()) {
    case value_kind::integer:
        if (!bounds_of(type).contains(integer_of(v)))
            return errc::out_of_range;
        break;
    case value_kind::real:
        if (!is_in_range(type, *v.get<double>()))
            return errc::out_of_range;
        break;
    case value_kind::text:
        if (!check_text(type, *v.get<std::string>()))
            return errc::malformed;
        break;
    case value_kind::boolean:
    case value_kind::binary:
        break;
    }
    return {};
}

result<value> parse_value(data_type type, std::string_view text)
{
    switch (kind_of(type)) {
    case value_kind::boolean:
        return parse_boolean(text);
    case value_kind::integer:
        return parse_integer(type, text);
    case value_kind::real:
        return parse_real(type, text);
    case value_kind::text:
        return parse_text(type, text);
    case value_kind::binary:
        return type == data_type::bin_hex ? parse_hex(text) : parse_base64(text);
    }
    return errc::unsupported;
}

result<std::string> format_value(data_type type, value const& v)
{
    if (auto const legal = check_value(type, v); !legal)
        return legal.error();
    switch (v.kind()) {
    case value_kind::boolean:
        return std::string{*v.get<bool>() ? "1" : "0"};
    case value_kind::integer:
        return to_string(integer_of(v));
    case value_kind::real:
        return format_real(type, *v.get<double>());
    case value_kind::text:
        return v.get<std::string>();
    case value_kind::binary: {
        auto const data = *v.get<bytes>();
        return type == data_type::bin_hex ? format_hex(data) : format_base64(data);
    }
    }
    return errc::unsupported;
}

} // namespace onlink
