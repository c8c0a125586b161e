// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_HTTP_SESSION_HPP
#define ONLINK_NET_HTTP_SESSION_HPP

#include "host/connection.hpp"
#include "host/request_handler.hpp"
#include "net/deadline.hpp"
#include "net/deferred_call.hpp"
#include "net/loop.hpp"
#include "net/request_reader.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace onlink {

class shell;

/// One connection: read a request under a deadline, hand it over, write the answer, again. While it waits for
/// a request of which nothing has come, it is no more than a socket and a deadline; coroutines run from its
/// first byte until all that came is answered.
class http_session : public loop, public std::enable_shared_from_this<http_session> {
public:
    http_session(std::shared_ptr<shell> owner, boost::asio::ip::tcp::socket socket, connection from);

    void run();
    void close();
    void close_if_idle();

    connection const& from() const noexcept { return from_; }
    /// Whether it waits for a request of which nothing has come.
    bool idle() const noexcept { return phase_ == phase::idle; }
    /// Whether nothing is lost with it but a moment of patience: all is answered, and no request is on its
    /// way.
    bool spare(time_point now) const;
    /// Whether it waits for the peer to send the rest of a request, or to read its answer.
    bool stuck() const noexcept { return phase_ == phase::reading || phase_ == phase::writing; }

private:
    friend class http_exchange;

    enum class phase { idle, reading, answering, writing, lingering };
    /// How far a request has come: at its end, or its body is to be handed on as it comes.
    enum class progress { failed, complete, body_follows };

    void go_on();
    void wait();
    void become_idle() noexcept;
    void on_readable(boost::system::error_code ec) noexcept;
    void end() noexcept;
    boost::asio::awaitable<void> loop_body() override;
    void on_loop_end(std::exception_ptr const& thrown) noexcept override;
    boost::asio::awaitable<progress> read_request();
    boost::asio::awaitable<bool> answer(bool last);
    std::optional<http_response> call_now(invocation const& what);
    boost::asio::awaitable<http_response> call(invocation const& what);
    boost::asio::awaitable<bool> send_file(wanted_file const& what, http_request const& request, bool last);
    boost::asio::awaitable<bool> exchange(wanted_exchange what, http_request const& request, bool last);
    std::optional<std::size_t> write_now(std::string_view head, std::string_view body);
    void end_of_answers();
    boost::asio::awaitable<bool> write(std::string_view text);
    boost::asio::awaitable<bool> write_rest(std::string_view head, std::string_view body,
                                            std::size_t written);
    boost::asio::awaitable<bool> write_some(std::array<std::string_view, 3> parts, duration within);
    boost::system::error_code receive_at_once();
    std::string& received() noexcept { return reader_->received; }
    /// More bytes of the peer to received().
    boost::asio::awaitable<boost::system::error_code> receive();
    boost::asio::awaitable<void> refuse(int status, refusal_reason reason);
    boost::asio::awaitable<void> linger();
    void arm(duration after);
    bool closes_after(http_request const& request, bool last) const;

    std::shared_ptr<shell> shell_;
    boost::asio::ip::tcp::socket socket_;
    connection from_;
    deadline deadline_;
    std::unique_ptr<request_reader> reader_; ///< while coroutines run
    unsigned served_ = 0;                    ///< requests that have begun
    phase phase_ = phase::idle;
    time_point idle_since_{};
    bool more_ = false;                       ///< the next request is to be waited for
    bool ended_ = false;                      ///< nothing more is sent
    bool satisfied_ = false;                  ///< the peer has its answer, and wants no other
    body_plan plan_;                          ///< of the request that is being read
    boost::asio::cancellation_signal hangup_; ///< for a handler of the application
    std::weak_ptr<deferred_call> call_;       ///< the last one
};

} // namespace onlink

#endif
