// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscription.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace onlink {

subscription::subscription(sid id, std::size_t service, std::vector<callback_url> callbacks,
                           address requester, std::vector<std::size_t> variables, time_point expiry,
                           event_key first_key, bool by_name)
    : id_(id),
      service_(service),
      callbacks_(std::move(callbacks)),
      requester_(std::move(requester)),
      variables_(std::move(variables)),
      by_name_(by_name),
      expiry_(expiry),
      first_key_(first_key),
      next_key_(first_key)
{}

event_key subscription::take_key() noexcept
{
    auto const key = next_key_;
    next_key_ = key.next();
    return key;
}

void subscription::cancel()
{
    leaving_ = true;
    // An attempt under way cannot be called back; of what waits, only the initial event still goes.
    if (current_ && !in_flight_ && !still_wanted())
        current_.reset();
    bool const initial_waits = !queue_.empty() && is_initial(queue_.front());
    queue_.erase(queue_.begin() + (initial_waits ? 1 : 0), queue_.end());
}

void subscription::begin(event_bodies& bodies)
{
    if (begun_)
        return;
    queue_.push_back({next_key_, variables_, bodies.whole(variables_)});
    take_key();
    begun_ = true;
    begins_.reset();
}

bool subscription::push(std::vector<std::size_t> const& changed, event_bodies& bodies, std::size_t max_queue,
                        overflow_rule rule)
{
    // Before begin() nothing is missed: the initial event will carry the values of its time.
    if (!begun_ || leaving_)
        return true;
    bool const concerned = std::any_of(changed.begin(), changed.end(), [&](std::size_t variable) {
        return std::binary_search(variables_.begin(), variables_.end(), variable);
    });
    if (!concerned)
        return true;

    bool const full = queue_.size() >= max_queue;
    // The initial event is never given up (UDA 2.0, 4.1.1): while it waits alone, it takes the values of now.
    if (full && is_initial(queue_.back())) {
        try {
            queue_.back().body = bodies.whole(variables_);
        } catch (...) {
            take_key();
            throw;
        }
        return false;
    }
    auto const key = take_key(); // before memory is needed: where there is none, the next one shows it
    std::vector<std::size_t> mine;
    std::set_intersection(changed.begin(), changed.end(), variables_.begin(), variables_.end(),
                          std::back_inserter(mine));
    if (full && rule == overflow_rule::coalesce_to_latest) {
        auto& last = queue_.back();
        std::vector<std::size_t> both;
        std::set_union(last.variables.begin(), last.variables.end(), mine.begin(), mine.end(),
                       std::back_inserter(both));
        auto body = bodies.whole(both);
        last = {key, std::move(both), std::move(body)};
        return false;
    }
    if (full)
        queue_.erase(queue_.begin() + (is_initial(queue_.front()) ? 1 : 0));
    auto body = bodies.change(mine);
    queue_.push_back({key, std::move(mine), std::move(body)});
    return !full;
}

subscription::attempt subscription::start_attempt() noexcept
{
    if (!current_) {
        current_ = std::move(queue_.front());
        queue_.erase(queue_.begin());
        url_ = 0;
    }
    in_flight_ = true;
    return {*current_, callbacks_[url_]};
}

subscription::settled subscription::settle(bool delivered)
{
    in_flight_ = false;
    if (delivered) {
        current_.reset();
        failures_ = 0;
        proven_ = true;
        return settled::delivered;
    }
    if (still_wanted() && url_ + 1 < callbacks_.size()) {
        ++url_;
        return settled::next_url;
    }
    current_.reset();
    url_ = 0;
    ++failures_;
    return settled::lost;
}

void subscription::try_again()
{
    in_flight_ = false;
    if (!still_wanted())
        current_.reset();
}

std::size_t subscription::queued_bytes() const noexcept
{
    return std::accumulate(queue_.begin(), queue_.end(), std::size_t{},
                           [](std::size_t sum, queued_event const& e) { return sum + e.body->size(); });
}

} // namespace onlink
