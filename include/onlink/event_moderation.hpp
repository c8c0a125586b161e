// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENT_MODERATION_HPP
#define ONLINK_EVENT_MODERATION_HPP

#include <chrono>

namespace onlink {

/// How often a variable's changes become events (UDA 2.0, 4.5). Its value, and what actions read of it, is
/// never held back; and what is held back goes, with the value of then, as soon as it may.
struct event_moderation {
    /// `maximumRate`: shortest time between two events with this variable. A change after a longer silence
    /// goes at once. In [0, 1 day]; 0: none.
    std::chrono::milliseconds maximum_rate{0};
    /// `minimumDelta`: the value has to be this far from the one last sent. For numbers only; differences
    /// are those of doubles. 0: every change.
    double minimum_delta = 0;

    friend bool operator==(event_moderation const&, event_moderation const&) = default;
};

} // namespace onlink

#endif
