// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_DEADLINE_HPP
#define ONLINK_NET_DEADLINE_HPP

#include "base/time.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <utility>

namespace onlink {

/// Ends what a socket is waiting for when its time is over: `on_expiry` cancels it. Arming it anew replaces
/// the last deadline, also one that has fired but was not yet handled.
class deadline {
public:
    explicit deadline(boost::asio::any_io_executor const& executor) : timer_(executor) {}

    template <class Owner, class Action>
    void arm(duration after, std::shared_ptr<Owner> owner, Action on_expiry)
    {
        auto const mine = ++generation_;
        expired_ = false;
        timer_.expires_after(after);
        timer_.async_wait([this, mine, owner = std::move(owner), on_expiry](boost::system::error_code ec) {
            if (ec || mine != generation_)
                return;
            expired_ = true;
            on_expiry();
        });
    }

    void disarm()
    {
        ++generation_;
        timer_.cancel();
    }

    bool expired() const noexcept { return expired_; }

private:
    boost::asio::steady_timer timer_;
    std::uint64_t generation_ = 0;
    bool expired_ = false;
};

} // namespace onlink

#endif
