// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_HTTP_LISTENER_HPP
#define ONLINK_NET_HTTP_LISTENER_HPP

#include "base/served_endpoint.hpp"
#include "net/standing_loop.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace onlink {

class shell;

/// Accepts connections at one address, from one device of the system: packets for the address of one
/// interface that come in on another find no listener. Outlives every error of accepting: a peer that resets,
/// and a system without descriptors or memory.
class http_listener : public standing_loop {
public:
    /// Opens and listens at that address and port; port 0 lets the system choose. `device`: the interface's
    /// own name, or that of loopback, where the packets of programs on this host come from.
    /// Throws boost::system::system_error.
    http_listener(std::shared_ptr<shell> owner, served_endpoint const& at, std::string const& device);

    std::uint16_t port() const noexcept { return local_.port; }
    /// Whether the system keeps it to the device. If not, it takes everyone's packets, and the runtime tells
    /// those of other interfaces apart.
    bool bound_to_device() const noexcept { return bound_to_device_; }
    void close();

private:
    boost::asio::awaitable<void> loop_body() override;
    bool is_open() const noexcept override { return acceptor_.is_open(); }
    void take(boost::asio::ip::tcp::socket socket, endpoint const& peer);
    void tell_of_no_resources();

    unsigned interface_index_;
    std::string interface_name_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_; ///< after an error of the system
    endpoint local_;                  ///< where it listens
    bool bound_to_device_ = true;
};

} // namespace onlink

#endif
