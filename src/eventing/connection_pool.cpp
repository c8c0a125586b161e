// SPDX-License-Identifier: BSL-1.0
#include "eventing/connection_pool.hpp"

#include <algorithm>
#include <iterator>

namespace onlink {

connection_pool::connection_pool(limits::eventing_limits const& bounds)
    : capacity_(bounds.max_kept_connections), longest_idle_(bounds.kept_connection_idle)
{}

void connection_pool::remove(std::multimap<place, position>::iterator found) noexcept
{
    idle_.erase(found->second);
    by_place_.erase(found);
}

std::optional<connection_number> connection_pool::peek(callback_url const& to) const noexcept
{
    auto const [first, last] = by_place_.equal_range(place_of(to));
    if (first == last)
        return std::nullopt;
    return std::prev(last)->second->which;
}

std::optional<connection_number> connection_pool::take(callback_url const& to) noexcept
{
    auto const [first, last] = by_place_.equal_range(place_of(to));
    if (first == last)
        return std::nullopt;
    auto const newest = std::prev(last);
    auto const which = newest->second->which;
    remove(newest);
    return which;
}

bool connection_pool::keep(connection_number which, callback_url const& to, time_point now) noexcept
{
    if (idle_.size() >= capacity_)
        return false;
    try {
        std::list<idle> fresh;
        fresh.push_back({which, place_of(to), now + longest_idle_});
        by_place_.emplace(fresh.front().to, fresh.begin()); // behind the others of that place
        idle_.splice(idle_.end(), fresh);
        return true;
    } catch (...) { // no memory is no room
        return false;
    }
}

void connection_pool::forget(connection_number which) noexcept
{
    auto const found =
        std::find_if(idle_.begin(), idle_.end(), [&](idle const& one) { return one.which == which; });
    if (found == idle_.end())
        return;
    auto [at, last] = by_place_.equal_range(found->to);
    while (at != last && at->second != found)
        ++at;
    remove(at);
}

void connection_pool::take_expired(time_point now, std::vector<connection_number>& gone)
{
    while (!idle_.empty() && idle_.front().until <= now) {
        gone.push_back(idle_.front().which);
        forget(idle_.front().which);
    }
}

void connection_pool::take_all(std::vector<connection_number>& gone)
{
    for (auto const& one : idle_)
        gone.push_back(one.which);
    by_place_.clear();
    idle_.clear();
}

void connection_pool::take_all(callback_url const& to, std::vector<connection_number>& gone)
{
    while (auto const which = take(to))
        gone.push_back(*which);
}

std::optional<time_point> connection_pool::next_expiry() const noexcept
{
    if (idle_.empty())
        return std::nullopt;
    return idle_.front().until;
}

} // namespace onlink
