// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SSDP_ENDPOINT_HPP
#define ONLINK_NET_SSDP_ENDPOINT_HPP

#include "host/served_interface.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/udp.hpp>

#include <memory>
#include <string_view>

namespace onlink {

class shell;

/// The two SSDP sockets of one interface: one hears the group, one has the interface's own address and port
/// 1900, for unicast searches and for everything we send. Which interface a datagram came in on is thereby
/// known, not guessed.
class ssdp_endpoint : public std::enable_shared_from_this<ssdp_endpoint> {
public:
    /// Throws boost::system::system_error.
    ssdp_endpoint(std::shared_ptr<shell> owner, served_interface const& at);

    /// Begins to receive.
    void run();
    /// Sends now or, where the system's buffer is full, not at all: SSDP repeats itself.
    void send(endpoint const& to, std::string_view message);
    void close();

    unsigned interface_index() const noexcept { return interface_index_; }

private:
    boost::asio::awaitable<void> receive(boost::asio::ip::udp::socket& socket, bool multicast);

    std::shared_ptr<shell> shell_;
    unsigned interface_index_;
    boost::asio::ip::udp::socket group_;
    boost::asio::ip::udp::socket own_;
};

} // namespace onlink

#endif
