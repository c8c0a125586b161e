// SPDX-License-Identifier: BSL-1.0
#include "ssdp/response_scheduler.hpp"

#include "ssdp/search_matcher.hpp"

#include <algorithm>
#include <cmath>

namespace onlink {

namespace {

double draw_unit(random_source& random) { return static_cast<double>(random.next() >> 11) * 0x1.0p-53; }

} // namespace

time_point earliest_of(std::size_t count, time_point from, time_point end, double draw) noexcept
{
    if (end <= from || count == 0)
        return from;
    double const share = 1 - std::pow(1 - draw, 1 / static_cast<double>(count));
    return from + std::chrono::duration_cast<duration>((end - from) * share);
}

response_scheduler::response_scheduler(limits::ssdp_limits const& bounds,
                                       advertisement_directory const& directory)
    : capacity_(bounds.max_pending_searches), directory_(directory)
{}

bool response_scheduler::waits(endpoint const& from, search_target const& target) const noexcept
{
    // One answer per target, however often or over however many interfaces the search was heard; hence
    // without the zone of a link-local address.
    return std::any_of(waiting_.begin(), waiting_.end(), [&](waiting_search const& w) {
        auto const& known = w.origin.from;
        return known.port == from.port && same_address(known.address, from.address) && w.target == target;
    });
}

response_scheduler::outcome response_scheduler::add(time_point now, search_origin const& origin,
                                                    search_request const& request, std::size_t matches,
                                                    random_source& random)
{
    if (matches == 0)
        return outcome::nothing_matches;
    if (waits(origin.from, request.target))
        return outcome::merged;
    if (waiting_.size() == capacity_)
        return outcome::full;

    auto const room = static_cast<duration::rep>(capacity_ - waiting_.size());
    auto const end = now + request.window * room / static_cast<duration::rep>(capacity_);
    auto const due = earliest_of(matches, now, end, draw_unit(random));
    auto const& fresh = waiting_.emplace_back(waiting_search{origin, request.target, {}, matches, due, end});
    first_due_ = std::min(first_due_.value_or(fresh.wake()), fresh.wake());
    return outcome::scheduled;
}

/// The end of the tick in which it is due, and never after its window.
time_point response_scheduler::waiting_search::wake() const noexcept
{
    auto const since = due.time_since_epoch();
    auto const into = since % tick;
    return into == duration::zero() ? due : std::min(due - into + tick, std::max(due, end));
}

std::vector<search_answer> const& response_scheduler::pop_due(time_point now, random_source& random)
{
    due_.clear();
    if (!first_due_ || *first_due_ > now)
        return due_;
    for (auto& search : waiting_) {
        while (search.remaining != 0 && search.due <= now && due_.size() < answers_at_once) {
            auto const where = directory_.find(search.target, search.next);
            if (!where) { // a root device has left meanwhile
                search.remaining = 0;
                break;
            }
            auto const& match = *directory_.at(*where);
            due_.push_back({search.origin, answered_target(match, search.target), match.device, where->root});
            search.next = {where->root, where->index + 1};
            --search.remaining;
            search.due = earliest_of(search.remaining, search.due, search.end, draw_unit(random));
        }
    }
    std::erase_if(waiting_, [](waiting_search const& w) { return w.remaining == 0; });
    first_due_.reset();
    for (auto const& w : waiting_)
        first_due_ = std::min(first_due_.value_or(w.wake()), w.wake());
    return due_;
}

} // namespace onlink
