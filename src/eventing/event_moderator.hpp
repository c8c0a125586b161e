// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_EVENT_MODERATOR_HPP
#define ONLINK_EVENTING_EVENT_MODERATOR_HPP

#include "base/earliest.hpp"

#include <onlink/service.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace onlink {

/// Which changes of a service become events, and when (UDA 2.0, 4.5). What is held back and due goes together
/// with what changes just then.
class event_moderator {
public:
    /// The values of now count as sent.
    explicit event_moderator(service const& moderated);

    /// Of the variables that changed now, and of those held back, the ones whose event goes now; in SCPD
    /// order. Valid until the next call. Needs no memory: what is due and not taken would be due for ever.
    std::vector<std::size_t> const& take_due(time_point now, std::vector<std::size_t> const& changed,
                                             state_table const& state) noexcept;
    /// When something that is held back may go.
    std::optional<time_point> next_due() const noexcept;

private:
    struct rule {
        std::size_t variable;
        event_moderation how;
        double sent; ///< the number in the last event
        std::optional<time_point> sent_at = std::nullopt;
        bool waits = false;

        time_point free_at(time_point now) const { return sent_at ? *sent_at + how.maximum_rate : now; }
    };

    std::vector<rule> rules_; ///< of the moderated variables only, in SCPD order
    std::vector<std::size_t> due_;
};

} // namespace onlink

#endif
