// SPDX-License-Identifier: BSL-1.0
#include "http/http_message.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace onlink {

namespace {

/// Whether a comma-separated list has the token, in any case.
bool list_has(std::string_view list, std::string_view token) noexcept
{
    for (;;) {
        auto const comma = list.find(',');
        if (ascii::equal_ignoring_case(ascii::trim(list.substr(0, comma)), token))
            return true;
        if (comma == list.npos)
            return false;
        list.remove_prefix(comma + 1);
    }
}

} // namespace

std::size_t header_fields::count(std::string_view name) const noexcept
{
    return static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(), [&](header_field const& f) {
        return ascii::equal_ignoring_case(f.name, name);
    }));
}

std::optional<std::string_view> header_fields::one(std::string_view name) const noexcept
{
    std::optional<std::string_view> found;
    for (auto const& f : fields_) {
        if (!ascii::equal_ignoring_case(f.name, name))
            continue;
        if (found)
            return std::nullopt;
        found = f.value;
    }
    return found;
}

bool http_request::keep_alive() const noexcept
{
    if (version < 11)
        return false;
    return std::none_of(fields.all().begin(), fields.all().end(), [](header_field const& f) {
        return ascii::equal_ignoring_case(f.name, "connection") && list_has(f.value, "close");
    });
}

} // namespace onlink
