// SPDX-License-Identifier: BSL-1.0
#include "net/session_list.hpp"

#include "host/device_runtime.hpp"
#include "net/http_session.hpp"

#include <utility>

namespace onlink {

std::size_t session_list::count_of(http_session const& like) const
{
    auto const found = by_peer_.find(like.from().peer.address);
    return found == by_peer_.end() ? 0 : found->second;
}

/// Who goes to make room. Sessions stand in the order in which they last did something, so that of those that
/// are spare the first is idle longest. Where none is, neighbours may hold all connections with half-sent
/// requests, and answers that they do not read: of the one with most of them, the oldest goes, but only for a
/// peer that will still have fewer. Over an idle one that is not spare a request may be on its way: it goes
/// for a peer that will have no more than its own, and not for one that holds many already.
session_list::list::iterator session_list::least_missed(std::size_t held_by_newcomer, time_point now)
{
    auto victim = all_.end();
    auto most = held_by_newcomer;
    for (auto at = all_.begin(); at != all_.end(); ++at) {
        auto const& other = **at;
        if (other.spare(now))
            return at;
        auto const held = count_of(other);
        if (held > most && (other.idle() || (other.stuck() && held > held_by_newcomer + 1))) {
            most = held;
            victim = at;
        }
    }
    return victim;
}

std::optional<refusal_reason> session_list::admit(time_point now,
                                                  std::shared_ptr<http_session> const& session,
                                                  limits::http_limits const& bounds, device_runtime& runtime)
{
    auto const same_peer = count_of(*session);
    if (same_peer >= bounds.max_connections_per_peer)
        return refusal_reason::connection_peer_limit;
    if (all_.size() >= bounds.max_connections) {
        auto const victim = least_missed(same_peer, now);
        if (victim == all_.end())
            return refusal_reason::connection_limit;
        auto const evicted = *victim;
        take_out(victim);
        if (!evicted->spare(now))
            runtime.on_refusal(evicted->from(), refusal_reason::connection_limit, 0);
        evicted->close();
    }
    // All of it, or, without memory, nothing.
    list fresh{session};
    auto const peer = by_peer_.try_emplace(session->from().peer.address).first;
    try {
        places_.emplace(session.get(), fresh.begin());
    } catch (...) {
        if (peer->second == 0)
            by_peer_.erase(peer);
        throw;
    }
    ++peer->second;
    all_.splice(all_.end(), fresh);
    return std::nullopt;
}

void session_list::touch(http_session const& session)
{
    if (auto const found = places_.find(&session); found != places_.end())
        all_.splice(all_.end(), all_, found->second);
}

void session_list::forget(http_session const& session)
{
    if (auto const found = places_.find(&session); found != places_.end())
        take_out(found->second);
}

void session_list::take_out(list::iterator at) noexcept
{
    ++changes_;
    auto const peer = by_peer_.find((*at)->from().peer.address);
    if (--peer->second == 0)
        by_peer_.erase(peer);
    places_.erase(at->get());
    all_.erase(at);
}

void session_list::close_all()
{
    ++changes_;
    places_.clear();
    by_peer_.clear();
    for (auto const& session : std::exchange(all_, {}))
        session->close();
}

} // namespace onlink
