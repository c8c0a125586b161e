// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_URL_URL_PATH_HPP
#define ONLINK_URL_URL_PATH_HPP

#include <onlink/error.hpp>

#include <string>
#include <string_view>

namespace onlink {

/// The path of a request target, ready for an exact look-up: no query, no escapes of unreserved characters,
/// no dot segments.
class url_path {
public:
    /// Takes origin-form (`/a/b?q`) and absolute-form (`http://host/a`; RFC 9112, 3.2.2).
    /// Percent-escapes are decoded once. Refused: an escape that decodes to a control character, `/` or `\`;
    /// a segment `.` or `..`, escaped or not; bytes that are not UTF-8 once decoded, and those outside
    /// printable ASCII that are not escaped. Errors: malformed.
    static result<url_path> parse(std::string_view target, bool collapse_leading_slashes = false);

    std::string const& to_string() const noexcept { return path_; }

private:
    explicit url_path(std::string path) : path_(std::move(path)) {}
    std::string path_;
};

/// A reference in a document that is served at `base`, as an absolute path (RFC 3986, 5.2): absolute or
/// relative, without query and fragment. Errors: unsupported (a scheme or a host), malformed (it climbs above
/// the root).
result<std::string> resolve_path(std::string_view base, std::string_view reference);

/// Whether a text can be the path of one of our resources: absolute, unreserved characters and `/` only.
bool is_served_path(std::string_view path) noexcept;

} // namespace onlink

#endif
