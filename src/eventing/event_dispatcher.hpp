// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_EVENT_DISPATCHER_HPP
#define ONLINK_EVENTING_EVENT_DISPATCHER_HPP

#include "base/earliest.hpp"
#include "base/rate_table.hpp"
#include "eventing/connection_pool.hpp"
#include "eventing/delivery_turns.hpp"
#include "eventing/event_delivery.hpp"
#include "eventing/event_notice.hpp"
#include "eventing/segment_validator.hpp"
#include "eventing/subscription_table.hpp"

#include <onlink/limits.hpp>
#include <onlink/policies.hpp>

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace onlink {

/// Brings queued events out: which delivery starts when, over which connection, and how long it may take. One
/// subscriber has one delivery under way at most; a slow, dead or hostile one costs a bounded number of slots
/// for a bounded time:
///
/// - of all slots (limits::eventing::max_deliveries) doubtful subscribers, who have yet to take an event or
///   lost the last one, have half; of those of one target address likewise;
/// - where somebody waits for a slot, a delivery to the target that holds most gives way, after
///   limits::eventing::give_way_after, but none to a target that holds as many;
/// - after a lost event a subscriber has to pause, each time longer; after so many it is dropped.
///
/// Where memory runs out, what was to start starts a little later; all else goes on without any.
class event_dispatcher {
public:
    /// All are to outlive it. What happens is appended to `notices`.
    event_dispatcher(limits::eventing_limits const& bounds, policies const& policy,
                     segment_validator const& validator, subscription_table& subscriptions,
                     event_notices& notices);

    /// `s` may have something to send now.
    void wake(time_point now, subscription& s) noexcept;
    /// Ends and erases `s`. What is under way to it is not called back; nothing more starts.
    void end(subscription& s) noexcept;
    /// Ends all.
    void end_all() noexcept;
    /// The host's sockets are all closed.
    void clear();
    /// No connection of before is used for another delivery, and who was waited for is looked for again.
    void interfaces_changed() noexcept;

    /// The attempts that start now, none to an address that is not on its segment in `table`. Where that is
    /// only so for the moment, perhaps, it is waited for until `segment_wait`.
    std::vector<event_delivery> start(time_point now, interface_table const& table,
                                      std::optional<time_point> segment_wait);
    /// An attempt has come that far. An unknown number is ignored, here and below.
    void progress(time_point now, std::uint64_t number, delivery_step step);
    void settle(time_point now, std::uint64_t number, delivery_outcome outcome) noexcept;
    /// One of start() is not made at all.
    void give_up(time_point now, std::uint64_t number, std::string_view why) noexcept;
    /// A connection that was kept has been closed at the other end.
    void connection_closed(connection_number which) noexcept;
    /// Gives up what takes too long, and lets those go whose pause is over.
    void advance(time_point now) noexcept;
    std::optional<time_point> next_deadline() const noexcept;

    /// Connections to be closed, whatever goes on there.
    std::vector<connection_number> const& closings() const noexcept { return closings_; }
    /// They are being closed.
    void forget_closings() noexcept { closings_.clear(); }

    /// Whether start() might start one.
    bool has_waiting() const noexcept;
    std::size_t under_way() const noexcept { return under_way_.size(); }
    std::size_t kept_connections() const noexcept { return pool_.size(); }
    std::uint64_t delivered() const noexcept { return delivered_; }

private:
    struct running {
        std::uint64_t number;
        subscription* to; ///< nullptr: ended meanwhile
        callback_url url;
        connection_number connection;
        bool connected_before; ///< over a kept connection
        bool may_be_kept;      ///< made since the interfaces last changed
        bool doubtful;
        time_point started;
        time_point deadline;
        delivery_step step;
    };
    using running_list = std::list<running>;
    struct share {
        std::size_t all = 0;
        std::size_t doubtful = 0;
    };
    struct wanted_slot {
        bool of_target; ///< one of its target's own
        bool doubtful;  ///< one of the half that the doubtful may have
    };

    delivery_turns& turns_of(subscription const& s) noexcept { return s.doubtful() ? doubtful_ : proven_; }
    bool doubtful_came_first() const noexcept;
    bool start_front(delivery_turns& turns, time_point now, interface_table const& table,
                     std::optional<time_point> segment_wait, std::vector<event_delivery>& started);
    void start_attempt(subscription& s, time_point now, std::vector<event_delivery>& started);
    share share_of(address const& target) const noexcept;
    bool make_room(time_point now, address const& target, wanted_slot wanted) noexcept;
    void abort(running_list::iterator one, time_point now, std::string_view why) noexcept;
    running take_out(running_list::iterator one) noexcept;
    void conclude(subscription& s, time_point now, delivery_outcome const& outcome) noexcept;
    void resume_paused(time_point now) noexcept;
    void wake_all(time_point now) noexcept;
    duration pause_after(unsigned failures) const noexcept;
    duration limit_of(delivery_step step) const noexcept;

    limits::eventing_limits bounds_;
    bool end_on_412_;
    segment_validator const& validator_;
    subscription_table& subscriptions_;
    event_notices& notices_;

    delivery_turns proven_;
    delivery_turns doubtful_;
    std::set<std::pair<time_point, subscription*>> paused_;
    running_list under_way_; ///< in the order in which they started
    std::unordered_map<std::uint64_t, running_list::iterator> by_number_;
    std::map<address, share> shares_; ///< of targets with deliveries under way
    std::size_t doubtful_under_way_ = 0;
    earliest next_give_way_;
    earliest next_timeout_;
    earliest wake_all_at_;
    connection_pool pool_;
    rate_table connects_; ///< new connections per address
    std::vector<connection_number> closings_;
    std::uint64_t last_number_ = 0;
    std::uint64_t last_ticket_ = 0;
    std::uint64_t delivered_ = 0;
};

} // namespace onlink

#endif
