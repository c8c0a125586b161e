// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscription_table.hpp"

#include <algorithm>

namespace onlink {

subscription_table::subscription_table(limits::eventing_limits const& bounds)
    : capacity_(bounds.max_subscriptions), capacity_per_peer_(bounds.max_subscriptions_per_peer)
{}

subscribe_result<subscription*> subscription_table::add(subscription s)
{
    auto const peers =
        static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), [&](subscription const& other) {
            return other.requester() == s.requester();
        }));
    if (peers >= capacity_per_peer_)
        return subscribe_refusal{503, refusal_reason::subscription_peer_limit};
    if (all_.size() >= capacity_)
        return subscribe_refusal{503, refusal_reason::subscription_limit};
    all_.push_back(std::move(s));
    return &all_.back();
}

subscription* subscription_table::find(sid const& id) noexcept
{
    auto const found =
        std::find_if(all_.begin(), all_.end(), [&](subscription const& s) { return s.id() == id; });
    return found == all_.end() ? nullptr : &*found;
}

subscription* subscription_table::find(sid const& id, std::size_t service) noexcept
{
    auto* s = find(id);
    return s && s->service() == service && s->live() ? s : nullptr;
}

void subscription_table::erase(sid const& id) noexcept
{
    all_.remove_if([&](subscription const& s) { return s.id() == id; });
}

std::optional<time_point> subscription_table::next_expiry() const noexcept
{
    std::optional<time_point> first;
    for (auto const& s : all_)
        if (s.live() && (!first || s.expiry() < *first))
            first = s.expiry();
    return first;
}

} // namespace onlink
