// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_HTTP_SESSION_HPP
#define ONLINK_NET_HTTP_SESSION_HPP

#include "host/connection.hpp"
#include "host/request_handler.hpp"
#include "http/request_parser.hpp"
#include "net/deadline.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>

namespace onlink {

class shell;

/// One connection: read a request under a deadline, hand it over, write the answer, again.
class http_session : public std::enable_shared_from_this<http_session> {
public:
    http_session(std::shared_ptr<shell> owner, boost::asio::ip::tcp::socket socket, connection from);

    void run();
    void close();
    void close_if_idle();

    connection const& from() const noexcept { return from_; }
    /// Whether it waits for a request of which nothing has come.
    bool idle() const noexcept { return idle_; }

private:
    boost::asio::awaitable<void> serve();
    boost::asio::awaitable<std::optional<http_request>> read_request();
    boost::asio::awaitable<bool> answer(http_request request, bool last);
    boost::asio::awaitable<http_response> call(invocation what);
    boost::asio::awaitable<bool> write(std::string message);
    boost::asio::awaitable<void> refuse(int status, unsigned version, refusal_reason reason);
    boost::asio::awaitable<void> linger();
    void arm(duration after);

    std::shared_ptr<shell> shell_;
    boost::asio::ip::tcp::socket socket_;
    connection from_;
    deadline deadline_;
    std::string received_; ///< what was read and not yet consumed
    bool idle_ = true;
};

} // namespace onlink

#endif
