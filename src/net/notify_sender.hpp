// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_NOTIFY_SENDER_HPP
#define ONLINK_NET_NOTIFY_SENDER_HPP

#include "host/action.hpp"
#include "net/deadline.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>

namespace onlink {

class shell;

/// One attempt to deliver one event: connect, write, read the status, close. It takes an event_delivery and
/// nothing else, and so has no way to be pointed at an address that was not admitted. No redirect is
/// followed.
class notify_sender : public std::enable_shared_from_this<notify_sender> {
public:
    notify_sender(std::shared_ptr<shell> owner, event_delivery what, delivery_path by);

    void run();
    void close();

private:
    /// Empty if the subscriber answered 200; else what was met.
    boost::asio::awaitable<std::string> attempt();

    std::shared_ptr<shell> shell_;
    event_delivery what_;
    delivery_path by_;
    boost::asio::ip::tcp::socket socket_;
    deadline deadline_;
};

} // namespace onlink

#endif
