// SPDX-License-Identifier: BSL-1.0
#include "ssdp/announcer.hpp"

#include <algorithm>

namespace onlink {

namespace {

constexpr std::size_t of_the_root = 3; // UDA 2.0, 1.2.2: upnp:rootdevice, its UDN, its type

} // namespace

duration refresh_interval(std::chrono::seconds max_age, random_source& random)
{
    auto const least = duration{max_age} / 4;
    auto const most = duration{max_age} * 9 / 20;
    return least + duration{static_cast<duration::rep>(
                       random.up_to(static_cast<std::uint64_t>((most - least).count())))};
}

announcer::announcer(limits::ssdp_limits const& bounds, std::size_t count) : bounds_(bounds), count_(count) {}

time_point announcer::soon(time_point now, random_source& random) const
{
    auto const longest = static_cast<std::uint64_t>(duration{bounds_.announcement_delay}.count());
    return now + duration{static_cast<duration::rep>(random.up_to(longest))};
}

void announcer::enter(phase next, time_point due)
{
    phase_ = next;
    cursor_ = 0;
    due_ = due;
}

void announcer::announce(time_point now, random_source& random)
{
    boot_id_ = next_boot_id_;
    repeats_left_ = bounds_.announcements - 1;
    enter(phase::announcing, soon(now, random));
}

void announcer::start(time_point now, std::uint32_t boot_id, bool byebye_first, random_source& random)
{
    boot_id_ = next_boot_id_ = boot_id;
    update_ = false;
    if (byebye_first)
        enter(phase::revoking, soon(now, random));
    else
        announce(now, random);
}

void announcer::change(time_point now, network_change const& what, random_source& random)
{
    if (phase_ == phase::leaving)
        return;
    if (!announced_)
        return announce(now, random); // nobody has seen the present BOOTID
    if (next_boot_id_ == boot_id_)
        next_boot_id_ = what.boot_id;
    update_ = what.update;
    if (what.revoke)
        enter(phase::revoking, now);
    else if (what.update)
        enter(phase::updating, now);
    else
        announce(now, random);
}

void announcer::refresh(time_point now, random_source& random)
{
    if (phase_ != phase::announcing || cursor_ != 0)
        return; // a set is going out anyway, or nothing may
    due_ = std::min(due_, soon(now, random));
}

void announcer::pause() noexcept
{
    if (phase_ != phase::leaving)
        phase_ = phase::idle;
}

void announcer::stop(time_point now)
{
    if (phase_ == phase::leaving)
        return;
    enter(announced_ ? phase::leaving : phase::idle, now);
}

std::optional<announcement> announcer::resume(time_point now, random_source& random)
{
    if (phase_ == phase::idle || now < due_)
        return std::nullopt;

    announcement next;
    next.index = cursor_++;
    next.boot_id = boot_id_;
    next.next_boot_id = next_boot_id_;
    switch (phase_) {
    case phase::revoking:
        next.what = announcement::kind::revoke;
        break;
    case phase::updating:
        next.what = announcement::kind::update;
        // Those of the root device at once, the others spread over time (UDA 2.0, 1.2.4).
        if (cursor_ >= of_the_root && cursor_ < count_)
            due_ = now + duration{bounds_.update_spread} / static_cast<duration::rep>(count_ - of_the_root);
        break;
    case phase::leaving:
        next.what = announcement::kind::byebye;
        break;
    default:
        announced_ = true;
        break;
    }
    if (cursor_ == count_)
        end_round(now, random);
    return next;
}

void announcer::end_round(time_point now, random_source& random)
{
    switch (phase_) {
    case phase::revoking:
        if (update_)
            enter(phase::updating, now);
        else
            announce(now, random);
        break;
    case phase::updating:
        announce(now, random);
        break;
    case phase::leaving:
        announced_ = false;
        enter(phase::idle, now);
        break;
    default:
        if (repeats_left_ > 0) {
            --repeats_left_;
            enter(phase::announcing, now + bounds_.announcement_gap);
        } else {
            enter(phase::announcing, now + refresh_interval(bounds_.max_age, random));
        }
        break;
    }
}

std::optional<time_point> announcer::next_due() const noexcept
{
    if (phase_ == phase::idle)
        return std::nullopt;
    return due_;
}

} // namespace onlink
