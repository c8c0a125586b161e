// SPDX-License-Identifier: BSL-1.0
#include "ssdp/ssdp_message.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace onlink {

namespace {

constexpr std::string_view search_line = "M-SEARCH * HTTP/1.1\r\n"; // UDA 2.0, 1.1.1

bool is_field_text(std::string_view text) noexcept
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

} // namespace

bool ssdp_message::looks_like_search(std::string_view datagram) noexcept
{
    return datagram.starts_with(search_line);
}

result<ssdp_message> ssdp_message::parse(std::string_view datagram, std::size_t max_headers)
{
    if (!looks_like_search(datagram))
        return errc::malformed;
    datagram.remove_prefix(search_line.size());

    ssdp_message message;
    message.fields_.reserve(std::min<std::size_t>(max_headers, 12));
    for (;;) {
        auto const end = datagram.find("\r\n");
        if (end == datagram.npos)
            return errc::malformed;
        auto const line = datagram.substr(0, end);
        datagram.remove_prefix(end + 2);
        if (line.empty())
            return message;
        if (message.fields_.size() == max_headers)
            return errc::too_large;
        auto const colon = line.find(':');
        if (colon == line.npos || colon == 0)
            return errc::malformed;
        auto const name = line.substr(0, colon);
        auto const value = line.substr(colon + 1);
        if (!std::all_of(name.begin(), name.end(), ascii::is_token) || !is_field_text(value))
            return errc::malformed;
        message.fields_.push_back({name, ascii::trim(value)});
    }
}

std::optional<std::string_view> ssdp_message::one(std::string_view name) const noexcept
{
    std::optional<std::string_view> found;
    for (auto const& line : fields_) {
        if (!ascii::equal_ignoring_case(line.name, name))
            continue;
        if (found)
            return std::nullopt;
        found = line.value;
    }
    return found;
}

} // namespace onlink
