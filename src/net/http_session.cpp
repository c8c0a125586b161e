// SPDX-License-Identifier: BSL-1.0
#include "net/http_session.hpp"

#include "base/at_exit.hpp"
#include "net/folder_file.hpp"
#include "net/http_exchange.hpp"
#include "net/shell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>

namespace onlink {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t max_joined = 4096; ///< of a body that is copied behind its head

} // namespace

http_session::http_session(std::shared_ptr<shell> owner, tcp::socket socket, connection from)
    : shell_(std::move(owner)),
      socket_(std::move(socket)),
      from_(std::move(from)),
      deadline_(shell_->executor())
{}

void http_session::run()
{
    boost::system::error_code ignored;
    socket_.non_blocking(true, ignored); // what the system takes at once is written at once
    go_on();
}

/// Serves what has come, or waits for it. The first request is often there as soon as its connection is.
void http_session::go_on()
{
    reader_ = shell_->readers().take();
    auto const ec = receive_at_once();
    if (!ec)
        return begin(shell_->executor(), shared_from_this());
    shell_->readers().give_back(std::move(reader_));
    if (ec == asio::error::would_block || ec == asio::error::interrupted)
        wait();
    else
        end();
}

void http_session::wait()
{
    become_idle();
    arm(shell_->options().limits.http.idle_deadline);
    socket_.async_wait(tcp::socket::wait_read,
                       [self = shared_from_this()](boost::system::error_code ec) { self->on_readable(ec); });
}

void http_session::become_idle() noexcept
{
    phase_ = phase::idle;
    idle_since_ = shell::now().at;
}

void http_session::on_readable(boost::system::error_code ec) noexcept
{
    try {
        if (!socket_.is_open())
            end();
        else if (ec) // it was idle too long
            begin(shell_->executor(), shared_from_this());
        else
            go_on();
    } catch (...) { // no memory
        shell_->on_exception(std::current_exception());
        end();
    }
}

void http_session::on_loop_end(std::exception_ptr const& thrown) noexcept
{
    shell_->readers().give_back(std::move(reader_));
    shell_->on_exception(thrown);
    if (!thrown && more_ && socket_.is_open())
        try {
            return wait();
        } catch (...) { // no memory
            shell_->on_exception(std::current_exception());
        }
    end();
}

void http_session::end() noexcept
{
    close();
    try {
        shell_->forget(*this);
    } catch (...) { // no memory for what follows from that
        shell_->on_exception(std::current_exception());
    }
}

void http_session::close()
{
    deadline_.stop();
    boost::system::error_code ignored;
    socket_.close(ignored);
    hangup_.emit(asio::cancellation_type::terminal);
    auto const running = call_.lock();
    if (running && shell_->stopping()) // its coroutine must not be left on the executor
        running->abandon();
}

void http_session::close_if_idle()
{
    if (idle())
        close();
}

bool http_session::spare(time_point now) const
{
    if (phase_ == phase::lingering)
        return true;
    auto const grace = shell_->options().limits.http.idle_grace;
    boost::system::error_code ignored;
    return idle() && now - idle_since_ >= grace && socket_.available(ignored) == 0;
}

void http_session::arm(duration after)
{
    deadline_.arm(after, shared_from_this(), [this] {
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    });
}

bool http_session::closes_after(http_request const& request, bool last) const
{
    return last || shell_->stopping() || !request.keep_alive();
}

/// All requests that are there. Without a reader, of one that was idle too long, only the end.
asio::awaitable<void> http_session::loop_body()
{
    auto const& bounds = shell_->options().limits.http;
    more_ = false;
    if (reader_)
        reader_->parser.restart([this](http_request const& head) {
            plan_ = shell_->runtime().plan_body(head);
            return plan_.most;
        });
    while (reader_ && socket_.is_open()) {
        bool const last = ++served_ >= bounds.max_requests;
        plan_ = {};
        reader_->parser.restart();
        phase_ = phase::reading;
        auto const read = co_await read_request();
        if (read == progress::failed)
            break;
        phase_ = phase::answering;
        bool const more = co_await answer(last);
        if (!more)
            break;
        if (received().empty()) {
            if (shell_->stopping())
                break;
            become_idle(); // from here on it may have to go
            more_ = true;
            co_return;
        }
    }
    co_await linger();
}

