// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_SUBSCRIPTION_TABLE_HPP
#define ONLINK_EVENTING_SUBSCRIPTION_TABLE_HPP

#include "eventing/subscribe_request.hpp"
#include "eventing/subscription.hpp"

#include <onlink/limits.hpp>

#include <list>
#include <unordered_map>

namespace onlink {

/// The subscriptions of a host: at most so many, so many per peer, and so many that deliver to one address or
/// to one port of it.
class subscription_table {
public:
    explicit subscription_table(limits::eventing_limits const& bounds);

    /// Refusals: 503 when the table, or the share of the peer or of a target, is full.
    subscribe_result<subscription*> add(subscription s);

    /// The live subscription of that SID at that service; nullptr for any other, also one of another service.
    subscription* find(sid const& id, std::size_t service) noexcept;
    /// The subscription of that SID, cancelled or not.
    subscription* find(sid const& id) noexcept;
    void erase(subscription const& s) noexcept;

    std::list<subscription>& all() noexcept { return all_; }
    std::list<subscription> const& all() const noexcept { return all_; }

private:
    std::size_t capacity_;
    std::size_t capacity_per_peer_;
    std::size_t capacity_per_target_;
    std::size_t capacity_per_endpoint_;
    std::list<subscription> all_; // stable addresses
    std::unordered_map<sid, std::list<subscription>::iterator> by_sid_;
};

} // namespace onlink

#endif
