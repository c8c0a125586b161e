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

response_scheduler::response_scheduler(limits::ssdp_limits const& bounds, advertisement_set const& set)
    : capacity_(bounds.max_pending_searches), set_(set)
{}

std::size_t response_scheduler::next_match(search_target const& target, std::size_t from) const
{
    auto const& all = set_.all();
    while (from < all.size() && !answers(all[from], target))
        ++from;
    return from;
}

response_scheduler::outcome response_scheduler::add(time_point now, unsigned interface_index,
                                                    endpoint const& from, search_request const& request,
                                                    random_source& random)
{
    auto const& all = set_.all();
    auto const matches = static_cast<std::size_t>(std::count_if(
        all.begin(), all.end(), [&](advertisement const& a) { return answers(a, request.target); }));
    if (matches == 0)
        return outcome::nothing_matches;
    // One answer per target, however often or over however many interfaces the search was heard.
    auto const same = std::find_if(waiting_.begin(), waiting_.end(), [&](waiting_search const& w) {
        return w.to == from && w.target == request.target;
    });
    if (same != waiting_.end())
        return outcome::merged;
    if (waiting_.size() == capacity_)
        return outcome::full;

    auto const end = now + request.window;
    waiting_.push_back({interface_index, from, request.target, next_match(request.target, 0), matches,
                        earliest_of(matches, now, end, draw_unit(random)), end});
    return outcome::scheduled;
}

std::optional<time_point> response_scheduler::next_due() const noexcept
{
    auto const first = std::min_element(waiting_.begin(), waiting_.end(),
                                        [](auto const& a, auto const& b) { return a.due < b.due; });
    if (first == waiting_.end())
        return std::nullopt;
    return first->due;
}

std::vector<search_answer> response_scheduler::pop_due(time_point now, random_source& random)
{
    std::vector<search_answer> due;
    for (auto& search : waiting_) {
        while (search.remaining != 0 && search.due <= now) {
            auto const& match = set_.all()[search.next];
            due.push_back({search.interface_index, search.to, answered_target(match, search.target),
                           match.device, match.root});
            search.next = next_match(search.target, search.next + 1);
            --search.remaining;
            search.due = earliest_of(search.remaining, search.due, search.end, draw_unit(random));
        }
    }
    std::erase_if(waiting_, [](waiting_search const& w) { return w.remaining == 0; });
    return due;
}

} // namespace onlink
