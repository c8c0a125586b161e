// SPDX-License-Identifier: BSL-1.0
#include "net/http_listener.hpp"

#include "net/http_session.hpp"
#include "net/shell.hpp"
#include "net/socket_endpoint.hpp"
#include "net/socket_options.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace onlink {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

/// Errors that concern only the one connection; the next accept may follow at once.
bool peer_is_gone(boost::system::error_code const& ec)
{
    return ec == asio::error::connection_aborted || ec == asio::error::connection_reset;
}

} // namespace

http_listener::http_listener(std::shared_ptr<shell> owner, served_endpoint const& at,
                             std::string const& device)
    : standing_loop(std::move(owner)),
      interface_index_(at.interface_index),
      interface_name_(at.interface_name),
      acceptor_(shell_->executor()),
      pause_(shell_->executor())
{
    auto const where = to_socket_endpoint({at.address, at.http_port}, interface_index_);
    acceptor_.open(where.protocol());
    close_on_exec(acceptor_.native_handle());
    acceptor_.set_option(tcp::acceptor::reuse_address{true}); // a restart need not wait for TIME_WAIT
    acceptor_.set_option(tcp::no_delay{true});                // what accept() returns inherits that
    bool const ipv6 = at.address.is_v6();
    if (ipv6)
        acceptor_.set_option(asio::ip::v6_only{true});
    // What accept() returns inherits all of it, and so does the answer to the first packet of a handshake.
    for (auto const& gap :
         contain(acceptor_.native_handle(), ipv6, {device, shell_->runtime().contained(interface_index_)})) {
        bound_to_device_ = bound_to_device_ && gap.what != containment::bound_to_device;
        shell_->runtime().on_containment_gap(interface_index_, gap.what, gap.why);
    }
    acceptor_.bind(where);
    acceptor_.listen();
    auto const own = acceptor_.local_endpoint();
    local_ = {own.address(), own.port()};
}

asio::awaitable<void> http_listener::loop_body()
{
    while (acceptor_.is_open()) {
        tcp::endpoint peer;
        auto [ec, socket] = co_await acceptor_.async_accept(peer, no_throw);
        if (!acceptor_.is_open() || ec == asio::error::operation_aborted)
            co_return;
        bool const no_resources = ec && !peer_is_gone(ec);
        try {
            if (!ec)
                take(std::move(socket), {peer.address(), peer.port()});
            else if (no_resources)
                tell_of_no_resources();
        } catch (...) { // out of memory for one session, or for saying so, is not the end of the loop
            shell_->on_exception(std::current_exception());
        }
        if (no_resources && acceptor_.is_open()) { // an observer may have closed it
            // The waiting connection is still there, so accepting again at once would only spin.
            pause_.expires_after(shell_->options().limits.http.accept_pause);
            co_await pause_.async_wait(no_throw);
        }
    }
}

void http_listener::tell_of_no_resources()
{
    connection nobody; // who waits is not known before it is accepted
    nobody.interface_name = interface_name_;
    shell_->runtime().on_refusal(nobody, refusal_reason::connection_unavailable, 0);
    shell_->pump();
}

void http_listener::take(tcp::socket socket, endpoint const& peer)
{
    close_on_exec(socket.native_handle());
    connection const from{interface_index_,
                          interface_name_,
                          local_,
                          peer,
                          arrival_of_connection(socket.native_handle(), local_.address.is_v6()),
                          to_authority(local_)};
    if (shell_->runtime().admit_connection(from)) {
        auto const session = std::make_shared<http_session>(shell_, std::move(socket), from);
        if (auto const refused = shell_->admit(session)) {
            shell_->runtime().on_refusal(from, *refused, 0);
        } else {
            try {
                session->run();
            } catch (...) { // no memory: it never was
                session->close();
                shell_->forget(*session);
                throw;
            }
        }
    }
    shell_->pump();
}

void http_listener::close()
{
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

} // namespace onlink
