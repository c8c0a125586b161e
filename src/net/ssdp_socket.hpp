// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SSDP_SOCKET_HPP
#define ONLINK_NET_SSDP_SOCKET_HPP

#include "base/served_endpoint.hpp"
#include "net/standing_loop.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace onlink {

class shell;

/// A UDP socket of SSDP: at an address of ours, for unicast searches and their answers, with a second one for
/// what we send to groups; or at a group on one interface, which only hears. Which interface a datagram came
/// in on is thereby known, not guessed.
class ssdp_socket : public standing_loop {
public:
    /// At our address. Port 1900 is shared with other SSDP programs of the host that share it too.
    /// Throws boost::system::system_error.
    static std::shared_ptr<ssdp_socket> at_address(std::shared_ptr<shell> owner, served_endpoint const& at,
                                                   std::uint16_t port);
    /// At the group that fits the address, on its interface. Throws boost::system::system_error.
    static std::shared_ptr<ssdp_socket> at_group(std::shared_ptr<shell> owner, served_endpoint const& at);

    /// Sends now or, where the system's buffer is full, not at all: SSDP repeats itself. Returns why not.
    boost::system::error_code send(endpoint const& to, std::string_view message);
    void close();

private:
    ssdp_socket(std::shared_ptr<shell> owner, served_endpoint const& at, bool group);
    void open(boost::asio::ip::udp::socket& socket, boost::asio::ip::udp::endpoint const& at, bool link_only);
    void open_at_address(boost::asio::ip::udp::socket& socket, std::uint16_t port);
    void open_to_group(std::uint16_t port);
    boost::asio::awaitable<void> loop_body() override;
    bool is_open() const noexcept override { return socket_.is_open(); }
    boost::system::error_code take_one(std::string& buffer);

    served_endpoint at_;
    bool group_;
    boost::asio::ip::udp::socket socket_;
    /// Answers to neighbours that nobody finds wait in the system for seconds, and fill the buffer of the
    /// socket that they left by: what goes to a group, which is never looked for, has this one to itself.
    boost::asio::ip::udp::socket to_group_;
    boost::asio::steady_timer pause_; ///< after an error of the system
};

} // namespace onlink

#endif
