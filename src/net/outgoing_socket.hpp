// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_OUTGOING_SOCKET_HPP
#define ONLINK_NET_OUTGOING_SOCKET_HPP

#include "host/action.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

namespace onlink {

class device_runtime;

/// Opens a socket for a connection of ours and binds it to the address that the path names. The kernel keeps
/// it to the link, even if everything else here were wrong; what it does not keep is told to the runtime.
boost::system::error_code open_outgoing(boost::asio::ip::tcp::socket& socket, delivery_path const& by,
                                        bool ipv6, device_runtime& runtime);

} // namespace onlink

#endif
