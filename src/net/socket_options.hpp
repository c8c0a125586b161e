// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SOCKET_OPTIONS_HPP
#define ONLINK_NET_SOCKET_OPTIONS_HPP

#include <boost/asio/ip/address_v4.hpp>
#include <boost/system/error_code.hpp>
#include <onlink/host_options.hpp>

// What differs between systems stands in this one file's .cpp; elsewhere than on Linux, portable calls do.
namespace onlink {

/// A multicast group membership on one interface only, and no datagrams of memberships that others hold.
void join_group(int socket, boost::asio::ip::address_v4 group, unsigned interface_index,
                boost::asio::ip::address_v4 interface_address, boost::system::error_code& ec);

/// Multicast datagrams leave by this interface.
void send_multicast_by(int socket, unsigned interface_index, boost::asio::ip::address_v4 interface_address,
                       boost::system::error_code& ec);

/// What the system calls itself, cut to what a product token may hold.
product_token system_product();

} // namespace onlink

#endif
