// SPDX-License-Identifier: BSL-1.0
#include "eventing/event_dispatcher.hpp"

#include "eventing/notify_request.hpp"

#include <algorithm>
#include <tuple>

namespace onlink {

namespace {

using place = delivery_standing::place;

/// Of a number of slots, those that doubtful subscribers may have.
std::size_t half_of(std::size_t slots) { return std::max<std::size_t>(slots / 2, 1); }

char const* timeout_of(delivery_step step) noexcept
{
    switch (step) {
    case delivery_step::connecting:
        return "no connection in time";
    case delivery_step::writing:
        return "not read in time";
    case delivery_step::awaiting_answer:
        break;
    }
    return "no answer in time";
}

} // namespace

event_dispatcher::event_dispatcher(limits::eventing_limits const& bounds, policies const& policy,
                                   segment_validator const& validator, subscription_table& subscriptions,
                                   event_notices& notices)
    : bounds_(bounds),
      end_on_412_(policy.end_on_unknown_sid),
      validator_(validator),
      subscriptions_(subscriptions),
      notices_(notices),
      pool_(bounds),
      // As many as there can be at a time.
      connects_(bounds.max_subscriptions * bounds.max_callbacks, bounds.notify_connect_burst,
                bounds.notify_connects_per_second)
{
    // No connection is closed twice, so that this is all that ever waits; to close one takes no memory.
    closings_.reserve(bounds.max_deliveries + bounds.max_kept_connections);
}

// ---- Who waits, where

void event_dispatcher::wake(time_point now, subscription& s) noexcept
{
    if (s.standing().where != place::nowhere || !s.ready())
        return;
    try {
        s.standing().ticket = ++last_ticket_;
        turns_of(s).join(s);
        s.standing().where = place::in_line;
    } catch (...) {
        wake_all_at_.of(now + pause_without_memory);
    }
}

/// After memory ran out somebody may stand nowhere who has something to send.
void event_dispatcher::wake_all(time_point now) noexcept
{
    if (!wake_all_at_.due(now))
        return;
    wake_all_at_.reset();
    for (auto& s : subscriptions_.all())
        wake(now, s);
}

void event_dispatcher::end(subscription& s) noexcept
{
    auto const& standing = s.standing();
    switch (standing.where) {
    case place::nowhere:
        break;
    case place::in_line:
        turns_of(s).leave(s);
        break;
    case place::paused:
        paused_.erase({standing.until, &s});
        break;
    case place::under_way:
        if (auto const one = by_number_.find(standing.number); one != by_number_.end())
            one->second->to = nullptr;
        break;
    }
    subscriptions_.erase(s);
}

void event_dispatcher::end_all() noexcept
{
    while (!subscriptions_.all().empty())
        end(subscriptions_.all().front());
}

void event_dispatcher::clear()
{
    end_all();
    under_way_.clear();
    by_number_.clear();
    shares_.clear();
    doubtful_under_way_ = 0;
    next_give_way_.reset();
    next_timeout_.reset();
    wake_all_at_.reset();
    pool_.take_all(closings_);
    closings_.clear();
}

void event_dispatcher::interfaces_changed() noexcept
{
    pool_.take_all(closings_);
    for (auto& one : under_way_)
        one.may_be_kept = false;
    proven_.resume_all();
    doubtful_.resume_all();
}

duration event_dispatcher::pause_after(unsigned failures) const noexcept
{
    duration pause = bounds_.retry_pause;
    for (unsigned doubled = 1; doubled < failures && pause < bounds_.max_retry_pause; ++doubled)
        pause *= 2;
    return std::min<duration>(pause, bounds_.max_retry_pause);
}

duration event_dispatcher::limit_of(delivery_step step) const noexcept
{
    switch (step) {
    case delivery_step::connecting:
        return bounds_.notify_connect_deadline;
    case delivery_step::writing:
        return bounds_.notify_write_deadline;
    case delivery_step::awaiting_answer:
        break;
    }
    return bounds_.notify_answer_deadline;
}

void event_dispatcher::resume_paused(time_point now) noexcept
{
    while (!paused_.empty() && paused_.begin()->first <= now) {
        auto& s = *paused_.begin()->second;
        paused_.erase(paused_.begin());
        s.standing().where = place::nowhere;
        wake(now, s);
    }
}

// ---- Starting

std::vector<event_delivery> event_dispatcher::start(time_point now, interface_table const& table,
                                                    std::optional<time_point> segment_wait)
{
    std::vector<event_delivery> started;
    auto const go = [&](delivery_turns& turns) {
        return turns.front() && start_front(turns, now, table, segment_wait, started);
    };
    while (doubtful_came_first() ? go(doubtful_) || go(proven_) : go(proven_) || go(doubtful_)) {
    }
    return started;
}

bool event_dispatcher::doubtful_came_first() const noexcept
{
    auto const* const proven = proven_.front();
    auto const* const doubtful = doubtful_.front();
    return proven && doubtful && doubtful->standing().ticket < proven->standing().ticket;
}

/// False if it stays in front, as it waits for a slot of those for all targets; so do those behind it.
bool event_dispatcher::start_front(delivery_turns& turns, time_point now, interface_table const& table,
                                   std::optional<time_point> segment_wait,
                                   std::vector<event_delivery>& started)
{
    auto& s = *turns.front();
    auto const leave_line = [&](place to) {
        turns.pop();
        s.standing().where = to;
    };
    if (!s.ready()) { // it was cancelled
        leave_line(place::nowhere);
        return true;
    }

    auto const& url = s.next_url();
    auto const verdict = validator_.check_again(table, url);
    if (!verdict) {
        if (segment_wait && *segment_wait > now) {
            turns.rest(*segment_wait); // perhaps it is back in a moment
            return true;
        }
        leave_line(place::under_way);
        s.start_attempt();
        auto const why = to_string(verdict.error());
        notices_.add(event_notice::kind::target_left, s, why);
        conclude(s, now, delivery_outcome::failed(why));
        return true;
    }

    auto const target = s.standing().target;
    bool const connects = !pool_.has(url);
    if (auto const from = connects ? connects_.available_at(target, now) : now; from > now) {
        turns.rest(from);
        return true;
    }

    // Slots come last, so that nobody is given up for one who could not start all the same.
    auto const half_taken = [&](share const& taken, std::size_t slots) {
        return s.doubtful() && taken.doubtful >= half_of(slots);
    };
    auto const here = share_of(target);
    auto const all = share{under_way_.size(), doubtful_under_way_};
    bool const half_here = half_taken(here, bounds_.max_deliveries_per_target);
    bool const half = half_taken(all, bounds_.max_deliveries);
    bool const full_here = half_here || here.all >= bounds_.max_deliveries_per_target;
    bool const full = half || all.all >= bounds_.max_deliveries;
    if ((full_here || full) &&
        !make_room(now, target, {.of_target = full_here, .doubtful = half_here || half})) {
        if (full_here)
            turns.block();
        return full_here;
    }
    try {
        if (connects)
            connects_.take(target, now);
        start_attempt(s, now, started);
        leave_line(place::under_way);
    } catch (...) {
        turns.rest(now + pause_without_memory);
    }
    return true;
}

/// All of it, or, without memory, nothing.
void event_dispatcher::start_attempt(subscription& s, time_point now, std::vector<event_delivery>& started)
{
    auto const& next = s.next();
    auto const& to = s.next_url();
    auto const kept = pool_.peek(to);
    auto const step = kept ? delivery_step::writing : delivery_step::connecting;
    running_list fresh;
    auto const& one = fresh.emplace_back(running{
        .number = last_number_ + 1,
        .to = &s,
        .url = to,
        .connection = kept ? *kept : pool_.next(),
        .connected_before = kept.has_value(),
        .may_be_kept = true,
        .doubtful = s.doubtful(),
        .started = now,
        .deadline = now + limit_of(step),
        .step = step,
    });
    auto const taken = shares_.try_emplace(to.where().address).first;
    try {
        by_number_.emplace(one.number, fresh.begin());
        started.push_back(event_delivery{one.number, to,
                                         write_notify_header(to, s.id(), next.key, next.body->size()),
                                         next.body, one.connection, !kept});
    } catch (...) {
        by_number_.erase(one.number);
        if (taken->second.all == 0)
            shares_.erase(taken);
        throw;
    }

    ++last_number_;
    pool_.take(to);
    s.start_attempt();
    s.standing().number = one.number;
    next_timeout_.of(one.deadline);
    ++taken->second.all;
    taken->second.doubtful += one.doubtful;
    doubtful_under_way_ += one.doubtful;
    under_way_.splice(under_way_.end(), fresh);
}

event_dispatcher::share event_dispatcher::share_of(address const& target) const noexcept
{
    auto const found = shares_.find(target);
    return found == shares_.end() ? share{} : found->second;
}

/// Gives up one delivery, whose slot is all that one to `target` lacks. It is of the target that holds most
/// of such slots, and nobody gives way to a target that holds as many, but for its own. If none of the one
/// that holds most has had its time, notes when: until then one of them may end by itself.
bool event_dispatcher::make_room(time_point now, address const& target, wanted_slot wanted) noexcept
{
    auto const held = [&](address const& who) {
        auto const taken = share_of(who);
        return wanted.doubtful ? taken.doubtful : taken.all;
    };
    auto const may_give = [&](running const& one) {
        auto const& who = one.url.where().address;
        return (one.doubtful || !wanted.doubtful) &&
               (who == target || (!wanted.of_target && held(who) > held(target)));
    };
    auto const had_its_time = [&](running const& one) { return one.started + bounds_.give_way_after <= now; };
    auto const rank = [&](running const& one) {
        return std::tuple{may_give(one), held(one.url.where().address), one.doubtful && had_its_time(one)};
    };
    // Of equals the longest under way.
    auto const first = std::max_element(under_way_.begin(), under_way_.end(),
                                        [&](auto const& a, auto const& b) { return rank(a) < rank(b); });
    if (first == under_way_.end() || !may_give(*first))
        return false;
    if (!had_its_time(*first)) {
        next_give_way_.of(first->started + bounds_.give_way_after);
        return false;
    }
    abort(first, now, "too slow while others waited");
    return true;
}

// ---- On the way, and at the end

void event_dispatcher::progress(time_point now, std::uint64_t number, delivery_step step)
{
    auto const found = by_number_.find(number);
    if (found == by_number_.end())
        return;
    auto& one = *found->second;
    one.step = step;
    one.deadline = now + limit_of(step);
    next_timeout_.of(one.deadline);
}

event_dispatcher::running event_dispatcher::take_out(running_list::iterator at) noexcept
{
    auto one = std::move(*at);
    auto const& target = one.url.where().address;
    auto const taken = shares_.find(target);
    taken->second.doubtful -= one.doubtful;
    if (--taken->second.all == 0)
        shares_.erase(taken);
    doubtful_under_way_ -= one.doubtful;
    by_number_.erase(one.number);
    under_way_.erase(at);
    if (under_way_.empty()) {
        next_give_way_.reset();
        next_timeout_.reset();
    }
    proven_.unblock(target);
    doubtful_.unblock(target);
    return one;
}

void event_dispatcher::abort(running_list::iterator one, time_point now, std::string_view why) noexcept
{
    closings_.push_back(one->connection);
    settle(now, one->number, delivery_outcome::failed(why));
}

void event_dispatcher::settle(time_point now, std::uint64_t number, delivery_outcome outcome) noexcept
{
    auto const found = by_number_.find(number);
    if (found == by_number_.end())
        return;
    auto const one = take_out(found->second);
    if (outcome.kept && !(one.may_be_kept && pool_.keep(one.connection, one.url, now)))
        closings_.push_back(one.connection);
    if (outcome.what == delivery_outcome::kind::stale) {
        pool_.take_all(one.url, closings_); // kept as long as this one: probably closed as well
        if (!one.connected_before)
            outcome.what = delivery_outcome::kind::failed;
    }
    if (one.to)
        conclude(*one.to, now, outcome);
}

void event_dispatcher::give_up(time_point now, std::uint64_t number, std::string_view why) noexcept
{
    // A new connection was not opened; a kept one has left the pool, and nobody else would close it.
    if (auto const found = by_number_.find(number);
        found != by_number_.end() && found->second->connected_before)
        closings_.push_back(found->second->connection);
    settle(now, number, delivery_outcome::failed(why));
}

/// What follows from an attempt's outcome for its subscription.
void event_dispatcher::conclude(subscription& s, time_point now, delivery_outcome const& outcome) noexcept
{
    using outcomes = delivery_outcome::kind;
    s.standing().where = place::nowhere;
    if (outcome.what == outcomes::stale) {
        s.try_again();
        return s.done() ? end(s) : wake(now, s);
    }
    // A control point may not know its SID yet when the first event comes.
    bool const disowned =
        outcome.what == outcomes::sid_unknown && end_on_412_ && s.live() && !s.at_initial_event();
    auto const what =
        outcome.what == outcomes::delivered ? event_notice::kind::delivered : event_notice::kind::lost;
    bool const noted = notices_.add(what, s, outcome.why); // while it still is its event
    auto const settled = s.settle(outcome.what == outcomes::delivered);
    delivered_ += settled == subscription::settled::delivered;
    if (noted && settled == subscription::settled::next_url)
        notices_.take_back();

    bool const failing = bounds_.max_failures != 0 && s.failures() >= bounds_.max_failures;
    if (s.live() && (failing || (disowned && settled == subscription::settled::lost))) {
        notices_.add(event_notice::kind::dropped, s);
        return end(s);
    }
    if (s.done())
        return end(s);
    if (settled != subscription::settled::lost)
        return wake(now, s);
    auto& standing = s.standing();
    standing.until = now + pause_after(s.failures());
    try {
        paused_.emplace(standing.until, &s);
        standing.where = place::paused;
    } catch (...) {
        wake_all_at_.of(standing.until);
    }
}

void event_dispatcher::connection_closed(connection_number which) noexcept { pool_.forget(which); }

void event_dispatcher::advance(time_point now) noexcept
{
    pool_.take_expired(now, closings_);
    wake_all(now);
    resume_paused(now);
    proven_.resume(now);
    doubtful_.resume(now);
    if (next_give_way_.due(now)) {
        next_give_way_.reset();
        for (auto const& [target, taken] : shares_) {
            proven_.unblock(target);
            doubtful_.unblock(target);
        }
    }
    if (!next_timeout_.due(now))
        return;
    next_timeout_.reset();
    for (auto at = under_way_.begin(); at != under_way_.end();) {
        auto const one = at++;
        if (one->deadline <= now)
            abort(one, now, timeout_of(one->step));
        else
            next_timeout_.of(one->deadline);
    }
}

std::optional<time_point> event_dispatcher::next_deadline() const noexcept
{
    earliest first;
    if (!under_way_.empty())
        first.of(next_timeout_.when()).of(next_give_way_.when());
    first.of(pool_.next_expiry()).of(wake_all_at_.when());
    first.of(proven_.next_resume()).of(doubtful_.next_resume());
    if (!paused_.empty())
        first.of(paused_.begin()->first);
    return first.when();
}

bool event_dispatcher::has_waiting() const noexcept { return proven_.front() || doubtful_.front(); }

} // namespace onlink
