// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_EVENT_ENGINE_HPP
#define ONLINK_EVENTING_EVENT_ENGINE_HPP

#include "base/earliest.hpp"
#include "eventing/event_dispatcher.hpp"
#include "eventing/event_moderator.hpp"
#include "eventing/event_notice.hpp"
#include "eventing/multicast_queue.hpp"
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
#include <string_view>
#include <utility>
#include <vector>

namespace onlink {

/// GENA: changes of state in, deliveries and multicast events out. Owns the subscriptions.
class event_engine {
public:
    event_engine(device_tree const& tree, limits::eventing_limits const& bounds, policies const& policy,
                 time_point now, segment_map segments = {});
    event_engine(event_engine const&) = delete;
    event_engine& operator=(event_engine const&) = delete;

    /// A service is hosted from now on. What changed before is nobody's event.
    void begin_service(std::size_t service);

    /// Refusals: 412 for what the segment validator refuses, 503 when full, 404 at a service without events.
    subscribe_result<granted_subscription> subscribe(time_point now, std::size_t service,
                                                     new_subscription const& wanted, ingress const& at,
                                                     interface_table const& table, random_source& random);
    /// Refusals: 412, also for somebody whom policies::binding does not let.
    subscribe_result<granted_subscription> renew(time_point now, std::size_t service, renewal const& wanted,
                                                 ingress const& at, interface_table const& table);
    subscribe_result<void> cancel(time_point now, std::size_t service, cancellation const& wanted,
                                  ingress const& at, interface_table const& table);
    /// Forgets all subscriptions; nobody is told.
    void clear();
    /// Ends all: the network is another one (UDA 2.0, 0.5), and what was told of it is void.
    void end_all();
    /// A service is hosted no more: ends its subscriptions.
    void end_service(std::size_t service);

    /// The answer with this SID has left; the initial event follows after policies::initial_event_delay. If
    /// it could not leave, nobody knows the SID, and the subscription is dropped.
    void answered(time_point now, sid const& id, bool sent) noexcept;

    /// Queues one event of what changed at a service since the last call, as far as it is not held back
    /// (service::moderate). Without memory a little later.
    void publish(time_point now, std::size_t service);

    /// The interfaces are others than before. Subscriptions that fell off their segment are not served from
    /// now on, and end after limits::eventing::segment_grace unless they are back by then.
    void interfaces_changed(time_point now);

    /// The attempts that may start now, none to an address that is no longer on its segment, and no more to
    /// one address than it may get per second.
    std::vector<event_delivery> start_deliveries(time_point now, interface_table const& table);
    /// See event_dispatcher.
    void progress(time_point now, std::uint64_t number, delivery_step step)
    {
        dispatcher_.progress(now, number, step);
    }
    void settle(time_point now, std::uint64_t number, delivery_outcome outcome)
    {
        dispatcher_.settle(now, number, std::move(outcome));
    }
    void give_up(time_point now, std::uint64_t number, std::string_view why)
    {
        dispatcher_.give_up(now, number, why);
    }
    void connection_closed(connection_number which) { dispatcher_.connection_closed(which); }
    std::vector<connection_number> const& closings() const noexcept { return dispatcher_.closings(); }
    void forget_closings() noexcept { dispatcher_.forget_closings(); }

    /// Queues the initial events that are due and what was held back, gives up deliveries that take too long,
    /// and drops what has expired (UDA 2.0, 4.1.1).
    void advance(time_point now);
    std::optional<time_point> next_deadline() const noexcept;

    /// The events for everybody that go now: of the evented variables whose multicast attribute says so (UDA
    /// 2.0, 4.2); one event for each level. And how many were lost since the last call, too large or too
    /// many.
    std::vector<multicast_event> take_multicasts(time_point now, std::size_t& lost);

    /// How often a change_log of the application threw since the last call. Its variable tells its last
    /// changes then; all else goes on.
    std::size_t take_log_failures() noexcept { return std::exchange(log_failures_, 0); }

    /// What happened since the last call.
    std::vector<event_notice> take_notices() noexcept { return notices_.take(); }

    /// Whether nothing has happened that anybody is to be told of, or that is to be sent.
    bool quiet() const noexcept;
    /// Without anybody to tell, of deliveries nothing is noted.
    void set_observed(bool observed) noexcept { notices_.set_observed(observed); }

    /// Whether start_deliveries() might start one.
    bool has_waiting_events() const noexcept { return dispatcher_.has_waiting(); }

    std::size_t subscriptions() const noexcept { return table_.all().size(); }
    std::size_t deliveries_under_way() const noexcept { return dispatcher_.under_way(); }
    subscription_table const& table() const noexcept { return table_; }
    event_dispatcher const& dispatcher() const noexcept { return dispatcher_; }
    /// For tests of the wrap: the key of the next new subscription.
    void start_keys_at(event_key key) noexcept { first_key_ = key; }

private:
    void emit(time_point now, std::size_t service, std::vector<std::size_t> const& variables);
    void close_changes(state_table& state, std::vector<std::size_t> const& variables);
    void queue_multicasts(time_point now, std::size_t service, std::vector<std::size_t> const& changed);
    void begin_due(time_point now) noexcept;
    void publish_what_waits(time_point now);
    void expire(time_point now);
    void follow_segments(time_point now, interface_table const& table);
    subscribe_result<subscription*> find_for(sid const& id, std::size_t service, ingress const& at,
                                             interface_table const& table);
    template <class Ends>
    void end_where(Ends ends);

    device_tree const& tree_;
    limits::eventing_limits bounds_;
    policies policy_;
    segment_validator validator_;
    subscription_table table_;
    event_notices notices_;
    event_dispatcher dispatcher_;
    std::map<std::size_t, event_moderator> moderators_; ///< by service, where there are rules
    multicast_queue multicasts_;
    std::size_t multicasts_lost_ = 0;
    std::size_t log_failures_ = 0;
    /// When the interfaces changed, until start_deliveries() has seen what they are now.
    std::optional<time_point> changed_at_;
    /// Until when those off their segment are waited for; nullopt while the interfaces are as they were.
    std::optional<time_point> sweep_at_;
    bool sweep_due_ = false; ///< that time is over, and start_deliveries() has yet to look
    /// Never later than the first of them.
    earliest next_expiry_;
    earliest next_begin_;
    earliest publish_again_; ///< what changed when there was no memory for it
    event_key first_key_{};
};

} // namespace onlink

#endif
