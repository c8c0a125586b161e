// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SUBSCRIBER_CONNECTION_HPP
#define ONLINK_NET_SUBSCRIBER_CONNECTION_HPP

#include "host/action.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <memory>
#include <string>

namespace onlink {

class shell;

/// One connection to a subscriber: it brings one event after the other, for as long as both sides keep it. It
/// takes event_deliveries and nothing else, and so has no way to be pointed at an address that was not
/// admitted. No redirect is followed. It waits without end: whoever owns it closes it in time.
class subscriber_connection : public std::enable_shared_from_this<subscriber_connection> {
public:
    subscriber_connection(std::shared_ptr<shell> owner, connection_number number);

    /// Connects, and sends the first event.
    void open(event_delivery what, delivery_path const& by);
    /// Sends one more; only when the last one was settled, and the connection kept.
    void send(event_delivery what);
    /// Nothing is reported any more.
    void close();

private:
    template <class Handler>
    auto guarded(Handler handler);
    bool busy() const noexcept { return what_ != nullptr; }
    void write();
    void write_rest(std::size_t written);
    void on_written();
    void wait();
    void on_read(boost::system::error_code const& ended, std::size_t size);
    void on_answer();
    /// The connection ended with an event on it.
    void on_broken(boost::system::error_code const& why);
    void finish(delivery_outcome outcome);

    std::shared_ptr<shell> shell_;
    connection_number number_;
    boost::asio::ip::tcp::socket socket_;
    /// Under way. A write shares it: the system may look at its bytes until the write has ended.
    std::shared_ptr<event_delivery const> what_;
    std::array<char, 256> chunk_; ///< of an answer; most are shorter
    std::string answer_;
    bool written_ = false;
    bool waiting_ = false; ///< for something to read
};

} // namespace onlink

#endif
