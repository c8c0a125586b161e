// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_SUBSCRIPTION_HPP
#define ONLINK_EVENTING_SUBSCRIPTION_HPP

#include "base/time.hpp"
#include "eventing/callback_url.hpp"
#include "eventing/event_key.hpp"
#include "eventing/property_set.hpp"
#include "eventing/sid.hpp"

#include <onlink/policies.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace onlink {

/// An event that waits for one subscriber.
struct queued_event {
    event_key key;
    std::vector<std::size_t> variables; ///< in SCPD order
    event_body body;
};

/// Where a subscription stands with the dispatcher.
struct delivery_standing {
    enum class place : std::uint8_t { nowhere, in_line, paused, under_way };
    place where = place::nowhere;
    address target;           ///< whose line it stands in
    std::uint64_t ticket = 0; ///< who joined a line earlier has a smaller one
    time_point until;         ///< when its pause is over
    std::uint64_t number = 0; ///< of the delivery under way
};

/// One subscriber's life: it waits until the answer with its SID is out, gets the initial event, then one
/// event after the other in order, each tried at the callback URLs in turn (UDA 2.0, 4.1.2, 4.3).
class subscription {
public:
    /// `variables`: indices of those it gets events of, in SCPD order. `first_key`: 0 but in tests.
    /// `by_name`: whether the subscriber chose them (STATEVAR).
    subscription(sid id, std::size_t service, std::vector<callback_url> callbacks, address requester,
                 std::vector<std::size_t> variables, time_point expiry, event_key first_key = event_key{},
                 bool by_name = false);

    sid const& id() const noexcept { return id_; }
    std::size_t service() const noexcept { return service_; }
    address const& requester() const noexcept { return requester_; }
    std::vector<callback_url> const& callbacks() const noexcept { return callbacks_; }
    /// The interface that the SUBSCRIBE came in on.
    unsigned interface_index() const noexcept { return callbacks_.front().interface_index(); }
    std::vector<std::size_t> const& variables() const noexcept { return variables_; }
    bool chosen_by_name() const noexcept { return by_name_; }
    time_point expiry() const noexcept { return expiry_; }
    void renew(time_point expiry) noexcept { expiry_ = expiry; }

    /// Whether the SID still is one: not after cancel().
    bool live() const noexcept { return !leaving_; }
    /// Ends it; an initial event that is under way or due is still sent (UDA 2.0, 4.1.1).
    void cancel();
    /// Whether nothing is left to do for a subscription that was cancelled.
    bool done() const noexcept { return leaving_ && begun_ && !current_ && queue_.empty(); }

    /// No delivery URL is on the segment any more, as was found at that time; it is the first such time that
    /// counts, and is returned.
    time_point leave_segment(time_point found) noexcept { return *(left_at_ = left_at_.value_or(found)); }
    void return_to_segment() noexcept { left_at_.reset(); }

    /// The SUBSCRIBE's answer is out: the initial event goes at that time.
    void begin_at(time_point when) noexcept { begins_ = when; }
    /// When begin() is to be called; nullopt before begin_at() and after begin().
    std::optional<time_point> begins() const noexcept { return begins_; }
    /// Queues the initial event, with the values of now.
    void begin(event_bodies& bodies);
    bool begun() const noexcept { return begun_; }

    /// Queues an event of those of its variables that changed, if any. Returns false if the queue was full
    /// and `rule` had to be applied.
    bool push(std::vector<std::size_t> const& changed, event_bodies& bodies, std::size_t max_queue,
              overflow_rule rule);

    /// Whether an attempt could start now: one in flight at a time.
    bool ready() const noexcept { return !in_flight_ && (current_ || !queue_.empty()); }
    /// What to send where, for the attempt that starts now. Only if ready().
    struct attempt {
        queued_event const& event;
        callback_url const& to;
    };
    attempt start_attempt() noexcept;
    /// Its event.
    queued_event const& next() const noexcept { return current_ ? *current_ : queue_.front(); }
    /// Where that attempt would go.
    callback_url const& next_url() const noexcept { return callbacks_[current_ ? url_ : 0]; }

    enum class settled {
        delivered,
        next_url, ///< failed there; the next URL is to be tried
        lost,     ///< failed at every URL; the event is gone, its SEQ shows it
    };
    /// The attempt under way is over.
    settled settle(bool delivered);
    /// It came to nothing, and that is nobody's fault: the same event goes to the same URL once more, if it
    /// is still wanted.
    void try_again();

    queued_event const* current() const noexcept { return current_ ? &*current_ : nullptr; }
    callback_url const& current_url() const noexcept { return callbacks_[url_]; }
    /// Events lost without one delivered between.
    unsigned failures() const noexcept { return failures_; }
    /// Whether it may be slow or dead: it has yet to take an event, or lost the last one.
    bool doubtful() const noexcept { return !proven_ || failures_ != 0; }
    /// Whether the event under way, or between two URLs, is the initial one.
    bool at_initial_event() const noexcept { return current_ && is_initial(*current_); }
    /// Events that wait, the one under way not among them, and the bytes of their bodies (shared with
    /// whoever waits for the same event).
    std::size_t queued() const noexcept { return queue_.size(); }
    std::size_t queued_bytes() const noexcept;

    /// For the dispatcher.
    delivery_standing& standing() noexcept { return standing_; }
    delivery_standing const& standing() const noexcept { return standing_; }

private:
    event_key take_key() noexcept;
    bool is_initial(queued_event const& e) const noexcept { return e.key == first_key_; }
    /// Whether the event under way still is: after cancel() only the initial one (UDA 2.0, 4.1.1).
    bool still_wanted() const noexcept { return !leaving_ || is_initial(*current_); }

    sid id_;
    std::size_t service_;
    std::vector<callback_url> callbacks_; ///< never empty
    address requester_;
    std::vector<std::size_t> variables_;
    bool by_name_;
    time_point expiry_;
    event_key first_key_; ///< of the initial event; the key never comes back to 0
    event_key next_key_;
    std::vector<queued_event> queue_;     ///< short: limits::eventing::max_queued_events
    std::optional<queued_event> current_; ///< being delivered, or between two URLs
    std::size_t url_ = 0;                 ///< where the current attempt goes
    unsigned failures_ = 0;
    std::optional<time_point> begins_;
    std::optional<time_point> left_at_; ///< since when it is off its segment
    bool begun_ = false;
    bool in_flight_ = false;
    bool leaving_ = false;
    bool proven_ = false;
    delivery_standing standing_;
};

} // namespace onlink

#endif
