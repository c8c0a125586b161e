// SPDX-License-Identifier: BSL-1.0
#include "ssdp/announcer.hpp"

#include <algorithm>

namespace onlink {

duration refresh_interval(std::chrono::seconds max_age, random_source& random)
{
    auto const least = duration{max_age} / 4;
    auto const most = duration{max_age} * 9 / 20;
    return least + duration{static_cast<duration::rep>(
                       random.up_to(static_cast<std::uint64_t>((most - least).count())))};
}

announcer::announcer(limits::ssdp_limits const& bounds, std::size_t count, std::size_t interfaces)
    : bounds_(bounds),
      count_(count),
      burst_(std::max<std::size_t>(1, bounds.announcement_burst / std::max<std::size_t>(1, interfaces)))
{}

void announcer::start(time_point now, random_source& random)
{
    auto const longest = static_cast<std::uint64_t>(duration{bounds_.announcement_delay}.count());
    phase_ = phase::announcing;
    cursor_ = 0;
    repeats_left_ = bounds_.announcements - 1;
    due_ = now + duration{static_cast<duration::rep>(random.up_to(longest))};
}

void announcer::stop(time_point now)
{
    if (phase_ == phase::leaving)
        return;
    phase_ = announced_ ? phase::leaving : phase::idle;
    cursor_ = 0;
    due_ = now;
}

std::optional<announcement> announcer::resume(time_point now, random_source& random)
{
    if (phase_ == phase::idle || now < due_)
        return std::nullopt;

    announcement next;
    next.what = phase_ == phase::leaving ? announcement::kind::byebye : announcement::kind::alive;
    next.first = cursor_;
    next.last = std::min(count_, cursor_ + burst_);
    cursor_ = next.last;
    announced_ = true;

    if (cursor_ < count_) {
        due_ = now + bounds_.announcement_pace;
    } else if (phase_ == phase::leaving) {
        phase_ = phase::idle;
        announced_ = false;
    } else {
        cursor_ = 0;
        if (repeats_left_ > 0) {
            --repeats_left_;
            due_ = now + bounds_.announcement_gap;
        } else {
            due_ = now + refresh_interval(bounds_.max_age, random);
        }
    }
    return next;
}

std::optional<time_point> announcer::next_due() const noexcept
{
    if (phase_ == phase::idle)
        return std::nullopt;
    return due_;
}

} // namespace onlink
