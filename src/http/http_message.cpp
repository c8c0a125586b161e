// SPDX-License-Identifier: BSL-1.0
#include "http/http_message.hpp"

#include "base/ascii.hpp"
#include "http/list_field.hpp"

#include <algorithm>

namespace onlink {

void header_fields::add(std::string_view name, std::string_view value)
{
    auto const at = static_cast<std::uint32_t>(text_.size());
    auto const middle = at + static_cast<std::uint32_t>(name.size());
    places_.push_back({at, middle, middle + static_cast<std::uint32_t>(value.size())});
    try {
        text_.append(name).append(value);
    } catch (...) { // no memory
        text_.resize(at);
        places_.pop_back();
        throw;
    }
}

void header_fields::clear() noexcept
{
    text_.clear();
    places_.clear();
}

std::size_t header_fields::count(std::string_view name) const noexcept
{
    auto const fields = all();
    return static_cast<std::size_t>(std::count_if(fields.begin(), fields.end(), [&](header_field const& f) {
        return ascii::equal_ignoring_case(f.name, name);
    }));
}

std::optional<std::string_view> header_fields::one(std::string_view name) const noexcept
{
    std::optional<std::string_view> found;
    for (auto const& f : all()) {
        if (!ascii::equal_ignoring_case(f.name, name))
            continue;
        if (found)
            return std::nullopt;
        found = f.value;
    }
    return found;
}

void http_request::clear() noexcept
{
    constexpr std::size_t kept =
        4096; // as much as ordinary calls have; a connection that waits holds no more
    method = http_method::other;
    method_text.clear();
    target.clear();
    version = 11;
    fields.clear();
    if (body.capacity() > kept)
        body = std::string{};
    body.clear();
}

bool http_request::keep_alive() const noexcept
{
    if (version < 11)
        return false;
    auto const all = fields.all();
    return std::none_of(all.begin(), all.end(), [](header_field const& f) {
        return ascii::equal_ignoring_case(f.name, "connection") &&
               any_member(f.value,
                          [](std::string_view token) { return ascii::equal_ignoring_case(token, "close"); });
    });
}

} // namespace onlink