asio::awaitable<http_session::progress> http_session::read_request()
{
    auto const& bounds = shell_->options().limits.http;
    auto& parser = reader_->parser;
    // Of what has to be waited for next, when the wait begins: what is there already needs no deadline.
    std::optional<duration> within{bounds.header_deadline};
    for (bool in_body = false;;) {
        auto const step = parser.feed(received());
        received().erase(0, step.consumed);
        if (step.state == request_parser::state::failed) {
            bool const too_large = parser.status() == 413 || parser.status() == 414 || parser.status() == 431;
            co_await refuse(parser.status(), too_large ? refusal_reason::request_too_large
                                                       : refusal_reason::request_malformed);
            co_return progress::failed;
        }
        if (parser.head() && plan_.as_it_comes) {
            deadline_.disarm();
            co_return progress::body_follows;
        }
        if (step.state == request_parser::state::complete) {
            deadline_.disarm();
            co_return progress::complete;
        }
        if (step.expects_continue) {
            bool const sent = co_await write("HTTP/1.1 100 Continue\r\n\r\n");
            if (!sent)
                co_return progress::failed;
        }
        if (parser.head() && !in_body) {
            in_body = true;
            within = bounds.body_deadline;
        }
        if (within)
            arm(*within);
        within.reset();
        auto const ec = co_await receive();
        if (ec) {
            if (deadline_.expired() && socket_.is_open())
                co_await refuse(408, refusal_reason::request_timeout);
            co_return progress::failed;
        }
    }
}

boost::system::error_code http_session::receive_at_once()
{
    received().resize(reader_->room);
    boost::system::error_code ec;
    auto const size = socket_.read_some(asio::buffer(received()), ec);
    received().resize(ec ? 0 : size);
    return ec;
}

asio::awaitable<boost::system::error_code> http_session::receive()
{
    if (deadline_.expired()) // while the bytes before these were on their way to us
        co_return asio::error::timed_out;
    auto& room = reader_->room;
    auto const before = received().size();
    received().resize(before + room);
    auto const [ec, size] =
        co_await socket_.async_read_some(asio::buffer(received().data() + before, room), no_throw);
    received().resize(before + (ec ? 0 : size));
    if (size == room) // there is more
        room = std::min(2 * room, request_reader::most_room);
    co_return ec;
}

asio::awaitable<bool> http_session::answer(bool last)
{
    auto& parser = reader_->parser;
    auto& runtime = shell_->runtime();
    // Of a body that comes in parts, the request that the engines see has none yet.
    std::optional<http_request> without_body;
    if (plan_.as_it_comes)
        without_body = parser.head()->without_body();
    auto const& request = without_body ? *without_body : *parser.head();
    auto reply = runtime.on_request(shell::now(), from_, request);
    shell_->pump();

    bool more = false;
    if (auto* wanted = std::get_if<wanted_file>(&reply.what)) {
        at_exit const ended{[&] { runtime.on_transfer_ended(from_); }};
        more = co_await send_file(*wanted, request, last);
    } else if (auto* exchanged = std::get_if<wanted_exchange>(&reply.what)) {
        at_exit const ended{[&] { runtime.on_transfer_ended(from_); }};
        more = co_await exchange(std::move(*exchanged), request, last);
    } else {
        bool sent = false;
        // Only behind the answer and its FIN may the initial event go (UDA 2.0, 4.1.2); and who got no answer
        // knows no SID.
        at_exit const answered{[&] {
            if (reply.subscribed)
                runtime.on_answered(shell::now(), *reply.subscribed, sent);
        }};
        if (auto* wanted_call = std::get_if<invocation>(&reply.what)) {
            auto const what = std::move(*wanted_call);
            auto& response = reply.what.emplace<http_response>();
            if (auto done = call_now(what))
                response = *std::move(done);
            else
                response = co_await call(what);
            shell_->pump(); // the observer hears of it before the peer does
        }
        auto& response = std::get<http_response>(reply.what);
        // Where a body was to come in parts and nobody reads it, the next request cannot be found.
        response.close = response.close || plan_.as_it_comes || closes_after(request, last);
        auto& head = shell_->head_buffer();
        write_head(head, response, request.version);
        std::string_view body;
        if (response.body && request.method != http_method::head)
            body = *response.body;
        if (body.size() <= max_joined) { // one piece is sent for less than two
            head += body;
            body = {};
        }
        auto const at_once = write_now(head, body);
        sent = at_once.has_value() && (*at_once == head.size() + body.size());
        if (at_once && !sent) {
            auto const own_head = head;
            sent = co_await write_rest(own_head, body, *at_once);
        }
        // Who wants no more has sent no more, as a rule: linger() will see, and one close does for both ends.
        // But the FIN is not to be behind the initial event.
        satisfied_ = sent && !request.keep_alive() && received().empty() && !reply.subscribed;
        if (response.close && !satisfied_)
            end_of_answers();
        more = sent && !response.close;
    }
    shell_->pump();
    shell_->touch(*this);
    co_return more;
}

