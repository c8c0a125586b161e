// SPDX-License-Identifier: BSL-1.0
#include "net/search_answer_sender.hpp"

#include "net/outgoing_socket.hpp"
#include "net/shell.hpp"
#include "net/socket_endpoint.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>

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

void search_answer_sender::run() { begin(shell_->executor(), shared_from_this()); }

void search_answer_sender::on_loop_end(std::exception_ptr const& thrown)
{
    shell_->on_exception(thrown);
    close();
    shell_->runtime().on_search_answers_sent(item_.what.interface_index, item_.what.to, failure_.empty(),
                                             failure_);
    shell_->forget(*this);
    shell_->pump();
}

void search_answer_sender::close()
{
    deadline_.stop();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

asio::awaitable<void> search_answer_sender::loop_body()
{
    auto const failed = [this](boost::system::error_code const& ec) {
        failure_ = deadline_.expired() ? "not in time" : ec.message();
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
    // In the types that http_session writes with: what Asio makes of them is there once.
    std::array<asio::const_buffer, 3> const message{asio::buffer(item_.what.bytes)};
    auto const [broken, size] = co_await asio::async_write(socket_, message, deadline_.in_time(), no_throw);
    if (broken || size != item_.what.bytes.size())
        co_return failed(broken);
    boost::system::error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    failure_.clear();
    co_return;
}

} // namespace onlink
