// SPDX-License-Identifier: BSL-1.0
#include "net/deadline.hpp"

#include <algorithm>

namespace onlink {

void deadline::arm(duration after, std::shared_ptr<void> owner, expiry on_expiry)
{
    expired_ = false;
    when_ = time_point::clock::now() + after;
    if (looks_at_ > when_)
        look_at(std::min(when_, when_ - after + glance), std::move(owner), on_expiry);
}

void deadline::look_at(time_point at, std::shared_ptr<void> owner, expiry on_expiry)
{
    auto const mine = ++generation_;
    looks_at_ = time_point::max(); // until it does
    timer_.expires_at(at);
    timer_.async_wait([this, mine, owner = std::move(owner), on_expiry](boost::system::error_code ec) {
        if (!ec && mine == generation_)
            look(owner, on_expiry);
    });
    looks_at_ = at;
}

void deadline::look(std::shared_ptr<void> const& owner, expiry on_expiry)
{
    looks_at_ = time_point::max();
    if (when_ == time_point::max())
        return;
    if (when_ > time_point::clock::now())
        try {
            return look_at(when_, owner, on_expiry);
        } catch (...) { // no memory to wait any longer
        }
    when_ = time_point::max();
    expired_ = true;
    on_expiry.call(on_expiry.held);
}

} // namespace onlink
