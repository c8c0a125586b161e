// SPDX-License-Identifier: BSL-1.0
#include "eventing/event_moderator.hpp"

#include <algorithm>
#include <cmath>

namespace onlink {

namespace {

/// A value as minimumDelta sees it: 0 for what is no number, and has none.
double number_of(value const& v)
{
    if (auto const real = v.get<double>())
        return *real;
    if (auto const whole = v.get<std::int64_t>())
        return static_cast<double>(*whole);
    if (auto const large = v.get<std::uint64_t>())
        return static_cast<double>(*large);
    return 0;
}

} // namespace

event_moderator::event_moderator(service const& moderated)
{
    auto const& variables = moderated.contract().variables();
    for (std::size_t i = 0; i < variables.size(); ++i)
        if (auto const how = moderated.moderation_of(variables[i].name); how != event_moderation{})
            rules_.push_back({i, how, number_of(moderated.state().at(i))});
    due_.reserve(variables.size());
}

std::vector<std::size_t> const& event_moderator::take_due(time_point now,
                                                          std::vector<std::size_t> const& changed,
                                                          state_table const& state) noexcept
{
    due_ = changed;
    for (auto& one : rules_) {
        auto const at = std::lower_bound(due_.begin(), due_.end(), one.variable);
        bool const changes = at != due_.end() && *at == one.variable;
        if (!changes && !one.waits)
            continue;
        auto const number = number_of(state.at(one.variable));
        bool const far_enough =
            one.how.minimum_delta == 0 || std::abs(number - one.sent) >= one.how.minimum_delta;
        one.waits = far_enough && one.free_at(now) > now;
        bool const goes = far_enough && !one.waits;
        if (goes) {
            one.sent = number;
            one.sent_at = now;
            if (!changes)
                due_.insert(at, one.variable);
        } else if (changes) {
            due_.erase(at);
        }
    }
    return due_;
}

std::optional<time_point> event_moderator::next_due() const noexcept
{
    earliest first;
    for (auto const& one : rules_)
        if (one.waits && one.sent_at)
            first.of(*one.sent_at + one.how.maximum_rate);
    return first.when();
}

} // namespace onlink
