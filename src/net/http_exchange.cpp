// SPDX-License-Identifier: BSL-1.0
#include "net/http_exchange.hpp"

#include "base/ascii.hpp"
#include "net/http_session.hpp"
#include "net/shell.hpp"

#include <boost/asio/error.hpp>

namespace onlink {

namespace {

namespace asio = boost::asio;

// RFC 9112, 7.1
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

bool expects_continue(http_request const& head)
{
    auto const expect = head.fields.one("EXPECT");
    return head.version >= 11 && expect && ascii::equal_ignoring_case(*expect, "100-continue");
}

} // namespace

http_exchange::http_exchange(http_session& session, request_parser& parser, http_request head,
                             web_request request, bool last)
    : session_(session),
      parser_(parser),
      request_(std::move(request)),
      head_(std::move(head)),
      last_(last),
      waits_for_continue_(expects_continue(head_)),
      to_receive_(session.shell_->options().limits.http),
      to_send_(session.shell_->options().limits.http)
{}

result<void> http_exchange::state_of_parser() const
{
    if (parser_.status() == 413)
        return errc::too_large;
    if (parser_.status() != 0)
        return errc::malformed;
    return {};
}

asio::awaitable<result<std::string>> http_exchange::read()
{
    for (;;) {
        if (auto part = parser_.take_body(); !part.empty())
            co_return part;
        if (auto const state = state_of_parser(); !state)
            co_return state.error();
        if (parser_.complete())
            co_return std::string{};
        if (broken_)
            co_return boost::system::error_code{asio::error::connection_reset};
        if (session_.received().empty()) {
            if (waits_for_continue_ && !responded_) {
                waits_for_continue_ = false;
                broken_ = !co_await session_.write("HTTP/1.1 100 Continue\r\n\r\n");
            }
            auto const begin = shell::now().at;
            session_.arm(to_receive_.left());
            auto const ec = co_await session_.receive();
            session_.deadline_.disarm();
            to_receive_.spend(shell::now().at - begin, session_.received().size());
            if (ec) {
                if (session_.deadline_.expired() && session_.socket_.is_open())
                    session_.shell_->runtime().on_refusal(session_.from_, refusal_reason::request_timeout, 0);
                broken_ = true;
                co_return ec;
            }
        }
        auto const step = parser_.feed(session_.received());
        session_.received().erase(0, step.consumed);
    }
}

asio::awaitable<result<void>> http_exchange::respond(web_response wanted)
{
    if (responded_)
        co_return errc::bad_state;
    auto response = session_.shell_->runtime().on_web_response(shell::now(), head_, wanted);
    if (!response)
        co_return response.error();
    responded_ = true;
    chunked_ = response->streamed_in_chunks && head_.version >= 11;
    left_ = response->streamed_length;
    // A body that nobody has read to its end hides where the next request begins.
    response->close = response->close || !parser_.complete() || session_.closes_after(head_, last_);
    closes_ = response->close;
    auto const head = write_head(*response, head_.version);
    bool const sent = co_await send(head, {}, {});
    if (!sent)
        co_return boost::system::error_code{asio::error::connection_reset};
    co_return result<void>{};
}

asio::awaitable<bool> http_exchange::send(std::string_view before, std::string_view part,
                                          std::string_view after)
{
    if (!broken_) {
        auto const begin = shell::now().at;
        bool const sent = co_await session_.write_some({before, part, after}, to_send_.left());
        to_send_.spend(shell::now().at - begin, part.size());
        broken_ = !sent;
    }
    co_return !broken_;
}

asio::awaitable<result<void>> http_exchange::write(std::string_view part)
{
    if (!responded_)
        co_return errc::bad_state;
    if (left_ && part.size() > *left_)
        co_return errc::too_large;
    auto const& bounds = session_.shell_->options().limits.http;
    while (!part.empty() && !broken_) {
        auto const piece = part.substr(0, bounds.transfer_buffer);
        part.remove_prefix(piece.size());
        if (left_)
            *left_ -= piece.size();
        if (is_head())
            continue;
        auto const size = chunked_ ? write_chunk_head(piece.size()) : std::string{};
        auto const after = chunked_ ? line_end : std::string_view{};
        co_await send(size, piece, after);
    }
    if (broken_)
        co_return boost::system::error_code{asio::error::connection_reset};
    co_return result<void>{};
}

asio::awaitable<bool> http_exchange::finish(bool threw)
{
    if (!responded_) {
        bool const bad_body = parser_.status() != 0;
        auto refusal = respond({bad_body ? parser_.status() : 500, {}, 0});
        co_await std::move(refusal);
    }
    // Of a body without a stated length, only a handler that returned has sent all.
    bool const lacking = !is_head() && (left_ ? *left_ != 0 : threw);
    if (chunked_ && !is_head() && !lacking)
        co_await send(last_chunk, {}, {});
    if (broken_ || lacking) {
        session_.close();
        co_return false;
    }
    if (closes_)
        session_.end_of_answers();
    co_return !closes_;
}

} // namespace onlink
