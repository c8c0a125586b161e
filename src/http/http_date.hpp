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

/// Reads that form, and no other: the two obsolete ones have not been sent for decades, and a condition that
/// is not understood is ignored (RFC 9110, 13.1.3).
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

} // namespace onlink

#endif
