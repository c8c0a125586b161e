// SPDX-License-Identifier: BSL-1.0
#include "eventing/delivery_turns.hpp"

#include <algorithm>

namespace onlink {

void delivery_turns::join(subscription& s)
{
    auto& standing = s.standing();
    standing.target = s.next_url().where().address;
    auto const [at, is_new] = lines_.try_emplace(standing.target);
    at->second.waiting.push_back(&s);
    if (is_new)
        turns_.push_back(&at->second);
}

void delivery_turns::leave(subscription& s)
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

void delivery_turns::pop()
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

void delivery_turns::put_aside(std::optional<time_point> until)
{
    auto& first = *turns_.front();
    first.goes = false;
    first.rests = until;
    next_resume_.of(until);
    turns_.pop_front();
}

void delivery_turns::put_back(line& l)
{
    if (l.goes)
        return;
    l.goes = true;
    l.rests.reset();
    turns_.push_back(&l);
}

void delivery_turns::rest(time_point until) { put_aside(until); }

void delivery_turns::block() { put_aside(std::nullopt); }

void delivery_turns::unblock(address const& target)
{
    auto const at = lines_.find(target);
    if (at != lines_.end() && !at->second.rests)
        put_back(at->second);
}

void delivery_turns::resume(time_point now)
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

void delivery_turns::resume_all()
{
    next_resume_.reset();
    for (auto& [target, l] : lines_)
        put_back(l);
}

} // namespace onlink
