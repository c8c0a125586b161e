// SPDX-License-Identifier: BSL-1.0
#include "eventing/event_engine.hpp"

#include <algorithm>

namespace onlink {

namespace {

/// Which variables a subscription covers: all evented ones, or those STATEVAR names if every one of them is
/// evented (UDA 2.0, 4.1.2).
struct coverage {
    std::vector<std::size_t> variables;
    std::vector<std::string> accepted;
};

coverage cover(scpd const& contract, std::vector<std::string> const& wanted)
{
    coverage all;
    coverage named;
    auto const& variables = contract.variables();
    for (std::size_t i = 0; i < variables.size(); ++i) {
        if (!variables[i].evented)
            continue;
        all.variables.push_back(i);
        if (std::find(wanted.begin(), wanted.end(), variables[i].name) != wanted.end()) {
            named.variables.push_back(i);
            named.accepted.push_back(variables[i].name);
        }
    }
    bool const all_known =
        !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), [&](auto const& name) {
            return std::find(named.accepted.begin(), named.accepted.end(), name) != named.accepted.end();
        });
    return all_known ? named : all;
}

} // namespace

event_engine::event_engine(device_tree const& tree, limits::eventing_limits const& bounds,
                           policies const& policy, time_point now, segment_map segments)
    : tree_(tree),
      bounds_(bounds),
      policy_(policy),
      validator_(policy, std::move(segments)),
      table_(bounds),
      dispatcher_(bounds, policy, validator_, table_, notices_),
      multicasts_(bounds, policy.multicast_event_repeats, now)
{}

subscribe_result<granted_subscription>
event_engine::subscribe(time_point now, std::size_t service, new_subscription const& wanted,
                        ingress const& at, interface_table const& table, random_source& random)
{
    auto const& contract = tree_.services.at(service).service.contract();
    if (!contract.has_events())
        return subscribe_refusal{404, refusal_reason::not_found};
    std::vector<callback_url> admitted;
    admitted.reserve(wanted.callbacks.size());
    for (auto const& candidate : wanted.callbacks) {
        auto url = validator_.admit(table, at, candidate);
        if (!url)
            return subscribe_refusal{412, url.error()};
        admitted.push_back(*std::move(url));
    }

    expire(now);
    auto covered = cover(contract, wanted.state_variables);
    auto const added = table_.add(subscription{sid::generate(random), service, std::move(admitted),
                                               at.requester, std::move(covered.variables),
                                               now + wanted.duration, first_key_, !covered.accepted.empty()});
    if (!added)
        return added.error();
    next_expiry_.of((*added)->expiry());
    return granted_subscription{(*added)->id(), wanted.duration, std::move(covered.accepted)};
}

subscribe_result<subscription*> event_engine::find_for(sid const& id, std::size_t service, ingress const& at,
                                                       interface_table const& table)
{
    auto* s = table_.find(id, service);
    if (!s)
        return subscribe_refusal{412, refusal_reason::subscription_unknown};
    bool const may = s->interface_index() == at.interface_index &&
                     (policy_.binding == subscription_binding::same_segment ||
                      table.same_host(at.interface_index, at.requester, s->requester()));
    if (!may)
        return subscribe_refusal{412, refusal_reason::subscription_foreign};
    return s;
}

subscribe_result<granted_subscription> event_engine::renew(time_point now, std::size_t service,
                                                           renewal const& wanted, ingress const& at,
                                                           interface_table const& table)
{
    expire(now);
    auto const found = find_for(wanted.id, service, at, table);
    if (!found)
        return found.error();
    auto& s = **found;
    s.renew(now + wanted.duration);
    next_expiry_.reset();
    for (auto const& each : table_.all())
        next_expiry_.of(each.expiry());

    auto const& variables = tree_.services[service].service.contract().variables();
    granted_subscription granted{wanted.id, wanted.duration, {}};
    if (s.chosen_by_name()) // said again, as at the beginning
        for (auto const index : s.variables())
            granted.accepted.push_back(variables[index].name);
    return granted;
}

subscribe_result<void> event_engine::cancel(time_point now, std::size_t service, cancellation const& wanted,
                                            ingress const& at, interface_table const& table)
{
    expire(now);
    auto const found = find_for(wanted.id, service, at, table);
    if (!found)
        return found.error();
    auto& s = **found;
    s.cancel();
    if (s.done())
        dispatcher_.end(s);
    return {};
}

// ---- Ends

