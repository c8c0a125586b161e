// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_DELIVERY_TURNS_HPP
#define ONLINK_EVENTING_DELIVERY_TURNS_HPP

#include "base/earliest.hpp"
#include "eventing/subscription.hpp"

#include <deque>
#include <list>
#include <map>
#include <optional>

namespace onlink {

/// Whose delivery starts next. Subscriptions stand in a line for each target address, and the lines take
/// turns: a target with many subscriptions gets no more of them than one with a single one.
class delivery_turns {
public:
    /// `s` stands nowhere yet; its target is that of subscription::next_url().
    void join(subscription& s);
    /// Harmless if it stands nowhere here.
    void leave(subscription& s) noexcept;

    /// Whose turn it is; nullptr if there is nobody, or nobody who may go.
    subscription* front() const noexcept
    {
        return turns_.empty() ? nullptr : turns_.front()->waiting.front();
    }
    /// Takes the one in front out; its line goes behind the others.
    void pop() noexcept;
    /// The line in front does not go before that time.
    void rest(time_point until) noexcept;
    /// The line in front does not go before unblock().
    void block() noexcept;
    void unblock(address const& target) noexcept;
    /// Lines whose rest is over go again.
    void resume(time_point now) noexcept;
    /// All lines go again.
    void resume_all() noexcept;
    std::optional<time_point> next_resume() const noexcept { return next_resume_.when(); }

private:
    struct line {
        std::deque<subscription*> waiting; ///< never empty
        /// Its place in turns_, while it does not go: so that to go again takes no memory.
        std::list<line*> aside;
        std::optional<time_point> rests;
    };
    void put_back(line& l) noexcept;
    void put_aside(std::optional<time_point> until) noexcept;

    std::map<address, line> lines_;
    std::list<line*> turns_;
    earliest next_resume_; ///< never later than the first rest's end
};

} // namespace onlink

#endif
