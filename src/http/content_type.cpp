// SPDX-License-Identifier: BSL-1.0
#include "http/content_type.hpp"

#include "base/ascii.hpp"

namespace onlink {

namespace {

std::string_view unquoted(std::string_view text) noexcept
{
    bool const quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

/// Takes what is before the next semicolon off a text.
std::string_view take_part(std::string_view& text) noexcept
{
    auto const end = text.find(';');
    auto const part = ascii::trim(text.substr(0, end));
    text = end == text.npos ? std::string_view{} : text.substr(end + 1);
    return part;
}

} // namespace

bool is_utf8_xml(std::string_view content_type)
{
    if (!ascii::equal_ignoring_case(take_part(content_type), "text/xml"))
        return false;
    while (!content_type.empty()) {
        auto const parameter = take_part(content_type);
        auto const equals = parameter.find('=');
        if (equals == parameter.npos ||
            !ascii::equal_ignoring_case(ascii::trim(parameter.substr(0, equals)), "charset"))
            continue;
        auto const charset = unquoted(ascii::trim(parameter.substr(equals + 1)));
        if (!ascii::equal_ignoring_case(charset, "utf-8") && !ascii::equal_ignoring_case(charset, "utf8") &&
            !ascii::equal_ignoring_case(charset, "us-ascii"))
            return false;
    }
    return true;
}

} // namespace onlink
