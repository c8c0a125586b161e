// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_SELECTED_PART_HPP
#define ONLINK_HTTP_SELECTED_PART_HPP

#include "http/http_message.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace onlink {

/// What the conditions of a request are compared with.
struct content_facts {
    std::uint64_t size = 0;
    std::string etag = {}; ///< strong, with its quotes
    std::optional<std::chrono::sys_seconds> modified = std::nullopt;
};

/// What a GET or HEAD gets.
struct selected_part {
    int status = 200; ///< 200, 206, 304, 412 or 416
    std::uint64_t offset = 0;
    std::uint64_t length = 0; ///< of the body: 0 but for 200 and 206
};

/// Evaluates IF-MATCH, IF-UNMODIFIED-SINCE, IF-NONE-MATCH and IF-MODIFIED-SINCE, in the order of RFC 9110,
/// 13.2.2. 304, 412, or nothing. What is malformed is ignored.
std::optional<int> failed_condition(http_request const& request, content_facts const& facts);

/// The same, then RANGE with IF-RANGE (RFC 9110, 14). A single range gets 206 or 416. Several ranges, and
/// what is malformed, are ignored, as 14.2 permits: they get all of it.
selected_part select_part(http_request const& request, content_facts const& facts);

} // namespace onlink

#endif
