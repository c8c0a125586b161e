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

/// Opened, contained, and bound; what the system would not contain is told to the runtime.
void open(udp::socket& socket, udp::endpoint const& at, unsigned interface_index,
          containment_wish const& wish, device_runtime& runtime)
{
    socket.open(at.protocol());
    for (auto const& gap : contain(socket.native_handle(), false, wish))
        runtime.on_containment_gap(interface_index, gap.what, gap.why);
    ask_for_arrival(socket.native_handle());
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
    auto& runtime = shell_->runtime();
    containment_wish const wish{at.name, runtime.contained(at.index)};
    boost::system::error_code ec;

    // Bound to the group, so that nothing else arrives here.
    open(group_, {group_address, ssdp_port}, at.index, {at.name, false}, runtime);
    join_group(group_.native_handle(), group_address, at.index, own, ec);
    throw_on(ec, "joining 239.255.255.250");

    open(own_, {own, ssdp_port}, at.index, wish, runtime);
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
        auto [ec] = co_await socket.async_wait(udp::socket::wait_read, no_throw);
        if (!socket.is_open() || ec == asio::error::operation_aborted)
            co_return;
        udp::endpoint from;
        unsigned arrived_on = 0;
        std::size_t size = 0;
        if (!ec)
            size = receive_datagram(socket.native_handle(), buffer, from, arrived_on, ec);
        if (ec == asio::error::would_block || ec == asio::error::interrupted)
            continue; // the checksum was wrong, for example
        if (ec) {
            // An ICMP error of something we sent, or the system out of memory: wait, so as not to spin.
            pause.expires_after(shell_->options().limits.http.accept_pause);
            co_await pause.async_wait(no_throw);
            continue;
        }
        shell_->runtime().on_datagram(shell::now(), {interface_index_,
                                                     multicast,
                                                     {from.address(), from.port()},
                                                     std::string_view{buffer}.substr(0, size),
                                                     arrived_on});
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
