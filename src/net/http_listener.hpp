// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_HTTP_LISTENER_HPP
#define ONLINK_NET_HTTP_LISTENER_HPP

#include "host/served_interface.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <memory>

namespace onlink {

class shell;

/// Accepts connections at one interface's address. Outlives every error of accepting: a peer that resets, and
/// a system without descriptors or memory.
class http_listener : public std::enable_shared_from_this<http_listener> {
public:
    /// Opens and listens; port 0 lets the system choose. Throws boost::system::system_error.
    http_listener(std::shared_ptr<shell> owner, served_interface const& at, std::uint16_t port);

    std::uint16_t port() const noexcept { return port_; }
    void run();
    void close();

private:
    boost::asio::awaitable<void> accept();
    void take(boost::asio::ip::tcp::socket socket);

    std::shared_ptr<shell> shell_;
    served_interface at_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
};

} // namespace onlink

#endif
