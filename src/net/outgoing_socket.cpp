// SPDX-License-Identifier: BSL-1.0
#include "net/outgoing_socket.hpp"

#include "host/device_runtime.hpp"
#include "net/socket_endpoint.hpp"
#include "net/socket_options.hpp"

namespace onlink {

using boost::asio::ip::tcp;

boost::system::error_code open_outgoing(tcp::socket& socket, delivery_path const& by, bool ipv6,
                                        device_runtime& runtime)
{
    boost::system::error_code ec;
    socket.open(ipv6 ? tcp::v6() : tcp::v4(), ec);
    if (ec)
        return ec;
    close_on_exec(socket.native_handle());
    if (!by.to_this_host) // such packets take no interface, and no hop
        for (auto const& gap : contain(socket.native_handle(), ipv6, {by.interface_name, by.contained}))
            runtime.on_containment_gap(by.interface_index, gap.what, gap.why);
    socket.bind(to_socket_endpoint({by.from, 0}, by.interface_index), ec);
    return ec;
}

} // namespace onlink
