// SPDX-License-Identifier: BSL-1.0
#include "net/notify_sender.hpp"

#include "http/response_parser.hpp"
#include "net/outgoing_socket.hpp"
#include "net/shell.hpp"
#include "net/socket_endpoint.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace onlink {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

} // namespace

notify_sender::notify_sender(std::shared_ptr<shell> owner, event_delivery what, delivery_path by)
    : shell_(std::move(owner)),
      what_(std::move(what)),
      by_(std::move(by)),
      socket_(shell_->executor()),
      deadline_(shell_->executor())
{}

void notify_sender::run()
{
    auto body = [self = shared_from_this()] { return self->attempt(); };
    asio::co_spawn(shell_->executor(), std::move(body),
                   [self = shared_from_this()](std::exception_ptr thrown, std::string failure) {
                       self->shell_->on_exception(thrown);
                       if (thrown)
                           failure = "internal error";
                       self->close();
                       self->shell_->runtime().on_delivery(self->what_.number(), failure.empty(), failure);
                       self->shell_->forget(*self);
                       self->shell_->pump();
                   });
}

void notify_sender::close()
{
    deadline_.disarm();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

asio::awaitable<std::string> notify_sender::attempt()
{
    auto const& bounds = shell_->options().limits.eventing;
    auto const failed = [this](boost::system::error_code const& ec) {
        return deadline_.expired() ? std::string{"no answer in time"} : ec.message();
    };
    deadline_.arm(bounds.notify_deadline, shared_from_this(), [this] {
        boost::system::error_code ignored;
        socket_.close(ignored);
    });

    auto const to = to_socket_endpoint(what_.to().where(), by_.interface_index);
    if (auto const ec = open_outgoing(socket_, by_, to.address().is_v6(), shell_->runtime()))
        co_return failed(ec);
    if (auto const [refused] = co_await socket_.async_connect(to, no_throw); refused)
        co_return failed(refused);

    std::array<asio::const_buffer, 2> const message{asio::buffer(what_.header()),
                                                    asio::buffer(*what_.body())};
    if (auto const [broken, size] = co_await asio::async_write(socket_, message, no_throw); broken)
        co_return failed(broken);

    std::string answer;
    std::array<char, 512> chunk;
    for (;;) {
        auto const [broken, size] = co_await socket_.async_read_some(asio::buffer(chunk), no_throw);
        if (broken)
            co_return failed(broken);
        answer.append(chunk.data(), size);
        auto const status = read_response_status(answer, bounds.max_notify_response);
        if (!status)
            co_return status.error().message();
        if (*status)
            co_return **status == 200 ? std::string{} : "status " + std::to_string(**status);
    }
}

} // namespace onlink
