// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscription_table.hpp"

#include <utility>
#include <vector>

namespace onlink {

subscription_table::subscription_table(limits::eventing_limits const& bounds)
    : capacity_(bounds.max_subscriptions),
      capacity_per_peer_(bounds.max_subscriptions_per_peer),
      capacity_per_target_(bounds.max_subscriptions_per_target),
      capacity_per_endpoint_(bounds.max_subscriptions_per_endpoint)
{}

subscribe_result<subscription*> subscription_table::add(subscription s)
{
    std::size_t of_peer = 0;
    std::vector<std::size_t> to_address(s.callbacks().size());
    std::vector<std::size_t> to_endpoint(s.callbacks().size());
    for (auto const& other : all_) {
        of_peer += other.requester() == s.requester();
        for (std::size_t i = 0; i < to_address.size(); ++i) {
            auto const& wanted = s.callbacks()[i].where();
            bool any_address = false;
            bool any_endpoint = false;
            for (auto const& url : other.callbacks()) {
                bool const same = same_address(url.where().address, wanted.address);
                any_address = any_address || same;
                any_endpoint = any_endpoint || (same && url.where().port == wanted.port);
            }
            to_address[i] += any_address;
            to_endpoint[i] += any_endpoint;
        }
    }
    if (of_peer >= capacity_per_peer_)
        return subscribe_refusal{503, refusal_reason::subscription_peer_limit};
    for (std::size_t i = 0; i < to_address.size(); ++i) {
        if (to_address[i] >= capacity_per_target_)
            return subscribe_refusal{503, refusal_reason::subscription_target_limit};
        if (to_endpoint[i] >= capacity_per_endpoint_)
            return subscribe_refusal{503, refusal_reason::subscription_endpoint_limit};
    }
    if (all_.size() >= capacity_)
        return subscribe_refusal{503, refusal_reason::subscription_limit};
    std::list<subscription> fresh;
    fresh.push_back(std::move(s));
    by_sid_.emplace(fresh.back().id(), fresh.begin());
    all_.splice(all_.end(), fresh); // both, or, without memory, neither
    return &all_.back();
}

subscription* subscription_table::find(sid const& id) noexcept
{
    auto const found = by_sid_.find(id);
    return found == by_sid_.end() ? nullptr : &*found->second;
}

subscription* subscription_table::find(sid const& id, std::size_t service) noexcept
{
    auto* s = find(id);
    return s && s->service() == service && s->live() ? s : nullptr;
}

void subscription_table::erase(subscription const& s) noexcept
{
    auto const found = by_sid_.find(s.id());
    if (found == by_sid_.end())
        return;
    all_.erase(found->second);
    by_sid_.erase(found);
}

} // namespace onlink
