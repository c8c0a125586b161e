// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_WEB_EXCHANGE_HPP
#define ONLINK_WEB_EXCHANGE_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <onlink/error.hpp>
#include <onlink/export.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onlink {

/// Header fields by name and value, in order.
using web_fields = std::vector<std::pair<std::string, std::string>>;

/// The head of an HTTP request to a route of the application.
struct web_request {
    std::string method; ///< as it came, e.g. `PUT`
    std::string path;   ///< decoded, without a query
    std::string query;  ///< behind the `?`, as it came
    web_fields fields;
    /// Bytes of the body; absent if it comes in chunks and nobody knows yet. 0 if there is none.
    std::optional<std::uint64_t> length;
    boost::asio::ip::address caller; ///< on the segment of `interface_name`
    std::string interface_name;      ///< where the request came in

    /// The value of a field, in any case, if it is there exactly once.
    ONLINK_EXPORT std::optional<std::string_view> field(std::string_view name) const noexcept;
};

/// The head of an answer. CONTENT-LENGTH, TRANSFER-ENCODING, CONNECTION, DATE and SERVER are added.
struct web_response {
    int status = 200; ///< 200..599
    web_fields fields = {};
    /// Bytes of the body that will follow; then exactly so many have to. Absent: until the handler returns.
    std::optional<std::uint64_t> length = std::nullopt;
};

/// One request to a route of the application, and its answer, each as a stream: what a NAS or a printer needs
/// for bodies that do not fit into memory. A handler reads as much of the body as it likes, calls respond()
/// once, writes the body, and returns.
///
/// Every wait is bounded by limits::http::transfer_deadline, and ends when the connection does or the host
/// stops; the result then is an error, and the handler should return. Once an answer is begun, a handler that
/// returns too early, or throws, has the connection closed, so that the client sees that something is
/// missing; before that the client gets 500. What a handler throws is counted as internal_error and goes
/// nowhere else.
///
/// Lifetime: valid until the handler returns. Threads: the host's executor only.
class ONLINK_EXPORT web_exchange {
public:
    virtual ~web_exchange();

    virtual web_request const& request() const noexcept = 0;

    /// The next part of the body, at most limits::http::transfer_buffer bytes; empty at its end. Errors:
    /// too_large (over web_route::max_body), malformed (its chunks are broken), and those of the connection.
    virtual boost::asio::awaitable<result<std::string>> read() = 0;

    /// Sends the head of the answer. Errors: bad_state if it is sent already, malformed (a status out of
    /// range, or a field that is no field), and those of the connection.
    virtual boost::asio::awaitable<result<void>> respond(web_response head) = 0;

    /// Sends a part of the body; `part` has to live until then. For HEAD it is counted, not sent. Errors:
    /// bad_state before respond(), too_large beyond web_response::length, and those of the connection.
    virtual boost::asio::awaitable<result<void>> write(std::string_view part) = 0;
};

/// What answers the requests to a route.
using web_handler = std::function<boost::asio::awaitable<void>(web_exchange&)>;

} // namespace onlink

#endif
