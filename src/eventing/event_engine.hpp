// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_EVENT_ENGINE_HPP
#define ONLINK_EVENTING_EVENT_ENGINE_HPP

#include "base/rate_table.hpp"
#include "eventing/multicast_event.hpp"
#include "eventing/segment_validator.hpp"
#include "eventing/subscribe_request.hpp"
#include "eventing/subscribe_response.hpp"
#include "eventing/subscription_table.hpp"
#include "model/device_tree.hpp"

#include <onlink/limits.hpp>
#include <onlink/policies.hpp>
#include <onlink/random_source.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace onlink {

/// One attempt to deliver an event, to be made at once. Only the engine makes one, from an admitted URL.
class event_delivery {
public:
    /// For the outcome: event_engine::settle().
    std::uint64_t number() const noexcept { return number_; }
    callback_url const& to() const noexcept { return to_; }
    std::string const& header() const noexcept { return header_; }
    event_body const& body() const noexcept { return body_; }

private:
    friend class event_engine;
    event_delivery(std::uint64_t number, callback_url to, std::string header, event_body body)
        : number_(number), to_(std::move(to)), header_(std::move(header)), body_(std::move(body))
    {}

    std::uint64_t number_;
    callback_url to_;
    std::string header_;
    event_body body_;
};

/// Something the engine did that the observer should hear of.
struct event_notice {
    enum class kind {
        delivered,
        lost,
        target_left,
        overflow,
        expired,
        dropped,
        segment_left,
        device_removed
    };
    event_notice::kind what{};
    onlink::sid id;
    std::size_t service = 0;
    address requester;
    unsigned interface_index = 0; ///< of the subscription
    std::uint32_t seq = 0;
    std::string url;
    std::string why;
};

/// GENA: changes of state in, deliveries out. Owns the subscriptions.
class event_engine {
public:
    event_engine(device_tree const& tree, limits::eventing_limits const& bounds, policies const& policy,
                 segment_map segments = {});

    /// Refusals: 412 for what the segment validator refuses, 503 when full, 404 at a service without events.
    subscribe_result<granted_subscription> subscribe(time_point now, std::size_t service,
                                                     new_subscription wanted, ingress const& at,
                                                     interface_table const& table, random_source& random);
    /// Refusals: 412, also for somebody whom policies::binding does not let.
    subscribe_result<granted_subscription> renew(time_point now, std::size_t service, renewal const& wanted,
                                                 ingress const& at, interface_table const& table);
    subscribe_result<void> cancel(time_point now, std::size_t service, cancellation const& wanted,
                                  ingress const& at, interface_table const& table);
    /// Forgets all subscriptions; nobody is told.
    void clear() noexcept;
    /// Ends all: the network is another one (UDA 2.0, 0.5), and what was told of it is void.
    void end_all();
    /// Ends those of a service that is hosted no more.
    void end_service(std::size_t service);

    /// The answer with this SID has left; the initial event follows after policies::initial_event_delay. If
    /// it could not leave, nobody knows the SID, and the subscription is dropped.
    void answered(time_point now, sid const& id, bool sent);

    /// Queues one event of what changed at a service since the last call.
    void publish(std::size_t service);

    /// The interfaces are others than before. Subscriptions that fell off their segment are not served from
    /// now on, and end after limits::eventing::segment_grace unless they are back by then.
    void interfaces_changed(time_point now);

    /// The attempts that may start now, none to an address that is no longer on its segment, and no more to
    /// one address than it may get per second.
    std::vector<event_delivery> start_deliveries(time_point now, interface_table const& table);
    /// The outcome of an attempt; `why` says what a failed one met. An unknown number is ignored.
    void settle(std::uint64_t number, bool delivered, std::string_view why);

    /// Queues the initial events that are due and drops what has expired (UDA 2.0, 4.1.1).
    void advance(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    /// The events for everybody since the last call, and how many were too large to be one. Of the evented
    /// variables whose multicast attribute says so (UDA 2.0, 4.2); one event for each level.
    std::vector<multicast_event> take_multicasts(std::size_t& too_large);

    /// What happened since the last call.
    std::vector<event_notice> take_notices();

    /// Whether start_deliveries() might start one.
    bool has_waiting_events() const noexcept;

    std::size_t subscriptions() const noexcept { return table_.all().size(); }
    std::size_t deliveries_under_way() const noexcept { return under_way_.size(); }
    /// For tests of the wrap: the key of the next new subscription.
    void start_keys_at(event_key key) noexcept { first_key_ = key; }

private:
    struct running {
        std::uint64_t number;
        sid id;
    };
    void queue_multicasts(std::size_t service, std::vector<std::size_t> const& changed);
    void expire(time_point now);
    void follow_segments(time_point now, interface_table const& table);
    subscribe_result<subscription*> find_for(sid const& id, std::size_t service, ingress const& at,
                                             interface_table const& table);
    void settle_one(subscription& s, bool delivered, std::string_view why);
    void note(event_notice::kind what, subscription const& s, std::string why = {});

    device_tree const& tree_;
    limits::eventing_limits bounds_;
    policies policy_;
    segment_validator validator_;
    subscription_table table_;
    rate_table targets_; ///< connections per address
    /// When the interfaces changed, until start_deliveries() has seen what they are now.
    std::optional<time_point> changed_at_;
    /// Until when those off their segment are waited for; nullopt while the interfaces are as they were.
    std::optional<time_point> sweep_at_;
    /// When a delivery that had to wait for its target's rate may go.
    std::optional<time_point> throttled_until_;
    std::vector<running> under_way_;
    std::uint64_t next_number_ = 1;
    std::size_t turn_ = 0; ///< who is asked first, so that nobody is always last
    event_key first_key_{};
    std::vector<event_notice> notices_;
    std::vector<multicast_event> multicasts_;
    std::size_t too_large_ = 0;
    std::map<std::size_t, event_key> multicast_keys_; ///< of the next one, by service
};

} // namespace onlink

#endif
