// SPDX-License-Identifier: BSL-1.0
#include "net/subscriber_connection.hpp"

#include "http/response_parser.hpp"
#include "net/outgoing_socket.hpp"
#include "net/shell.hpp"
#include "net/socket_endpoint.hpp"

#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace onlink {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

} // namespace

subscriber_connection::subscriber_connection(std::shared_ptr<shell> owner, connection_number number)
    : shell_(std::move(owner)), number_(number), socket_(shell_->executor())
{}

/// A handler that throws nothing into the loop. Without memory the event is lost now: all others of its
/// subscriber would have to wait for the deadline.
template <class Handler>
auto subscriber_connection::guarded(Handler handler)
{
    return [self = shared_from_this(), handler = std::move(handler)](auto const&... arguments) {
        try {
            handler(*self, arguments...);
        } catch (...) {
            self->shell_->on_exception(std::current_exception());
            if (self->busy())
                self->finish(delivery_outcome::failed("no memory"));
            else
                self->shell_->subscriber_gone(self->number_);
        }
    };
}

void subscriber_connection::open(event_delivery what, delivery_path const& by)
{
    what_ = std::make_shared<event_delivery const>(std::move(what));
    auto const to = to_socket_endpoint(what_->to().where(), by.interface_index);
    if (auto const refused = open_outgoing(socket_, by, to.address().is_v6(), shell_->runtime()))
        return finish(delivery_outcome::failed(refused.message()));
    error_code ignored;
    socket_.non_blocking(true, ignored);
    auto const on_connected = [](subscriber_connection& self, error_code const& refused) {
        if (!self.busy())
            return;
        if (refused)
            return self.finish(delivery_outcome::failed(refused.message()));
        error_code unknown;
        self.socket_.set_option(tcp::no_delay{true}, unknown);
        self.shell_->report(*self.what_, delivery_step::writing);
        self.write();
    };
    socket_.async_connect(to, guarded(on_connected));
}

void subscriber_connection::send(event_delivery what)
{
    what_ = std::make_shared<event_delivery const>(std::move(what));
    write();
}

void subscriber_connection::close()
{
    what_.reset();
    error_code ignored;
    socket_.close(ignored);
}

void subscriber_connection::write()
{
    written_ = false;
    std::array<asio::const_buffer, 2> const message{asio::buffer(what_->header()),
                                                    asio::buffer(*what_->body())};
    error_code broken;
    auto const size = socket_.write_some(message, broken);
    if (broken && broken != asio::error::would_block && broken != asio::error::interrupted)
        return on_broken(broken);
    if (size == asio::buffer_size(message))
        on_written();
    else
        write_rest(size);
    wait();
}

void subscriber_connection::write_rest(std::size_t written)
{
    auto const skipped = std::min(written, what_->header().size());
    std::array<asio::const_buffer, 2> const rest{asio::buffer(what_->header()) + skipped,
                                                 asio::buffer(*what_->body()) + (written - skipped)};
    asio::async_write(
        socket_, rest,
        guarded([what = what_](subscriber_connection& self, error_code const& broken, std::size_t) {
            if (what != self.what_)
                return;
            if (broken)
                return self.on_broken(broken);
            self.on_written();
        }));
}

void subscriber_connection::on_written()
{
    written_ = true;
    shell_->report(*what_, delivery_step::awaiting_answer);
}

/// One wait serves for the answer, for the end of an idle connection, and for the next answer.
void subscriber_connection::wait()
{
    if (std::exchange(waiting_, true))
        return;
    auto const on_read = [](subscriber_connection& self, error_code const& ended, std::size_t size) {
        self.waiting_ = false;
        if (self.socket_.is_open())
            self.on_read(ended, size);
    };
    socket_.async_read_some(asio::buffer(chunk_), guarded(on_read));
}

void subscriber_connection::on_read(error_code const& ended, std::size_t size)
{
    if (!busy()) // the end, or somebody who talks without being asked
        return shell_->subscriber_gone(number_);
    if (ended)
        return on_broken(ended);
    answer_.append(chunk_.data(), size);
    on_answer();
}

void subscriber_connection::on_answer()
{
    auto const answer = read_response(answer_, shell_->options().limits.eventing.max_notify_response);
    if (!answer)
        return finish(delivery_outcome::failed(answer.error().message()));
    if (!*answer)
        return wait();
    auto const [status, reusable] = **answer;
    bool const kept = reusable && written_; // some answer before they have read all
    if (status == 200)
        return finish(delivery_outcome::delivered(kept));
    if (status == 412)
        return finish(delivery_outcome::sid_unknown(kept));
    finish(delivery_outcome::failed("status " + std::to_string(status), kept));
}

void subscriber_connection::on_broken(error_code const& why)
{
    bool const stale = !what_->connects() && answer_.empty();
    finish(stale ? delivery_outcome::stale() : delivery_outcome::failed(why.message()));
}

void subscriber_connection::finish(delivery_outcome outcome)
{
    auto const number = what_->number();
    what_.reset();
    answer_.clear();
    if (outcome.kept)
        try {
            wait();
        } catch (...) { // no memory to notice its end
            outcome.kept = false;
        }
    shell_->settle(number_, number, std::move(outcome));
}

} // namespace onlink
