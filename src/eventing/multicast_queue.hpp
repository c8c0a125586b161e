// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_MULTICAST_QUEUE_HPP
#define ONLINK_EVENTING_MULTICAST_QUEUE_HPP

#include "base/token_bucket.hpp"
#include "eventing/multicast_event.hpp"

#include <onlink/limits.hpp>

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace onlink {

/// Multicast events on their way out: numbered (UDA 2.0, 4.3.3), at a bounded pace, each repeated as often as
/// was asked (4.3.1). A repeat is the same event with the same SEQ; one that the pace has no
/// room for is left out.
class multicast_queue {
public:
    multicast_queue(limits::eventing_limits const& bounds, unsigned repeats, time_point now);

    /// Numbers an event of a service. False if it exceeds the pace: it is lost, which SEQ shows.
    bool push(time_point now, std::size_t service, std::string level, event_body body);
    /// What goes now.
    std::vector<multicast_event> take(time_point now);
    /// When there is a repeat to go.
    std::optional<time_point> next_due() const noexcept;

    bool empty() const noexcept { return fresh_.empty() && repeating_.empty(); }

    /// Drops what is on its way; numbers go on.
    void clear();
    /// A service is gone, and its numbers with it.
    void forget(std::size_t service);

private:
    struct repeat {
        time_point due;
        unsigned left;
        multicast_event event;
    };

    unsigned repeats_;
    duration gap_;
    std::size_t max_repeats_;
    token_bucket pace_;
    std::map<std::size_t, event_key> keys_; ///< of the next one, by service
    std::vector<multicast_event> fresh_;
    std::deque<repeat> repeating_; ///< in the order in which they are due
};

} // namespace onlink

#endif
