// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_HTTP_DATE_HPP
#define ONLINK_HTTP_HTTP_DATE_HPP

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace onlink {

/// DATE in the form of RFC 9110, 5.6.7: `Wed, 15 Nov 2023 08:00:00 GMT`.
std::string http_date(std::chrono::sys_seconds when);

/// Reads that form and the two obsolete ones, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37
/// 1994`, as RFC 9110, 5.6.7 wants it. Two digits of a year are of 1970 to 2069.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

} // namespace onlink

#endif
