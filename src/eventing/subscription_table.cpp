// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscription_table.hpp"

#include <algorithm>

namespace onlink {

subscription_table::subscription_table(limits::eventing_limits const& bounds)
    : capacity_(bounds.max_subscriptions),
      capacity_per_peer_(bounds.max_subscriptions_per_peer),
      capacity_per_target_(bounds.max_subscriptions_per_target),
      capacity_per_endpoint_(bounds.max_subscriptions_per_endpoint)
{}

subscribe_result<subscription*> subscription_table::add(subscription s)
{
    auto const count = [&](auto const& belongs) {
        return static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), belongs));
    };
    if (count([&](subscription const& other) { return other.requester() == s.requester(); }) >=
        capacity_per_peer_)
        return subscribe_refusal{503, refusal_reason::subscription_peer_limit};
    for (auto const& url : s.callbacks()) {
        auto const to_address = [&](callback_url const& u) {
            return same_address(u.where().address, url.where().address);
        };
        auto const to_endpoint = [&](callback_url const& u) {
            return to_address(u) && u.where().port == url.where().port;
        };
        auto const any = [](auto const& wanted) {
            return [&](subscription const& other) {
                return std::any_of(other.callbacks().begin(), other.callbacks().end(), wanted);
            };
        };
        if (count(any(to_address)) >= capacity_per_target_)
            return subscribe_refusal{503, refusal_reason::subscription_target_limit};
        if (count(any(to_endpoint)) >= capacity_per_endpoint_)
            return subscribe_refusal{503, refusal_reason::subscription_endpoint_limit};
    }
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
