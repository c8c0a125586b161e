// SPDX-License-Identifier: BSL-1.0
#include "url/url_path.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <optional>

namespace onlink {

namespace {

/// The path of a request target, still escaped; nullopt for forms that have none (`*`, `host:port`).
std::optional<std::string_view> raw_path(std::string_view target) noexcept
{
    constexpr std::string_view scheme = "http://";
    bool const absolute = ascii::equal_ignoring_case(target.substr(0, scheme.size()), scheme);
    if (absolute) {
        target.remove_prefix(scheme.size());
        auto const authority = target.substr(0, target.find_first_of("/?"));
        if (authority.empty())
            return std::nullopt;
        target.remove_prefix(authority.size());
    }
    target = target.substr(0, target.find('?'));
    if (target.empty() && absolute)
        return "/"; // RFC 9110, 4.2.3
    if (!target.starts_with('/'))
        return std::nullopt;
    return target;
}

int hex_digit(char c) noexcept
{
    if (ascii::is_digit(c))
        return c - '0';
    c = ascii::to_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Decodes once, so `%2561` comes out as `%61` and not as `a`.
std::optional<std::string> decode(std::string_view escaped)
{
    std::string out;
    out.reserve(escaped.size());
    for (std::size_t i = 0; i < escaped.size(); ++i) {
        char c = escaped[i];
        if (c == '%') {
            if (escaped.size() - i < 3)
                return std::nullopt;
            int const high = hex_digit(escaped[i + 1]);
            int const low = hex_digit(escaped[i + 2]);
            if (high < 0 || low < 0)
                return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            i += 2;
            // An escaped separator would make one path of two.
            if (c == '/')
                return std::nullopt;
        }
        // A file system may read a backslash as a slash.
        bool const control = (c >= '\0' && c < ' ') || c == '\x7f';
        if (control || c == '\\')
            return std::nullopt;
        out += c;
    }
    return out;
}

bool has_dot_segment(std::string_view path) noexcept
{
    while (!path.empty()) {
        auto const end = path.find('/');
        auto const segment = path.substr(0, end);
        if (segment == "." || segment == "..")
            return true;
        if (end == path.npos)
            break;
        path.remove_prefix(end + 1);
    }
    return false;
}

} // namespace

result<url_path> url_path::parse(std::string_view target, bool collapse_leading_slashes)
{
    for (char const c : target)
        if (c <= ' ' || c > '~' || c == '#') // RFC 9112, 3.2: a fragment is never sent
            return errc::malformed;
    auto raw = raw_path(target);
    if (!raw)
        return errc::malformed;
    if (collapse_leading_slashes)
        while (raw->starts_with("//"))
            raw->remove_prefix(1);
    auto path = decode(*raw);
    if (!path || has_dot_segment(*path) || !is_xml_text(*path))
        return errc::malformed;
    return url_path{std::move(*path)};
}

result<std::string> resolve_path(std::string_view base, std::string_view reference)
{
    // RFC 3986, 4.2: only a scheme has a colon before the first slash; two slashes begin a host.
    if (reference.find(':') < reference.find('/') || reference.starts_with("//"))
        return errc::unsupported;
    if (reference.find_first_of("?#") != reference.npos)
        return errc::malformed;
    std::string merged;
    if (!reference.starts_with('/'))
        merged = base.substr(0, base.rfind('/') + 1);
    merged += reference;

    std::string path;
    for (std::string_view rest = merged; !rest.empty();) {
        rest.remove_prefix(1); // its slash
        auto const segment = rest.substr(0, rest.find('/'));
        rest.remove_prefix(segment.size());
        bool const last = rest.empty();
        if (segment == "..") {
            if (path.empty())
                return errc::malformed;
            path.erase(path.rfind('/'));
        } else if (segment != ".") {
            path += '/';
            path += segment;
            continue;
        }
        if (last)
            path += '/';
    }
    return path;
}

bool is_served_path(std::string_view path) noexcept
{
    // RFC 3986, 4.2: in a description, a reference with two slashes in front names a host.
    if (!path.starts_with('/') || path.starts_with("//") || has_dot_segment(path))
        return false;
    for (char const c : path)
        // RFC 3986, 2.3: unreserved characters
        if (c != '/' && !ascii::is_alpha(c) && !ascii::is_digit(c) && c != '-' && c != '.' && c != '_' &&
            c != '~')
            return false;
    return true;
}

} // namespace onlink