template <class Ends>
void event_engine::end_where(Ends ends)
{
    auto& all = table_.all();
    for (auto at = all.begin(); at != all.end();) {
        auto& s = *at++;
        if (ends(s))
            dispatcher_.end(s);
    }
}

void event_engine::clear()
{
    dispatcher_.clear();
    multicasts_.clear();
    changed_at_.reset();
    sweep_at_.reset();
    sweep_due_ = false;
    next_expiry_.reset();
    next_begin_.reset();
    publish_again_.reset();
}

void event_engine::end_all()
{
    for (auto const& s : table_.all())
        if (s.live())
            notices_.add(event_notice::kind::segment_left, s);
    dispatcher_.end_all();
}

void event_engine::begin_service(std::size_t service)
{
    auto const& hosted = tree_.services.at(service).service;
    hosted.state().take_changes();
    auto const& variables = hosted.contract().variables();
    if (std::any_of(variables.begin(), variables.end(), [&](state_variable const& v) {
            return hosted.moderation_of(v.name) != event_moderation{};
        }))
        moderators_.insert_or_assign(service, event_moderator{hosted});
}

void event_engine::end_service(std::size_t service)
{
    moderators_.erase(service);
    multicasts_.forget(service);
    end_where([&](subscription const& s) {
        if (s.service() == service && s.live())
            notices_.add(event_notice::kind::device_removed, s);
        return s.service() == service;
    });
}

void event_engine::expire(time_point now)
{
    if (!next_expiry_.due(now))
        return;
    next_expiry_.reset();
    end_where([&](subscription const& s) {
        bool const over = s.expiry() <= now;
        if (over && s.live())
            notices_.add(event_notice::kind::expired, s);
        if (!over)
            next_expiry_.of(s.expiry());
        return over;
    });
}

// ---- Events

void event_engine::answered(time_point now, sid const& id, bool sent) noexcept
{
    auto* s = table_.find(id);
    if (!s || s->begun())
        return;
    if (!sent)
        return dispatcher_.end(*s);
    s->begin_at(now + policy_.initial_event_delay);
    next_begin_.of(s->begins());
    begin_due(now);
}

void event_engine::begin_due(time_point now) noexcept
{
    if (!next_begin_.due(now))
        return;
    next_begin_.reset();
    std::map<std::size_t, event_bodies> bodies; // by service: who begins together gets the same
    for (auto& s : table_.all()) {
        if (!s.begins())
            continue;
        if (*s.begins() > now) {
            next_begin_.of(s.begins());
            continue;
        }
        try {
            auto const& state = tree_.services[s.service()].service.state();
            s.begin(bodies.try_emplace(s.service(), state).first->second);
            dispatcher_.wake(now, s);
        } catch (...) { // no memory: a little later then, as no event may come before this one
            s.begin_at(now + pause_without_memory);
            next_begin_.of(s.begins());
        }
    }
    for (auto const& [service, each] : bodies)
        log_failures_ += each.log_failures();
}

void event_engine::advance(time_point now)
{
    begin_due(now);
    publish_what_waits(now);
    for (auto& [service, moderator] : moderators_)
        if (auto const due = moderator.next_due(); due && *due <= now)
            emit(now, service, moderator.take_due(now, {}, tree_.services[service].service.state()));
    dispatcher_.advance(now);
    expire(now);
    if (sweep_at_ && *sweep_at_ <= now) {
        sweep_at_.reset();
        sweep_due_ = true; // as soon as the interfaces are known
    }
}

std::optional<time_point> event_engine::next_deadline() const noexcept
{
    earliest first;
    if (!table_.all().empty())
        first.of(next_expiry_.when()).of(next_begin_.when());
    first.of(sweep_at_).of(publish_again_.when());
    first.of(dispatcher_.next_deadline()).of(multicasts_.next_due());
    for (auto const& [service, moderator] : moderators_)
        first.of(moderator.next_due());
    return first.when();
}

void event_engine::publish(time_point now, std::size_t service)
{
    auto& state = tree_.services.at(service).service.state();
    std::vector<std::size_t> changed;
    try {
        changed = state.take_changes();
    } catch (...) { // no memory: a little later then
        publish_again_.of(now + pause_without_memory);
        return;
    }
    if (changed.empty())
        return;
    auto const moderator = moderators_.find(service);
    emit(now, service,
         moderator == moderators_.end() ? changed : moderator->second.take_due(now, changed, state));
}

