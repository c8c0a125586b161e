// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_HTTP_RESPONSE_HPP
#define ONLINK_HTTP_HTTP_RESPONSE_HPP

#include "base/time.hpp"
#include "http/http_message.hpp"

#include <onlink/observer.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace onlink {

/// A response before it becomes bytes. The engines fill in status, fields and body; write() adds what depends
/// on the request: the version of the status line, CONTENT-LENGTH, CONNECTION, and no body for HEAD.
struct http_response {
    int status = 200;
    header_fields fields;
    std::shared_ptr<std::string const> body = nullptr; ///< shared: a document is rendered once
    bool close = false;                                ///< end the connection after this

    static http_response of(int status) { return {status, {}, nullptr, false}; }
};

/// A refusal; if `explain`, with its reason as a line of text: a fixed sentence, nothing of what the peer
/// said.
http_response refusal_response(int status, refusal_reason reason, bool explain);

/// The reason phrase of a status, as RFC 9110 has it.
std::string_view reason_phrase(int status) noexcept;

/// DATE in the form of RFC 9110, 5.6.7: `Wed, 15 Nov 2023 08:00:00 GMT`.
std::string http_date(std::chrono::sys_seconds when);

/// Status line, fields in the order they were added, CONTENT-LENGTH, `CONNECTION: close` if it closes, empty
/// line, body. `request_version` 10 gives an HTTP/1.0 status line (UDA 2.0, 2.11) without CONNECTION.
std::string write_response(http_response const& response, unsigned request_version, bool head_only);

} // namespace onlink

#endif