/// What the system takes of it without our waiting, which is nearly always all; nothing if it is broken.
std::optional<std::size_t> http_session::write_now(std::string_view head, std::string_view body)
{
    std::array<asio::const_buffer, 2> const buffers{asio::buffer(head), asio::buffer(body)};
    boost::system::error_code ec;
    auto const size = body.empty() ? socket_.write_some(buffers[0], ec) : socket_.write_some(buffers, ec);
    if (ec && ec != asio::error::would_block && ec != asio::error::interrupted)
        return std::nullopt;
    return size;
}

void http_session::end_of_answers()
{
    if (std::exchange(ended_, true))
        return;
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

/// A file that shrinks while it is sent ends the connection: the client has been told how much to expect.
asio::awaitable<bool> http_session::send_file(wanted_file const& what, http_request const& request, bool last)
{
    auto& runtime = shell_->runtime();
    auto const& bounds = shell_->options().limits.http;
    auto const file = folder_file::open(*what.folder, what.name);
    if (!file) {
        auto missing = runtime.on_no_file(shell::now(), from_, request);
        shell_->pump();
        missing.close = closes_after(request, last);
        auto const message = write_response(missing, request.version, request.method == http_method::head);
        bool const sent = co_await write(message);
        if (missing.close)
            end_of_answers();
        co_return sent && !missing.close;
    }
    auto answer = runtime.on_file(shell::now(), request, what, file->facts());
    answer.head.close = closes_after(request, last);
    auto const head = write_head(answer.head, request.version);
    if (request.method == http_method::head)
        answer.part.length = 0;

    std::string buffer(
        static_cast<std::size_t>(std::min<std::uint64_t>(bounds.transfer_buffer, answer.part.length)), '\0');
    bool sent = false;
    for (std::string_view before = head;;) {
        auto const wanted = std::min<std::uint64_t>(buffer.size(), answer.part.length);
        auto const got = file->read(answer.part.offset, buffer.data(), static_cast<std::size_t>(wanted));
        if (!got || (*got == 0 && wanted != 0))
            co_return false;
        sent = co_await write_some({before, std::string_view{buffer}.substr(0, *got), {}},
                                   bounds.transfer_deadline);
        before = {};
        answer.part.offset += *got;
        answer.part.length -= *got;
        if (!sent || answer.part.length == 0)
            break;
    }
    if (answer.head.close)
        end_of_answers();
    co_return sent && !answer.head.close;
}

/// Runs the handler of a route to its end; the connection cannot end before it.
asio::awaitable<bool> http_session::exchange(wanted_exchange what, http_request const& request, bool last)
{
    auto& runtime = shell_->runtime();
    http_exchange with{*this, reader_->parser, request, std::move(what.request), last};
    auto body = [route = what.route, &with]() -> asio::awaitable<void> {
        auto running = route->run(with);
        co_await std::move(running);
    };
    // Once it runs, nothing more is needed to hear of its end; it must not outlast what it refers to.
    auto const [thrown] = co_await asio::co_spawn(shell_->executor(), std::move(body),
                                                  asio::bind_cancellation_slot(hangup_.slot(), no_throw));
    bool const threw = thrown != nullptr;
    if (threw)
        runtime.on_refusal(from_, refusal_reason::internal_error, 500, with.request().path);
    bool const more = co_await with.finish(threw);
    co_return more;
}

/// The outcome of a handler that answers at once; nothing of one that is still to be waited for.
std::optional<http_response> http_session::call_now(invocation const& what)
{
    auto const* immediate = what.immediate();
    if (!immediate)
        return std::nullopt;
    std::optional<action_result> result;
    try {
        result = (*immediate)(what.call);
    } catch (...) { // what it says is for the application's log, never for the peer
    }
    bool const threw = !result;
    return shell_->runtime().on_action_done(shell::now(), from_, what,
                                            threw ? upnp_error::action_failed() : *std::move(result), threw);
}

asio::awaitable<http_response> http_session::call(invocation const& what)
{
    auto& runtime = shell_->runtime();
    bool started = false; // then it tells of its own end
    at_exit const ended{[&] {
        if (!started)
            runtime.on_handler_ended(from_.peer.address);
    }};
    auto const running = std::make_shared<deferred_call>(shell_->executor());
    call_ = running;
    running->start(shell_, from_.peer.address, what);
    started = true;
    co_await running->wait(shell_->options().limits.control.action_deadline);
    if (!running->ended()) {
        if (!running->abandoned())
            runtime.on_refusal(from_, refusal_reason::action_timeout, 500, what.call.action());
        running->cancel();
    }
    auto const result = running->take_result();
    co_return runtime.on_action_done(shell::now(), from_, what, result, running->threw());
}

asio::awaitable<bool> http_session::write(std::string_view text)
{
    auto const at_once = write_now(text, {});
    bool sent = at_once && *at_once == text.size();
    if (at_once && !sent)
        sent = co_await write_rest(text, {}, *at_once);
    co_return sent;
}

/// Head and body behind what was written of them at once, a part at a time.
asio::awaitable<bool> http_session::write_rest(std::string_view head, std::string_view body,
                                               std::size_t written)
{
    auto const& bounds = shell_->options().limits.http;
    auto const of_head = std::min(written, head.size());
    head.remove_prefix(of_head);
    body.remove_prefix(written - of_head);
    auto const before = std::exchange(phase_, phase::writing);
    bool sent = true;
    do {
        auto const part = body.substr(0, bounds.transfer_buffer);
        sent = co_await write_some({head, part, {}}, bounds.response_deadline);
        head = {};
        body.remove_prefix(part.size());
    } while (sent && !body.empty());
    phase_ = before;
    co_return sent;
}

asio::awaitable<bool> http_session::write_some(std::array<std::string_view, 3> parts, duration within)
{
    arm(within);
    std::array<asio::const_buffer, 3> const buffers{asio::buffer(parts[0]), asio::buffer(parts[1]),
                                                    asio::buffer(parts[2])};
    auto const [ec, size] = co_await asio::async_write(socket_, buffers, deadline_.in_time(), no_throw);
    deadline_.disarm();
    bool const sent = !ec && size == asio::buffer_size(buffers);
    if (!sent && deadline_.expired() && socket_.is_open()) {
        shell_->runtime().on_refusal(from_, refusal_reason::answer_timeout, 0);
        shell_->pump();
    }
    co_return sent;
}

asio::awaitable<void> http_session::refuse(int status, refusal_reason reason)
{
    auto const& parser = reader_->parser;
    auto const response = shell_->runtime().on_bad_request(shell::now(), from_, reason, status);
    shell_->pump();
    auto const message = write_response(response, parser.version(), parser.is_head());
    co_await write(message);
}

/// Reads on for a moment after the last answer: closing with bytes unread would reset the connection, and the
/// answer might be lost on its way.
asio::awaitable<void> http_session::linger()
{
    auto const& bounds = shell_->options().limits.http;
    std::array<char, request_reader::least_room> chunk;
    boost::system::error_code ended;
    socket_.read_some(asio::buffer(chunk), ended);
    if (ended && (ended != asio::error::would_block || satisfied_)) // it has gone, or nothing is unread
        co_return;
    end_of_answers();
    phase_ = phase::lingering;
    arm(bounds.linger_deadline);
    for (std::size_t thrown_away = 0; thrown_away < bounds.max_linger && socket_.is_open();) {
        auto const [ec, size] = co_await socket_.async_read_some(asio::buffer(chunk), no_throw);
        if (ec || deadline_.expired())
            break;
        thrown_away += size;
    }
    deadline_.disarm();
}

} // namespace onlink
