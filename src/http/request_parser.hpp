// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_REQUEST_PARSER_HPP
#define ONLINK_HTTP_REQUEST_PARSER_HPP

#include "http/http_message.hpp"

#include <onlink/limits.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace onlink {

/// Bytes to requests, without a stream. One parser reads one request, and after restart() the next.
class request_parser {
public:
    /// Asked once, when the header is complete and a body is to follow: the most bytes that it may have.
    using body_limit = std::function<std::uint64_t(http_request const& header)>;

    /// Without a body_limit: limits::http::max_body for every request.
    explicit request_parser(limits::http_limits const& bounds, body_limit limit = {});
    request_parser(request_parser&&) noexcept;
    request_parser& operator=(request_parser&&) noexcept;
    ~request_parser();

    enum class state : std::uint8_t {
        need_more, ///< give the unconsumed bytes again, with more behind them
        complete,  ///< take() the request; bytes beyond `consumed` belong to the next one
        failed,    ///< answer with status(), then close: where the next request begins is unknown
    };

    struct progress {
        request_parser::state state = state::need_more;
        std::size_t consumed = 0;
        /// The header is complete and asks for `100 Continue` before its body (RFC 9110, 10.1.1). True once.
        bool expects_continue = false;
    };

    /// Feeds what has arrived. Bounds: header size (431), target length (414), body size (413, as soon as it
    /// is known).
    /// Refused with 400: broken lines, folded fields, a NUL, Content-Length together with Transfer-Encoding,
    /// two Content-Lengths, bad chunks. 501: a Transfer-Encoding other than chunked. 505: a version other
    /// than 1.x. 417: an Expect other than 100-continue.
    progress feed(std::string_view bytes);

    /// Once, after state::complete.
    http_request take();

    /// From here on the next request is read. What the last one held in memory serves for it.
    void restart() noexcept;
    /// The same for another connection.
    void restart(body_limit limit) noexcept;

    /// The request as far as it has been read, once its header is complete and until take() or restart();
    /// nullptr before.
    http_request const* head() const noexcept;
    /// Whether all of the request has been fed.
    bool complete() const noexcept;
    /// For a body that is consumed as it comes: what has been decoded since the last call.
    std::string take_body();

    /// The HTTP status that a failure deserves.
    int status() const noexcept;
    /// The version to answer a failure in (UDA 2.0, 2.11): the request's, 11 if that was not read.
    unsigned version() const noexcept;
    /// Whether it asked for the head of an answer only: then a refusal has no body either (RFC 9110, 9.3.2).
    bool is_head() const noexcept;

private:
    struct machine;
    std::unique_ptr<machine> machine_;
};

} // namespace onlink

#endif
