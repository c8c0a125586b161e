// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_HTTP_EXCHANGE_HPP
#define ONLINK_NET_HTTP_EXCHANGE_HPP

#include "http/http_message.hpp"
#include "http/request_parser.hpp"
#include "net/patience.hpp"

#include <onlink/web_exchange.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onlink {

class http_session;

/// An exchange of the application over the connection of a session, which outlives it.
class http_exchange final : public web_exchange {
public:
    /// `head`: the request, without its body, which is in the parser or still to come.
    http_exchange(http_session& session, request_parser& parser, http_request head, web_request request,
                  bool last);

    web_request const& request() const noexcept override { return request_; }
    boost::asio::awaitable<result<std::string>> read() override;
    boost::asio::awaitable<result<void>> respond(web_response wanted) override;
    boost::asio::awaitable<result<void>> write(std::string_view part) override;

    /// After the handler has come to its end, by an exception if `threw`: whether the connection may serve
    /// another request.
    boost::asio::awaitable<bool> finish(bool threw);

private:
    bool is_head() const noexcept { return head_.method == http_method::head; }
    result<void> state_of_parser() const;
    boost::asio::awaitable<bool> send(std::string_view before, std::string_view part, std::string_view after);

    http_session& session_;
    request_parser& parser_;
    web_request const request_;
    http_request const head_;
    bool last_;
    bool waits_for_continue_;
    bool responded_ = false;
    bool chunked_ = false;
    bool closes_ = false;
    bool broken_ = false; ///< the connection is of no use any more
    patience to_receive_;
    patience to_send_;
    std::optional<std::uint64_t> left_; ///< of a body whose length was told
};

} // namespace onlink

#endif
