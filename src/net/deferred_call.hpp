// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_DEFERRED_CALL_HPP
#define ONLINK_NET_DEFERRED_CALL_HPP

#include "base/ip.hpp"
#include "base/time.hpp"
#include "host/request_handler.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>

namespace onlink {

class shell;

/// The run of a handler that does not answer at once. Shared by the session that waits for it, so long and no
/// longer, and the handler's coroutine, which may outlast the wait.
class deferred_call : public std::enable_shared_from_this<deferred_call> {
public:
    explicit deferred_call(boost::asio::any_io_executor const& executor) : done_(executor) {}

    /// Runs the handler as far as it goes. Its place in the runtime is given back when it has ended, or could
    /// not be started; `owner` lives until then.
    void start(std::shared_ptr<shell> const& owner, address const& peer, invocation const& what);
    /// Until it has ended, the time is over, or the host has stopped.
    boost::asio::awaitable<void> wait(duration at_most);
    /// The host has stopped: nobody waits any more.
    void abandon();
    /// Asks the handler to end.
    void cancel() { stop_.emit(boost::asio::cancellation_type::terminal); }

    bool ended() const noexcept { return result_ || threw_; }
    bool threw() const noexcept { return threw_; }
    bool abandoned() const noexcept { return abandoned_; }
    /// What it came to; action_failed() of one that threw or has not ended.
    action_result take_result();

private:
    boost::asio::steady_timer done_; ///< cancelled when the result is there, or nobody waits for it any more
    boost::asio::cancellation_signal stop_;
    std::optional<action_result> result_;
    bool threw_ = false;
    bool abandoned_ = false;
};

} // namespace onlink

#endif
