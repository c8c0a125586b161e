// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_RESPONSE_PARSER_HPP
#define ONLINK_HTTP_RESPONSE_PARSER_HPP

#include <onlink/error.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace onlink {

/// The status of an HTTP response that begins with these bytes; nullopt while the header is incomplete. Only
/// the header is read: what a subscriber says beyond its status is of no use (UDA 2.0, 4.3.2).
/// 1xx responses in front are skipped. Errors: malformed; too_large if the header exceeds `max_header` bytes.
result<std::optional<int>> read_response_status(std::string_view bytes, std::size_t max_header);

} // namespace onlink

#endif
