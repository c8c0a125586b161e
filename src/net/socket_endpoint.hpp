// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SOCKET_ENDPOINT_HPP
#define ONLINK_NET_SOCKET_ENDPOINT_HPP

#include "base/ip.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace onlink {

/// For a socket call: a link-local IPv6 address means something only together with its interface.
inline boost::asio::ip::tcp::endpoint to_socket_endpoint(endpoint const& e, unsigned interface_index)
{
    if (!e.address.is_v6() || !is_link_local(e.address))
        return {e.address, e.port};
    return {boost::asio::ip::address_v6{e.address.to_v6().to_bytes(), interface_index}, e.port};
}

} // namespace onlink

#endif
