// SPDX-License-Identifier: BSL-1.0
#include "net/http_session.hpp"

#include "net/shell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace onlink {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_size = 4096; // a whole request of any real control point in one or two reads

/// A deferred handler on its way: shared by the session that waits for it and the coroutine that may outlast
/// the wait.
struct running_call {
    explicit running_call(asio::any_io_executor const& executor) : done(executor) {}

    asio::steady_timer done; ///< cancelled when the result is there
    asio::cancellation_signal stop;
    std::optional<action_result> result;
    bool threw = false;
};

} // namespace

http_session::http_session(std::shared_ptr<shell> owner, tcp::socket socket, connection from)
    : shell_(std::move(owner)),
      socket_(std::move(socket)),
      from_(std::move(from)),
      deadline_(shell_->executor())
{}

void http_session::run()
{
    auto loop = [self = shared_from_this()] { return self->serve(); };
    asio::co_spawn(shell_->executor(), std::move(loop),
                   [self = shared_from_this()](std::exception_ptr thrown) {
                       self->shell_->on_exception(thrown);
                       self->close();
                       self->shell_->forget(*self);
                   });
}

void http_session::close()
{
    deadline_.disarm();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void http_session::close_if_idle()
{
    if (idle_)
        close();
}

void http_session::arm(duration after)
{
    deadline_.arm(after, shared_from_this(), [this] {
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    });
}

asio::awaitable<void> http_session::serve()
{
    boost::system::error_code ignored;
    socket_.set_option(tcp::no_delay{true}, ignored);
    auto const most = shell_->options().limits.http.max_requests;
    for (unsigned served = 1; served <= most && socket_.is_open(); ++served) {
        auto request = co_await read_request();
        if (!request)
            break;
        bool const more = co_await answer(*std::move(request), served == most);
        if (!more)
            break;
    }
    co_await linger();
}

asio::awaitable<std::optional<http_request>> http_session::read_request()
{
    auto const& bounds = shell_->options().limits.http;
    request_parser parser{bounds};
    idle_ = received_.empty() && !shell_->stopping();
    arm(idle_ ? bounds.idle_deadline : bounds.request_deadline);
    for (;;) {
        if (!received_.empty()) {
            if (idle_) {
                idle_ = false;
                arm(bounds.request_deadline);
            }
            auto const progress = parser.feed(received_);
            received_.erase(0, progress.consumed);
            if (progress.state == request_parser::state::complete) {
                deadline_.disarm();
                co_return parser.take();
            }
            if (progress.state == request_parser::state::failed) {
                bool const too_large =
                    parser.status() == 413 || parser.status() == 414 || parser.status() == 431;
                co_await refuse(parser.status(), parser.version(),
                                too_large ? refusal_reason::request_too_large
                                          : refusal_reason::request_malformed);
                co_return std::nullopt;
            }
            if (progress.expects_continue) {
                bool const sent = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
                if (!sent)
                    co_return std::nullopt;
                arm(bounds.request_deadline);
            }
        }
        std::array<char, read_size> chunk;
        auto const [ec, size] = co_await socket_.async_read_some(asio::buffer(chunk), no_throw);
        if (ec) {
            if (deadline_.expired() && !idle_ && socket_.is_open())
                co_await refuse(408, parser.version(), refusal_reason::request_timeout);
            co_return std::nullopt;
        }
        received_.append(chunk.data(), size);
    }
}

asio::awaitable<bool> http_session::answer(http_request request, bool last)
{
    auto& runtime = shell_->runtime();
    auto reply = runtime.on_request(shell::now(), from_, request);
    shell_->pump();

    http_response response;
    if (auto* wanted = std::get_if<invocation>(&reply.what)) {
        response = co_await call(std::move(*wanted));
        shell_->pump(); // the observer hears of it before the peer does
    } else {
        response = std::move(std::get<http_response>(reply.what));
    }
    response.close = response.close || last || shell_->stopping() || !request.keep_alive();
    bool const close_after = response.close;

    auto message = write_response(response, request.version, request.method == http_method::head);
    bool const sent = co_await write(std::move(message));
    if (close_after) {
        boost::system::error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
    }
    // Only now, behind the answer and its FIN, may the initial event go (UDA 2.0, 4.1.2).
    if (reply.subscribed)
        runtime.on_answered(shell::now(), *reply.subscribed, sent);
    shell_->pump();
    shell_->touch(*this);
    co_return sent && !close_after;
}

asio::awaitable<http_response> http_session::call(invocation what)
{
    auto& runtime = shell_->runtime();
    auto const service = what.service; // keeps the handler alive
    auto const* handler = service.find_handler(what.call.action());

    auto const running = std::make_shared<running_call>(shell_->executor());
    if (auto const* immediate = std::get_if<action_handler::immediate>(&handler->run)) {
        try {
            running->result = (*immediate)(what.call);
        } catch (...) { // what it says is for the application's log, never for the peer
            running->threw = true;
        }
        runtime.on_handler_ended();
    } else {
        auto const& deferred = std::get<action_handler::deferred>(handler->run);
        running->done.expires_after(shell_->options().limits.control.action_deadline);
        auto body = [service, &deferred, given = what.call]() -> asio::awaitable<action_result> {
            auto awaitable = deferred(given);
            action_result result = co_await std::move(awaitable);
            co_return result;
        };
        asio::co_spawn(shell_->executor(), std::move(body),
                       asio::bind_cancellation_slot(
                           running->stop.slot(),
                           [running, owner = shell_](std::exception_ptr thrown, action_result result) {
                               owner->runtime().on_handler_ended();
                               running->threw = thrown != nullptr;
                               running->result = std::move(result);
                               running->done.cancel();
                           }));
        auto const ended = [&] { return running->result || running->threw; };
        if (!ended()) // a handler that never suspends has come to its end in co_spawn()
            co_await running->done.async_wait(no_throw);
        if (!ended()) {
            runtime.on_refusal(from_, refusal_reason::action_timeout, 500, what.call.action());
            running->stop.emit(asio::cancellation_type::terminal);
        }
    }
    action_result const result =
        running->result && !running->threw ? std::move(*running->result) : upnp_error::action_failed();
    co_return runtime.on_action_done(shell::now(), from_, what, result, running->threw);
}

asio::awaitable<bool> http_session::write(std::string message)
{
    arm(shell_->options().limits.http.response_deadline);
    auto const [ec, size] = co_await asio::async_write(socket_, asio::buffer(message), no_throw);
    (void)size;
    deadline_.disarm();
    co_return !ec;
}

asio::awaitable<void> http_session::refuse(int status, unsigned version, refusal_reason reason)
{
    shell_->runtime().on_refusal(from_, reason, status);
    shell_->pump();
    auto response = refusal_response(status, reason, shell_->options().policies.explain_refusals);
    response.close = true;
    auto message = write_response(response, version, false);
    co_await write(std::move(message));
}

/// Reads on for a moment after the last answer: closing with bytes unread would reset the connection, and the
/// answer might be lost on its way.
asio::awaitable<void> http_session::linger()
{
    auto const& bounds = shell_->options().limits.http;
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    arm(bounds.linger_deadline);
    std::array<char, read_size> chunk;
    for (std::size_t thrown_away = 0; thrown_away < bounds.max_linger && socket_.is_open();) {
        auto const [ec, size] = co_await socket_.async_read_some(asio::buffer(chunk), no_throw);
        if (ec)
            break;
        thrown_away += size;
    }
    deadline_.disarm();
}

} // namespace onlink
