// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SEARCH_ANSWER_SENDER_HPP
#define ONLINK_NET_SEARCH_ANSWER_SENDER_HPP

#include "host/action.hpp"
#include "net/deadline.hpp"
#include "net/loop.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <string>

namespace onlink {

class shell;

/// Answers one search by TCP: connect, write, close (UDA 2.0, 1.3.2). What the other end says is not read.
class search_answer_sender : public loop, public std::enable_shared_from_this<search_answer_sender> {
public:
    search_answer_sender(std::shared_ptr<shell> owner, send_answers item);

    void run();
    void close();

private:
    boost::asio::awaitable<void> loop_body() override;
    void on_loop_end(std::exception_ptr const& thrown) override;

    std::shared_ptr<shell> shell_;
    send_answers item_;
    boost::asio::ip::tcp::socket socket_;
    deadline deadline_;
    std::string failure_ = "internal error"; ///< empty when it is sent
};

} // namespace onlink

#endif
