// SPDX-License-Identifier: BSL-1.0
#include "net/session_list.hpp"

#include "host/device_runtime.hpp"
#include "net/http_session.hpp"

#include <algorithm>
#include <utility>

namespace onlink {

std::size_t session_list::count_of(http_session const& like) const
{
    return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [&](auto const& other) {
        return other->from().peer.address == like.from().peer.address;
    }));
}

/// Who goes to make room. Sessions stand in the order in which they last did something: the first idle one is
/// idle longest. Where none is idle, neighbours with half-sent requests may hold all connections: of the one
/// with most of them, the oldest goes, but only for a peer that will still have fewer.
session_list::list::iterator session_list::least_missed(std::size_t held_by_newcomer)
{
    auto const idle = std::find_if(all_.begin(), all_.end(), [](auto const& other) { return other->idle(); });
    if (idle != all_.end())
        return idle;
    auto victim = all_.end();
    auto most = held_by_newcomer + 1;
    for (auto at = all_.begin(); at != all_.end(); ++at) {
        if (!(*at)->reading())
            continue;
        auto const held = count_of(**at);
        if (held > most) {
            most = held;
            victim = at;
        }
    }
    return victim;
}

std::optional<refusal_reason> session_list::admit(std::shared_ptr<http_session> const& session,
                                                  limits::http_limits const& bounds, device_runtime& runtime)
{
    auto const same_peer = count_of(*session);
    if (same_peer >= bounds.max_connections_per_peer)
        return refusal_reason::connection_peer_limit;
    if (all_.size() >= bounds.max_connections) {
        auto const victim = least_missed(same_peer);
        if (victim == all_.end())
            return refusal_reason::connection_limit;
        auto const evicted = *victim;
        all_.erase(victim);
        if (evicted->reading())
            runtime.on_refusal(evicted->from(), refusal_reason::connection_limit, 0);
        evicted->close();
    }
    all_.push_back(session);
    return std::nullopt;
}

void session_list::touch(http_session const& session)
{
    auto const at =
        std::find_if(all_.begin(), all_.end(), [&](auto const& other) { return other.get() == &session; });
    if (at != all_.end())
        all_.splice(all_.end(), all_, at);
}

void session_list::forget(http_session const& session)
{
    all_.remove_if([&](auto const& other) { return other.get() == &session; });
}

void session_list::close_all()
{
    for (auto const& session : std::exchange(all_, {}))
        session->close();
}

} // namespace onlink
