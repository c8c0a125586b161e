// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_HTTP_RESPONSE_HPP
#define ONLINK_HTTP_HTTP_RESPONSE_HPP

#include "http/http_message.hpp"

#include <onlink/observer.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace onlink {

/// A response before it becomes bytes. The engines fill in status, fields and body; write_head() adds what
/// depends on the request: the version of the status line, CONTENT-LENGTH and CONNECTION.
struct http_response {
    int status = 200;
    header_fields fields;
    std::shared_ptr<std::string const> body = nullptr; ///< shared: a document is rendered once
    bool close = false;                                ///< end the connection after this
    /// DATE and what belongs to it as lines; see dated_fields.
    std::shared_ptr<std::string const> dated_fields = nullptr;
    /// Lines of fields that are rendered already, CONTENT-LENGTH among them; see static_content.
    std::shared_ptr<std::string const> rendered_fields = nullptr;
    /// The length of a body that is sent by itself, behind the head; instead of `body`.
    std::optional<std::uint64_t> streamed_length = std::nullopt;
    /// Such a body whose length is not known: it goes in chunks, or to an HTTP/1.0 client until the end of
    /// the connection.
    bool streamed_in_chunks = false;

    static http_response of(int status)
    {
        http_response response;
        response.status = status;
        return response;
    }
};

/// A refusal; if `explain`, with its reason as a line of text: a fixed sentence, nothing of what the peer
/// said.
http_response refusal_response(int status, refusal_reason reason, bool explain);

/// The reason phrase of a status, as RFC 9110 has it.
std::string_view reason_phrase(int status) noexcept;

/// Status line, fields in the order they were added, DATE and others if they are lines already, those that
/// were rendered already or CONTENT-LENGTH, `CONNECTION: close` if it closes, empty line. `request_version`
/// 10 gives an HTTP/1.0 status line (UDA 2.0, 2.11) without CONNECTION.
std::string write_head(http_response const& response, unsigned request_version);
/// The same into a text, whose memory is used again.
void write_head(std::string& out, http_response const& response, unsigned request_version);

/// The same with the body behind it; for HEAD without.
std::string write_response(http_response const& response, unsigned request_version, bool head_only);

/// The line in front of a chunk of a body (RFC 9112, 7.1); behind the chunk comes a line end.
std::string write_chunk_head(std::size_t size);

} // namespace onlink

#endif
