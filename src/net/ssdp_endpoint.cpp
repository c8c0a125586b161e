// SPDX-License-Identifier: BSL-1.0
#include "net/ssdp_endpoint.hpp"

#include "net/shell.hpp"
#include "net/socket_options.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>

namespace onlink {

namespace {

namespace asio = boost::asio;
using asio::ip::udp;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr std::uint16_t ssdp_port = 1900;                                          // UDA 2.0, 1
asio::ip::address_v4 const group_address = asio::ip::make_address_v4(0xeffffffaU); // 239.255.255.250

void open(udp::socket& socket, udp::endpoint const& at)
{
    socket.open(at.protocol());
    // Other SSDP programs of the host share the port (UDA 2.0, 1.3.3).
    socket.set_option(udp::socket::reuse_address{true});
    socket.bind(at);
    socket.non_blocking(true);
}

void throw_on(boost::system::error_code const& ec, char const* what)
{
    if (ec)
        throw boost::system::system_error{ec, what};
}

} // namespace

ssdp_endpoint::ssdp_endpoint(std::shared_ptr<shell> owner, served_interface const& at)
    : shell_(std::move(owner)),
      interface_index_(at.index),
      group_(shell_->executor()),
      own_(shell_->executor())
{
    auto const own = at.address.to_v4();
    boost::system::error_code ec;

    open(group_, {group_address, ssdp_port}); // bound to the group, so that nothing else arrives here
    join_group(group_.native_handle(), group_address, at.index, own, ec);
    throw_on(ec, "joining 239.255.255.250");

    open(own_, {own, ssdp_port});
    own_.set_option(asio::ip::multicast::hops{shell_->options().policies.multicast_ttl});
    own_.set_option(asio::ip::multicast::enable_loopback{true}); // control points on this host hear us too
    send_multicast_by(own_.native_handle(), at.index, own, ec);
    throw_on(ec, "choosing the multicast interface");
}

void ssdp_endpoint::run()
{
    for (auto [socket, multicast] : {std::pair{&group_, true}, std::pair{&own_, false}}) {
        auto loop = [self = shared_from_this(), s = socket, m = multicast] { return self->receive(*s, m); };
        asio::co_spawn(
            shell_->executor(), std::move(loop),
            [self = shared_from_this()](std::exception_ptr thrown) { self->shell_->on_exception(thrown); });
    }
}

asio::awaitable<void> ssdp_endpoint::receive(udp::socket& socket, bool multicast)
{
    // One byte more than is allowed shows that a datagram was longer.
    std::string buffer(shell_->options().limits.ssdp.max_datagram + 1, '\0');
    asio::steady_timer pause{shell_->executor()};
    while (socket.is_open()) {
        udp::endpoint from;
        auto const [ec, size] = co_await socket.async_receive_from(asio::buffer(buffer), from, no_throw);
        if (!socket.is_open() || ec == asio::error::operation_aborted)
            co_return;
        if (ec) {
            // An ICMP error of something we sent, or the system out of memory: wait, so as not to spin.
            pause.expires_after(shell_->options().limits.http.accept_pause);
            co_await pause.async_wait(no_throw);
            continue;
        }
        shell_->runtime().on_datagram(shell::now(), {interface_index_,
                                                     multicast,
                                                     {from.address(), from.port()},
                                                     std::string_view{buffer}.substr(0, size)});
        shell_->pump();
    }
}

void ssdp_endpoint::send(endpoint const& to, std::string_view message)
{
    boost::system::error_code ignored;
    own_.send_to(asio::buffer(message), udp::endpoint{to.address, to.port}, 0, ignored);
}

void ssdp_endpoint::close()
{
    boost::system::error_code ignored;
    group_.close(ignored);
    own_.close(ignored);
}

} // namespace onlink
