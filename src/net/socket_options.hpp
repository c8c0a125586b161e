// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SOCKET_OPTIONS_HPP
#define ONLINK_NET_SOCKET_OPTIONS_HPP

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/error_code.hpp>
#include <onlink/exposure.hpp>
#include <onlink/host_options.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

// What systems differ in where sockets are concerned stands in the .cpp of this file; elsewhere than on
// Linux, portable calls do. What else differs: interface_monitor.cpp, folder_file.cpp,
// model/random_source.cpp.
namespace onlink {

/// A multicast group membership on one interface only, and no datagrams of memberships that others hold.
/// `own`: an address of the interface, of the group's family.
void join_group(int socket, boost::asio::ip::address const& group, unsigned interface_index,
                boost::asio::ip::address const& own, boost::system::error_code& ec);

/// Multicast datagrams leave by the interface that has the address `own`.
void send_multicast_by(int socket, unsigned interface_index, boost::asio::ip::address const& own,
                       boost::system::error_code& ec);

/// No program that the application starts inherits it. (Asio opens and accepts without that.)
void close_on_exec(int socket) noexcept;

/// What the kernel is to keep a socket to.
struct containment_wish {
    std::string device;     ///< receive from, and send to, this interface only; empty: any
    bool link_only = false; ///< TTL or hop limit 1 for unicast, and no gateway
};

/// Does what the system allows of it, before bind(), and returns what it does not.
std::vector<containment_gap> contain(int socket, bool ipv6, containment_wish const& wish);

/// Asks the system to tell, for each datagram, the interface that it arrived on. No harm if it cannot.
void ask_for_arrival(int socket, bool ipv6);

/// Takes one datagram that is waiting. `arrived_on` becomes the index of the interface, 0 if unknown.
std::size_t receive_datagram(int socket, std::span<char> buffer, boost::asio::ip::udp::endpoint& from,
                             unsigned& arrived_on, boost::system::error_code& ec);

/// The interface on which an accepted TCP connection came in; 0 if the system does not say.
unsigned arrival_of_connection(int socket, bool ipv6);

/// What the system calls itself, cut to what a product token may hold.
product_token system_product();

} // namespace onlink

#endif
