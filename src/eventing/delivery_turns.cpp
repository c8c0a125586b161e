// SPDX-License-Identifier: BSL-1.0
#include "eventing/delivery_turns.hpp"

#include <algorithm>

namespace onlink {

void delivery_turns::join(subscription& s)
{
    auto& standing = s.standing();
    standing.target = s.next_url().where().address;
    auto const [at, is_new] = lines_.try_emplace(standing.target);
    auto& l = at->second;
    try {
        if (is_new)
            l.aside.push_back(&l);
        l.waiting.push_back(&s);
    } catch (...) { // no memory: as if nobody had asked
        if (is_new)
            lines_.erase(at);
        throw;
    }
    if (is_new)
        put_back(l);
}

void delivery_turns::leave(subscription& s) noexcept
{
    auto const at = lines_.find(s.standing().target);
    if (at == lines_.end())
        return;
    auto& waiting = at->second.waiting;
    auto const stands = std::find(waiting.begin(), waiting.end(), &s);
    if (stands == waiting.end())
        return;
    waiting.erase(stands);
    if (!waiting.empty())
        return;
    turns_.remove(&at->second);
    lines_.erase(at);
}

void delivery_turns::pop() noexcept
{
    auto* const first = turns_.front();
    auto const target = first->waiting.front()->standing().target;
    first->waiting.pop_front();
    if (first->waiting.empty()) {
        turns_.pop_front();
        lines_.erase(target);
        return;
    }
    turns_.splice(turns_.end(), turns_, turns_.begin());
}

void delivery_turns::put_aside(std::optional<time_point> until) noexcept
{
    auto& first = *turns_.front();
    first.aside.splice(first.aside.begin(), turns_, turns_.begin());
    first.rests = until;
    next_resume_.of(until);
}

void delivery_turns::put_back(line& l) noexcept
{
    if (l.aside.empty())
        return;
    l.rests.reset();
    turns_.splice(turns_.end(), l.aside);
}

void delivery_turns::rest(time_point until) noexcept { put_aside(until); }

void delivery_turns::block() noexcept { put_aside(std::nullopt); }

void delivery_turns::unblock(address const& target) noexcept
{
    auto const at = lines_.find(target);
    if (at != lines_.end() && !at->second.rests)
        put_back(at->second);
}

void delivery_turns::resume(time_point now) noexcept
{
    if (!next_resume_.due(now))
        return;
    next_resume_.reset();
    for (auto& [target, l] : lines_) {
        if (l.rests && *l.rests <= now)
            put_back(l);
        next_resume_.of(l.rests);
    }
}

void delivery_turns::resume_all() noexcept
{
    next_resume_.reset();
    for (auto& [target, l] : lines_)
        put_back(l);
}

} // namespace onlink
