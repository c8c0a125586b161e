// SPDX-License-Identifier: BSL-1.0
#include "eventing/multicast_queue.hpp"

#include <utility>

namespace onlink {

multicast_queue::multicast_queue(limits::eventing_limits const& bounds, unsigned repeats, time_point now)
    : repeats_(repeats),
      gap_(bounds.multicast_repeat_gap),
      max_repeats_(bounds.multicast_burst),
      pace_(bounds.multicast_burst, bounds.multicasts_per_second, now)
{}

bool multicast_queue::push(time_point now, std::size_t service, std::string level, event_body body)
{
    auto& key = keys_[service];
    multicast_event event{service, key, std::move(level), std::move(body)};
    key = key.next();
    if (!pace_.take(now))
        return false;
    if (repeats_ != 0 && repeating_.size() < max_repeats_)
        repeating_.push_back({now + gap_, repeats_, event});
    fresh_.push_back(std::move(event));
    return true;
}

std::vector<multicast_event> multicast_queue::take(time_point now)
{
    auto all = std::exchange(fresh_, {});
    while (!repeating_.empty() && repeating_.front().due <= now) {
        auto next = std::move(repeating_.front());
        repeating_.pop_front();
        if (!pace_.take(now))
            continue;
        all.push_back(next.event);
        next.due = now + gap_;
        if (--next.left != 0)
            repeating_.push_back(std::move(next));
    }
    return all;
}

std::optional<time_point> multicast_queue::next_due() const noexcept
{
    if (repeating_.empty())
        return std::nullopt;
    return repeating_.front().due;
}

void multicast_queue::clear()
{
    fresh_.clear();
    repeating_.clear();
}

void multicast_queue::forget(std::size_t service)
{
    keys_.erase(service);
    std::erase_if(fresh_, [&](multicast_event const& e) { return e.service == service; });
    std::erase_if(repeating_, [&](repeat const& r) { return r.event.service == service; });
}

} // namespace onlink
