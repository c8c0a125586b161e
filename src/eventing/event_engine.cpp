// SPDX-License-Identifier: BSL-1.0
#include "eventing/event_engine.hpp"

#include "eventing/notify_request.hpp"

#include <algorithm>
#include <utility>

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
                           policies const& policy, segment_map segments)
    : tree_(tree),
      bounds_(bounds),
      policy_(policy),
      validator_(policy, std::move(segments)),
      table_(bounds),
      // As many as there can be at a time.
      targets_(bounds.max_subscriptions * bounds.max_callbacks, bounds.notify_connect_burst,
               bounds.notify_connects_per_second)
{}

subscribe_result<granted_subscription> event_engine::subscribe(time_point now, std::size_t service,
                                                               new_subscription wanted, ingress const& at,
                                                               interface_table const& table,
                                                               random_source& random)
{
    auto const& contract = tree_.services.at(service).service.contract();
    if (!contract.has_events())
        return subscribe_refusal{404, refusal_reason::not_found};
    std::vector<callback_url> admitted;
    admitted.reserve(wanted.callbacks.size());
    for (auto& candidate : wanted.callbacks) {
        auto url = validator_.admit(table, at, std::move(candidate));
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
        table_.erase(wanted.id);
    return {};
}

void event_engine::clear() noexcept
{
    table_.all().clear();
    under_way_.clear();
    changed_at_.reset();
    sweep_at_.reset();
    throttled_until_.reset();
}

void event_engine::end_all()
{
    for (auto const& s : table_.all())
        if (s.live())
            note(event_notice::kind::segment_left, s);
    clear();
}

void event_engine::end_service(std::size_t service)
{
    multicast_keys_.erase(service);
    std::erase_if(multicasts_, [&](multicast_event const& e) { return e.service == service; });
    table_.all().remove_if([&](subscription const& s) {
        if (s.service() != service)
            return false;
        if (s.live())
            note(event_notice::kind::device_removed, s);
        return true;
    });
}

void event_engine::answered(time_point now, sid const& id, bool sent)
{
    auto* s = table_.find(id);
    if (!s || s->begun())
        return;
    if (!sent)
        return table_.erase(id);
    s->begin_at(now + policy_.initial_event_delay);
    advance(now);
}

void event_engine::advance(time_point now)
{
    for (auto& s : table_.all())
        if (s.begins() && *s.begins() <= now)
            s.begin(tree_.services[s.service()].service.state());
    expire(now);
}

std::optional<time_point> event_engine::next_deadline() const noexcept
{
    auto first = table_.next_expiry();
    for (auto const& s : table_.all())
        if (s.begins() && (!first || *s.begins() < *first))
            first = s.begins();
    for (auto const& due : {sweep_at_, throttled_until_})
        if (due && (!first || *due < *first))
            first = due;
    return first;
}

void event_engine::publish(std::size_t service)
{
    auto& state = tree_.services.at(service).service.state();
    auto const changed = state.take_changes();
    if (changed.empty())
        return;
    queue_multicasts(service, changed);
    auto const shared = render_property_set(state, changed);
    for (auto& s : table_.all())
        if (s.service() == service &&
            !s.push(changed, shared, state, bounds_.max_queued_events, policy_.overflow))
            note(event_notice::kind::overflow, s);
}

void event_engine::queue_multicasts(std::size_t service, std::vector<std::size_t> const& changed)
{
    auto const& hosted = tree_.services[service].service;
    auto const& state = hosted.state();
    std::map<std::string, std::vector<std::size_t>> by_level;
    for (auto const index : changed)
        if (auto const& variable = state.variables()[index]; variable.multicast)
            by_level[hosted.level_of(variable.name)].push_back(index);

    auto const queue = [&](std::string const& level, event_body body) {
        auto& key = multicast_keys_[service];
        multicasts_.push_back({service, key, level, std::move(body)});
        key = key.next();
    };
    for (auto const& [level, variables] : by_level) {
        auto together = render_property_set(state, variables);
        if (together->size() <= bounds_.max_multicast_event) {
            queue(level, std::move(together));
            continue;
        }
        for (auto const variable : variables) { // UDA 2.0, 4.3: an event is one datagram
            auto alone = render_property_set(state, {variable});
            if (alone->size() <= bounds_.max_multicast_event)
                queue(level, std::move(alone));
            else
                ++too_large_;
        }
    }
}

std::vector<multicast_event> event_engine::take_multicasts(std::size_t& too_large)
{
    too_large = std::exchange(too_large_, 0);
    return std::exchange(multicasts_, {});
}

void event_engine::interfaces_changed(time_point now)
{
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
    table_.all().remove_if([&](subscription& s) {
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
            note(event_notice::kind::segment_left, s);
        return true;
    });
}

std::vector<event_delivery> event_engine::start_deliveries(time_point now, interface_table const& table)
{
    std::vector<event_delivery> deliveries;
    if (changed_at_ || (sweep_at_ && *sweep_at_ <= now))
        follow_segments(now, table);
    throttled_until_.reset();
    auto& all = table_.all();
    if (all.empty())
        return deliveries;

    // Round robin: with more subscribers than slots, the first in the list must not get all of them.
    auto at = std::next(all.begin(), static_cast<std::ptrdiff_t>(turn_ % all.size()));
    for (std::size_t asked = all.size(); asked != 0 && under_way_.size() < bounds_.max_deliveries; --asked) {
        ++turn_;
        // Each turn of the inner loop ends an attempt or starts one, so the callback list bounds it.
        while (at->ready()) {
            auto const verdict = validator_.check_again(table, at->next_url());
            if (!verdict && sweep_at_)
                break; // perhaps it is back in a moment
            auto const& target = at->next_url().where().address;
            if (verdict && !targets_.take(target, now)) {
                auto const free = targets_.available_at(target, now);
                throttled_until_ = std::min(throttled_until_.value_or(free), free);
                break;
            }
            auto const attempt = at->start_attempt();
            if (!verdict) {
                std::string const why{to_string(verdict.error())};
                note(event_notice::kind::target_left, *at, why);
                settle_one(*at, false, why);
                continue;
            }
            auto const number = next_number_++;
            under_way_.push_back({number, at->id()});
            deliveries.push_back(event_delivery{
                number, attempt.to,
                write_notify_header(attempt.to, at->id(), attempt.event.key, attempt.event.body->size()),
                attempt.event.body});
        }
        if (++at == all.end())
            at = all.begin();
    }

    // Only now may subscriptions go: the walk above holds an iterator.
    all.remove_if([&](subscription const& s) {
        bool const given_up = s.live() && s.failures() >= bounds_.max_failures;
        if (given_up)
            note(event_notice::kind::dropped, s);
        return given_up || s.done();
    });
    return deliveries;
}

void event_engine::settle(std::uint64_t number, bool delivered, std::string_view why)
{
    auto const found = std::find_if(under_way_.begin(), under_way_.end(),
                                    [&](running const& r) { return r.number == number; });
    if (found == under_way_.end())
        return;
    auto const id = found->id;
    under_way_.erase(found);
    auto* s = table_.find(id);
    if (!s)
        return;
    settle_one(*s, delivered, why);
    if (s->live() && s->failures() >= bounds_.max_failures) {
        note(event_notice::kind::dropped, *s);
        table_.erase(id);
    } else if (s->done()) {
        table_.erase(id);
    }
}

void event_engine::settle_one(subscription& s, bool delivered, std::string_view why)
{
    auto notice = event_notice{delivered ? event_notice::kind::delivered : event_notice::kind::lost,
                               s.id(),
                               s.service(),
                               s.requester(),
                               s.interface_index(),
                               s.current()->key.value(),
                               s.current_url().to_string(),
                               std::string{why}};
    if (s.settle(delivered) != subscription::settled::next_url)
        notices_.push_back(std::move(notice));
}

void event_engine::expire(time_point now)
{
    table_.all().remove_if([&](subscription const& s) {
        bool const over = s.expiry() <= now;
        if (over && s.live())
            note(event_notice::kind::expired, s);
        return over;
    });
}

void event_engine::note(event_notice::kind what, subscription const& s, std::string why)
{
    notices_.push_back({what, s.id(), s.service(), s.requester(), s.interface_index(),
                        s.current() ? s.current()->key.value() : 0, s.current_url().to_string(),
                        std::move(why)});
}

bool event_engine::has_waiting_events() const noexcept
{
    auto const& all = table_.all();
    return std::any_of(all.begin(), all.end(), [](subscription const& s) { return s.ready(); });
}

std::vector<event_notice> event_engine::take_notices() { return std::exchange(notices_, {}); }

} // namespace onlink
