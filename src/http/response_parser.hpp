// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_RESPONSE_PARSER_HPP
#define ONLINK_HTTP_RESPONSE_PARSER_HPP

#include <onlink/error.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace onlink {

/// What a subscriber's answer says.
struct response_head {
    int status = 0;
    /// The answer ends with these bytes, and another request may follow on its connection (RFC 9112, 9.3).
    bool reusable = false;

    friend bool operator==(response_head const&, response_head const&) = default;
};

/// Reads an HTTP response that begins with these bytes; nullopt while its header is incomplete. What a
/// subscriber says beyond its status is of no use (UDA 2.0, 4.3.2): a body is not waited for, only stepped
/// over if it is there. 1xx responses in front are skipped. Errors: malformed; too_large if the header
/// exceeds `max_header` bytes.
result<std::optional<response_head>> read_response(std::string_view bytes, std::size_t max_header);

} // namespace onlink

#endif
