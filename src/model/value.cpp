// SPDX-License-Identifier: BSL-1.0
#include <onlink/value.hpp>

#include "base/ascii.hpp"
#include "model/binary_text.hpp"
#include "model/integer_text.hpp"
#include "model/plain_text.hpp"
#include "model/real_text.hpp"
#include "model/time_text.hpp"
#include "model/value_check.hpp"

#include <array>

namespace onlink {

namespace {

using boost::system::in_place_value;

bool is_moment(value_kind kind) noexcept
{
    return kind == value_kind::date || kind == value_kind::date_time || kind == value_kind::time;
}

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

result<value> parse_text(data_type type, std::string_view text)
{
    auto plain = parse_plain_text(type, text);
    if (!plain)
        return plain.error();
    return {in_place_value, *std::move(plain)};
}

result<value> parse_binary(data_type type, std::string_view text)
{
    auto data = type == data_type::bin_hex ? parse_hex(text) : parse_base64(text);
    if (!data)
        return data.error();
    return {in_place_value, *std::move(data)};
}

/// Of a value in the form as_held() gives.
result<std::string> format_held(data_type type, value const& v)
{
    switch (v.kind()) {
    case value_kind::boolean:
        return std::string{*v.get<bool>() ? "1" : "0"};
    case value_kind::integer:
        return to_string(integer_of(v));
    case value_kind::real:
        return format_real(type, *v.get<double>());
    case value_kind::binary:
        return type == data_type::bin_hex ? format_hex(*v.get<bytes>()) : format_base64(*v.get<bytes>());
    case value_kind::text:
    case value_kind::date:
    case value_kind::date_time:
    case value_kind::time:
        break;
    }
    return v.get<std::string>();
}

} // namespace

value_kind value::kind() const noexcept
{
    constexpr std::array kinds{value_kind::boolean, value_kind::integer,   value_kind::integer,
                               value_kind::real,    value_kind::text,      value_kind::binary,
                               value_kind::date,    value_kind::date_time, value_kind::time};
    static_assert(kinds.size() == std::variant_size_v<decltype(held_)>);
    return kinds[held_.index()];
}

result<std::string> value::text() const
{
    if (auto const* text = std::get_if<std::string>(&held_))
        return *text;
    if (auto const* day = std::get_if<std::chrono::year_month_day>(&held_))
        return format_time(*day);
    if (auto const* t = std::get_if<zoned_date_time>(&held_))
        return format_time(*t);
    if (auto const* t = std::get_if<zoned_time_of_day>(&held_))
        return format_time(*t);
    return errc::wrong_type;
}

bool operator==(value const& a, value const& b) noexcept
{
    if (a.kind() == value_kind::integer && b.kind() == value_kind::integer)
        return integer_of(a) == integer_of(b);
    return a.held_ == b.held_;
}

result<void> check_value(data_type type, value const& v)
{
    auto const held = as_held(type, v);
    if (!held)
        return held.error();
    return {};
}

result<value> as_held(data_type type, value v)
{
    auto const kind = kind_of(type);
    if (v.kind() == value_kind::text && (kind == value_kind::text || is_moment(kind))) {
        auto read = parse_value(type, *v.get<std::string>());
        if (!read)
            return errc::malformed;
        return read;
    }
    if (v.kind() != kind)
        return errc::wrong_type;
    bool legal = true;
    if (kind == value_kind::integer) {
        legal = bounds_of(type).contains(integer_of(v));
    } else if (kind == value_kind::real) {
        auto const d = *v.get<double>();
        legal = can_hold(type, d);
        if (legal)
            v = nearest(type, d);
    } else if (is_moment(kind)) {
        legal = is_writable(type, v);
    }
    if (!legal)
        return errc::out_of_range;
    return v;
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
        return parse_binary(type, text);
    case value_kind::date:
    case value_kind::date_time:
    case value_kind::time:
        return parse_time(type, text);
    }
    return errc::unsupported;
}

result<std::string> format_value(data_type type, value const& v)
{
    auto const held = as_held(type, v);
    if (!held)
        return held.error();
    return format_held(type, *held);
}

} // namespace onlink
