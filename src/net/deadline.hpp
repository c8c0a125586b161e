// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_DEADLINE_HPP
#define ONLINK_NET_DEADLINE_HPP

#include "base/time.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace onlink {

/// Ends what a socket is waiting for when its time is over: `on_expiry` cancels it. What has come to its end
/// by then, and has yet to be told, cannot be cancelled: who waits for several things under one deadline asks
/// expired() before the next. Arming it anew replaces the last deadline. The timer is left alone as long as
/// it looks early enough: a connection arms a deadline for each thing it waits for, and nearly none is ever
/// reached.
class deadline {
public:
    explicit deadline(boost::asio::any_io_executor const& executor) : timer_(executor) {}

    /// `on_expiry` captures a pointer and nothing else.
    template <class Action>
    void arm(duration after, std::shared_ptr<void> owner, Action on_expiry)
    {
        static_assert(sizeof on_expiry == sizeof(void*));
        arm(after, std::move(owner),
            {[](void* held) { std::bit_cast<Action>(held)(); }, std::bit_cast<void*>(on_expiry)});
    }

    void disarm() noexcept { when_ = time_point::max(); }

    /// Lets go of the owner as well.
    void stop()
    {
        disarm();
        ++generation_;
        looks_at_ = time_point::max();
        timer_.cancel();
    }

    bool expired() const noexcept { return expired_; }

    /// Whether asio::async_write() goes on, and with how much: it waits several times for one text.
    auto in_time() const noexcept
    {
        return [this](boost::system::error_code const& ec, std::size_t) noexcept {
            return ec || expired_ ? std::size_t{0} : most_at_once;
        };
    }

private:
    /// Of whatever type the action was: the timer is compiled once.
    struct expiry {
        void (*call)(void*);
        void* held;
    };

    void arm(duration after, std::shared_ptr<void> owner, expiry on_expiry);
    void look_at(time_point at, std::shared_ptr<void> owner, expiry on_expiry);
    void look(std::shared_ptr<void> const& owner, expiry on_expiry);

    /// The timer looks for the first time after this, if not before: most connections have gone by then, and
    /// have set it once.
    static constexpr duration glance = std::chrono::seconds{1};
    static constexpr std::size_t most_at_once = 65536;

    boost::asio::steady_timer timer_;
    time_point when_ = time_point::max();     ///< the deadline, if there is one
    time_point looks_at_ = time_point::max(); ///< when the timer fires, if it is set
    std::uint64_t generation_ = 0;
    bool expired_ = false;
};

} // namespace onlink

#endif
