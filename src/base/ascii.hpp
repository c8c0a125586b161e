// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_ASCII_HPP
#define ONLINK_BASE_ASCII_HPP

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// Protocol text is ASCII whatever the locale says, so none of this asks the locale.
namespace onlink::ascii {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_alpha(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

/// A character of an HTTP token (RFC 9110, 5.6.2).
constexpr bool is_token(char c) noexcept
{
    return is_digit(c) || is_alpha(c) ||
           std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

/// A whole one.
constexpr bool is_token(std::string_view text) noexcept
{
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return is_token(c); });
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return to_lower(x) == to_lower(y); });
}

/// The value of a hexadecimal digit.
constexpr std::optional<unsigned> hex_digit(char c) noexcept
{
    if (is_digit(c))
        return static_cast<unsigned>(c - '0');
    c = to_lower(c);
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a' + 10);
    return std::nullopt;
}

/// How many decimal digits a text begins with.
constexpr std::size_t count_leading_digits(std::string_view s) noexcept
{
    std::size_t n = 0;
    while (n < s.size() && is_digit(s[n]))
        ++n;
    return n;
}

/// Without blanks and tabs at both ends.
constexpr std::string_view trim(std::string_view s) noexcept
{
    while (!s.empty() && is_blank(s.front()))
        s.remove_prefix(1);
    while (!s.empty() && is_blank(s.back()))
        s.remove_suffix(1);
    return s;
}

/// At most `limit` bytes, everything but printable ASCII as `?`: safe in a log line.
inline std::string printable(std::string_view s, std::size_t limit = 256)
{
    std::string out{s.substr(0, limit)};
    for (char& c : out)
        if (c < ' ' || c > '~')
            c = '?';
    return out;
}

} // namespace onlink::ascii

#endif
