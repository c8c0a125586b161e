// SPDX-License-Identifier: BSL-1.0
#include "net/ssdp_socket.hpp"

#include "net/shell.hpp"
#include "net/socket_endpoint.hpp"
#include "net/socket_options.hpp"
#include "ssdp/ssdp_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>

namespace onlink {

namespace {

namespace asio = boost::asio;
using asio::ip::udp;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

/// Datagrams that are taken before others of the loop have their turn: under a flood, a wait for each would
/// cost more than the datagram.
constexpr unsigned at_once = 16;

/// How often a datagram is given to a connected socket that fails for what was sent before: whoever forges an
/// ICMP error of our last advertisement is not to cost us the next one.
constexpr unsigned attempts_to_send = 3;

void throw_on(boost::system::error_code const& ec, char const* what)
{
    if (ec)
        throw boost::system::system_error{ec, what};
}

} // namespace

ssdp_socket::ssdp_socket(std::shared_ptr<shell> owner, served_endpoint const& at, bool group)
    : standing_loop(std::move(owner)),
      at_(at),
      group_(group),
      socket_(shell_->executor()),
      to_group_(shell_->executor()),
      pause_(shell_->executor())
{}

/// Opened, contained, and bound; what the system would not contain is told to the runtime.
void ssdp_socket::open(udp::socket& socket, udp::endpoint const& at, bool link_only)
{
    bool const ipv6 = at.address().is_v6();
    socket.open(at.protocol());
    close_on_exec(socket.native_handle());
    if (ipv6)
        socket.set_option(asio::ip::v6_only{true});
    auto& runtime = shell_->runtime();
    for (auto const& gap : contain(socket.native_handle(), ipv6, {at_.interface_name, link_only}))
        runtime.on_containment_gap(at_.interface_index, gap.what, gap.why);
    ask_for_arrival(socket.native_handle(), ipv6);
    // Other SSDP programs of the host share the port (UDA 2.0, 1.3.3).
    socket.set_option(udp::socket::reuse_address{true});
    socket.bind(at);
    socket.non_blocking(true);
}

/// The same for one that may send to groups.
void ssdp_socket::open_at_address(udp::socket& socket, std::uint16_t port)
{
    auto const where = to_socket_endpoint({at_.address, port}, at_.interface_index);
    open(socket, {where.address(), where.port()}, shell_->runtime().contained(at_.interface_index));
    socket.set_option(asio::ip::multicast::hops{hops_to(group_of(at_.address), shell_->options().policies)});
    socket.set_option(asio::ip::multicast::enable_loopback{true}); // control points on this host hear us too
    boost::system::error_code ec;
    send_multicast_by(socket.native_handle(), at_.interface_index, at_.address, ec);
    throw_on(ec, "choosing the multicast interface");
}

/// At the same address and port as the other one, which is opened after it. Connected, so that no datagram is
/// for it: none comes from a group.
void ssdp_socket::open_to_group(std::uint16_t port)
try {
    open_at_address(to_group_, port);
    auto const group =
        to_socket_endpoint({group_address(group_of(at_.address)), ssdp_port}, at_.interface_index);
    to_group_.connect({group.address(), group.port()});
} catch (boost::system::system_error const&) {
    // A system that lets no two sockets be at one address and port, or knows no way to the group: then the
    // other one does it all.
    boost::system::error_code ignored;
    to_group_.close(ignored);
}

std::shared_ptr<ssdp_socket> ssdp_socket::at_address(std::shared_ptr<shell> owner, served_endpoint const& at,
                                                     std::uint16_t port)
{
    std::shared_ptr<ssdp_socket> made{new ssdp_socket{std::move(owner), at, false}};
    made->open_to_group(port);
    made->open_at_address(made->socket_, port);
    return made;
}

std::shared_ptr<ssdp_socket> ssdp_socket::at_group(std::shared_ptr<shell> owner, served_endpoint const& at)
{
    std::shared_ptr<ssdp_socket> made{new ssdp_socket{std::move(owner), at, true}};
    auto const group = group_address(group_of(at.address));
    auto where = group;
    if (group.is_v6()) // the link scope means something only together with its interface
        where = asio::ip::address_v6{group.to_v6().to_bytes(), at.interface_index};
    // Bound to the group, so that nothing else arrives here.
    made->open(made->socket_, {where, ssdp_port}, false);
    boost::system::error_code ec;
    join_group(made->socket_.native_handle(), group, at.interface_index, at.address, ec);
    throw_on(ec, "joining the SSDP group");
    return made;
}

asio::awaitable<void> ssdp_socket::loop_body()
{
    // One byte more than is allowed shows that a datagram was longer.
    std::string buffer(shell_->options().limits.ssdp.max_datagram + 1, '\0');
    while (socket_.is_open()) {
        auto [ec] = co_await socket_.async_wait(udp::socket::wait_read, no_throw);
        for (unsigned taken = 0; !ec && taken < at_once && socket_.is_open(); ++taken)
            ec = take_one(buffer);
        if (!socket_.is_open() || ec == asio::error::operation_aborted)
            co_return;
        shell_->pump();
        if (!ec || ec == asio::error::would_block || ec == asio::error::interrupted)
            continue;           // there was no more, or the checksum of one was wrong
        if (!socket_.is_open()) // an observer may have closed it
            co_return;
        // An ICMP error of something we sent, or the system out of memory: wait, so as not to spin.
        pause_.expires_after(shell_->options().limits.http.accept_pause);
        co_await pause_.async_wait(no_throw);
    }
}

boost::system::error_code ssdp_socket::take_one(std::string& buffer)
{
    udp::endpoint from;
    unsigned arrived_on = 0;
    boost::system::error_code ec;
    auto const size = receive_datagram(socket_.native_handle(), buffer, from, arrived_on, ec);
    if (!ec)
        shell_->guarded([&] {
            shell_->runtime().on_datagram(shell::now(), {at_.interface_index,
                                                         group_,
                                                         {from.address(), from.port()},
                                                         std::string_view{buffer}.substr(0, size),
                                                         arrived_on,
                                                         group_ ? address{} : at_.address});
        })();
    return ec;
}

boost::system::error_code ssdp_socket::send(endpoint const& to, std::string_view message)
{
    auto const where = to_socket_endpoint(to, at_.interface_index);
    auto const send_by = [&](udp::socket& socket) {
        boost::system::error_code ec;
        socket.send_to(asio::buffer(message), {where.address(), where.port()}, 0, ec);
        return ec;
    };
    if (!to.address.is_multicast() || !to_group_.is_open())
        return send_by(socket_);
    auto ec = send_by(to_group_);
    for (unsigned again = 1; again < attempts_to_send && ec && ec != asio::error::would_block; ++again)
        ec = send_by(to_group_);
    // Only Linux lets a connected socket send to any address.
    return ec == asio::error::already_connected ? send_by(socket_) : ec;
}

void ssdp_socket::close()
{
    boost::system::error_code ignored;
    socket_.close(ignored);
    to_group_.close(ignored);
    pause_.cancel();
}

} // namespace onlink
