// SPDX-License-Identifier: BSL-1.0
#include <onlink/data_type.hpp>

#include <algorithm>
#include <array>

namespace onlink {

namespace {

struct type_entry {
    std::string_view name;
    value_kind kind;
};

// UDA 2.0, 2.5, "dataType"; in the order of data_type.
constexpr std::array<type_entry, 26> types{{
    {"ui1", value_kind::integer},
    {"ui2", value_kind::integer},
    {"ui4", value_kind::integer},
    {"ui8", value_kind::integer},
    {"i1", value_kind::integer},
    {"i2", value_kind::integer},
    {"i4", value_kind::integer},
    {"i8", value_kind::integer},
    {"int", value_kind::integer},
    {"r4", value_kind::real},
    {"r8", value_kind::real},
    {"number", value_kind::real},
    {"fixed.14.4", value_kind::real},
    {"float", value_kind::real},
    {"boolean", value_kind::boolean},
    {"char", value_kind::text},
    {"string", value_kind::text},
    {"date", value_kind::date},
    {"dateTime", value_kind::date_time},
    {"dateTime.tz", value_kind::date_time},
    {"time", value_kind::time},
    {"time.tz", value_kind::time},
    {"bin.base64", value_kind::binary},
    {"bin.hex", value_kind::binary},
    {"uri", value_kind::text},
    {"uuid", value_kind::text},
}};
static_assert(types.size() == static_cast<std::size_t>(data_type::uuid) + 1);

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

} // namespace onlink
