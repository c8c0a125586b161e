// SPDX-License-Identifier: BSL-1.0
#include "ssdp/ssdp_message.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace onlink {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view search_line = "M-SEARCH * HTTP/1.1\r\n"; // UDA 2.0, 1.1.1

bool is_field_text(std::string_view text) noexcept
{
    return std::none_of(text.begin(), text.end(), [](char c) {
        auto const byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7f;
    });
}

struct field {
    std::string_view name; ///< empty where there is no colon
    std::string_view value;
};

/// The first line of some, which is taken from them.
field next_field(std::string_view& lines) noexcept
{
    auto const line = lines.substr(0, lines.find(line_end));
    lines.remove_prefix(line.size() + line_end.size());
    auto const colon = line.find(':');
    return colon == line.npos ? field{{}, line} : field{line.substr(0, colon), line.substr(colon + 1)};
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
    auto rest = datagram;
    for (std::size_t fields = 0;; ++fields) {
        auto const end = rest.find(line_end);
        if (end == rest.npos)
            return errc::malformed;
        if (end == 0) {
            message.lines_ = datagram.substr(0, datagram.size() - rest.size());
            return message;
        }
        if (fields == max_headers)
            return errc::too_large;
        auto const [name, value] = next_field(rest);
        if (!ascii::is_token(name) || !is_field_text(value))
            return errc::malformed;
    }
}

std::optional<std::string_view> ssdp_message::one(std::string_view name) const noexcept
{
    std::optional<std::string_view> found;
    for (auto rest = lines_; !rest.empty();) {
        auto const line = next_field(rest);
        if (!ascii::equal_ignoring_case(line.name, name))
            continue;
        if (found)
            return std::nullopt;
        found = ascii::trim(line.value);
    }
    return found;
}

} // namespace onlink
