// SPDX-License-Identifier: BSL-1.0
#include "model/plain_text.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace onlink {

namespace {

/// RFC 3986, 2: reserved and unreserved characters and percent-encodings. What they mean is left to the
/// application: a URI reference of any scheme, or none.
bool is_uri(std::string_view text) noexcept
{
    constexpr std::string_view others = "-._~:/?#[]@!$&'()*+,;=";
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || !ascii::hex_digit(text[i + 1]) || !ascii::hex_digit(text[i + 2]))
                return false;
        } else if (!ascii::is_alpha(c) && !ascii::is_digit(c) && others.find(c) == others.npos &&
                   static_cast<unsigned char>(c) < 0x80) {
            return false;
        }
    }
    return true;
}

/// UDA 2.0, 1.1.4, without the prefix.
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

result<std::string> parse_uuid(std::string_view text)
{
    constexpr std::string_view prefix = "uuid:"; // not part of the type, but often sent
    if (ascii::equal_ignoring_case(text.substr(0, prefix.size()), prefix))
        text.remove_prefix(prefix.size());
    if (!is_uuid(text))
        return errc::malformed;
    std::string uuid{text};
    std::transform(uuid.begin(), uuid.end(), uuid.begin(), ascii::to_lower);
    return uuid;
}

} // namespace

result<std::string> parse_plain_text(data_type type, std::string_view text)
{
    if (!is_xml_text(text))
        return errc::not_utf8;
    if (type == data_type::uuid)
        return parse_uuid(text);
    if (type == data_type::character && count_code_points(text) != 1)
        return errc::malformed;
    if (type == data_type::uri && !is_uri(text))
        return errc::malformed;
    return std::string{text};
}

} // namespace onlink