void event_engine::publish_what_waits(time_point now)
{
    if (!publish_again_.due(now))
        return;
    publish_again_.reset();
    for (std::size_t service = 0; service < tree_.services.size(); ++service)
        if (!tree_.services[service].vacant)
            publish(now, service);
}

/// One event of these variables, with their values of now, to whoever wants to know.
void event_engine::emit(time_point now, std::size_t service, std::vector<std::size_t> const& variables)
{
    if (variables.empty())
        return;
    auto& state = tree_.services[service].service.state();
    close_changes(state, variables);
    try {
        queue_multicasts(now, service, variables);
    } catch (...) { // no memory
        ++multicasts_lost_;
    }
    event_bodies bodies{state};
    for (auto& s : table_.all()) {
        if (s.service() != service)
            continue;
        bool queued = false;
        try {
            queued = s.push(variables, bodies, bounds_.max_queued_events, policy_.overflow);
        } catch (...) { // no memory for this one; its SEQ shows it
        }
        if (!queued)
            notices_.add(event_notice::kind::overflow, s);
        dispatcher_.wake(now, s);
    }
    log_failures_ += bodies.log_failures();
}

/// One by one: a log that throws must not take the changes of another.
void event_engine::close_changes(state_table& state, std::vector<std::size_t> const& variables)
{
    if (!state.has_change_logs())
        return;
    for (auto const index : variables)
        try {
            state.close_changes({index});
        } catch (...) {
            ++log_failures_;
        }
}

void event_engine::queue_multicasts(time_point now, std::size_t service,
                                    std::vector<std::size_t> const& changed)
{
    auto const& hosted = tree_.services[service].service;
    auto const& state = hosted.state();
    std::map<std::string, std::vector<std::size_t>> by_level;
    for (auto const index : changed)
        if (auto const& variable = state.variables()[index]; variable.multicast)
            by_level[hosted.level_of(variable.name)].push_back(index);

    event_bodies bodies{state};
    auto const queue = [&](std::string const& level, std::vector<std::size_t> const& variables) {
        auto const& body = bodies.change(variables);
        if (body->size() > bounds_.max_multicast_event)
            return false;
        multicasts_lost_ += !multicasts_.push(now, service, level, body);
        return true;
    };
    for (auto const& [level, variables] : by_level) {
        if (queue(level, variables))
            continue;
        for (auto const variable : variables) // UDA 2.0, 4.3: an event is one datagram
            multicasts_lost_ += !queue(level, {variable});
    }
}

std::vector<multicast_event> event_engine::take_multicasts(time_point now, std::size_t& lost)
{
    lost = std::exchange(multicasts_lost_, 0);
    return multicasts_.take(now);
}

// ---- Segments

void event_engine::interfaces_changed(time_point now)
{
    dispatcher_.interfaces_changed();
    if (table_.all().empty())
        return;
    changed_at_ = changed_at_.value_or(now);
    sweep_at_ = sweep_at_.value_or(now + bounds_.segment_grace);
}

void event_engine::follow_segments(time_point now, interface_table const& table)
{
    auto const found = std::exchange(changed_at_, std::nullopt).value_or(now);
    if (sweep_at_ && *sweep_at_ <= now)
        sweep_at_.reset();
    sweep_due_ = false;
    end_where([&](subscription& s) {
        auto const& urls = s.callbacks();
        bool const left = std::none_of(urls.begin(), urls.end(), [&](callback_url const& url) {
            return validator_.still_on_segment(table, url);
        });
        if (!left) {
            s.return_to_segment();
            return false;
        }
        // Each has the whole grace, whatever else changed shortly before it left.
        auto const until = s.leave_segment(found) + bounds_.segment_grace;
        if (until > now) {
            sweep_at_ = std::min(sweep_at_.value_or(until), until);
            return false;
        }
        if (s.live())
            notices_.add(event_notice::kind::segment_left, s);
        return true;
    });
}

bool event_engine::quiet() const noexcept
{
    return !dispatcher_.has_waiting() && closings().empty() && notices_.empty() && multicasts_.empty() &&
           log_failures_ == 0 && multicasts_lost_ == 0 && !changed_at_ && !sweep_at_ && !sweep_due_;
}

std::vector<event_delivery> event_engine::start_deliveries(time_point now, interface_table const& table)
{
    if (changed_at_ || sweep_due_ || (sweep_at_ && *sweep_at_ <= now))
        follow_segments(now, table);
    return dispatcher_.start(now, table, sweep_at_);
}

} // namespace onlink
