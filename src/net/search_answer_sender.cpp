// SPDX-License-Identifier: BSL-1.0
#include "net/search_answer_sender.hpp"

#include "net/outgoing_socket.hpp"
#include "net/shell.hpp"
#include "net/socket_endpoint.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace onlink {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

} // namespace

search_answer_sender::search_answer_sender(std::shared_ptr<shell> owner, send_answers item)
    : shell_(std::move(owner)),
      item_(std::move(item)),
      socket_(shell_->executor()),
      deadline_(shell_->executor())
{}

void search_answer_sender::run()
{
    auto body = [self = shared_from_this()] { return self->attempt(); };
    asio::co_spawn(shell_->executor(), std::move(body),
                   [self = shared_from_this()](std::exception_ptr thrown, std::string failure) {
                       self->shell_->on_exception(thrown);
                       if (thrown)
                           failure = "internal error";
                       self->close();
                       self->shell_->runtime().on_search_answers_sent(self->item_.what, failure.empty(),
                                                                      failure);
                       self->shell_->forget(*self);
                       self->shell_->pump();
                   });
}

void search_answer_sender::close()
{
    deadline_.stop();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

asio::awaitable<std::string> search_answer_sender::attempt()
{
    auto const failed = [this](boost::system::error_code const& ec) {
        return deadline_.expired() ? std::string{"not in time"} : ec.message();
    };
    deadline_.arm(shell_->options().limits.ssdp.tcp_answer_deadline, shared_from_this(), [this] {
        boost::system::error_code ignored;
        socket_.close(ignored);
    });
    auto const to = to_socket_endpoint(item_.what.to, item_.by.interface_index);
    if (auto const ec = open_outgoing(socket_, item_.by, to.address().is_v6(), shell_->runtime()))
        co_return failed(ec);
    if (auto const [refused] = co_await socket_.async_connect(to, no_throw); refused)
        co_return failed(refused);
    auto const [broken, size] = co_await asio::async_write(socket_, asio::buffer(item_.what.bytes), no_throw);
    if (broken)
        co_return failed(broken);
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    co_return std::string{};
}

} // namespace onlink
