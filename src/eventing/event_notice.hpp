// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_EVENT_NOTICE_HPP
#define ONLINK_EVENTING_EVENT_NOTICE_HPP

#include "eventing/sid.hpp"
#include "eventing/subscription.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace onlink {

/// Something that happened to a subscription and that the observer should hear of.
struct event_notice {
    enum class kind : std::uint8_t {
        delivered,
        lost,
        target_left,
        overflow,
        expired,
        dropped,
        segment_left,
        device_removed
    };
    event_notice::kind what{};
    onlink::sid id;
    std::size_t service = 0;
    address requester;
    unsigned interface_index = 0; ///< of the subscription
    std::uint32_t seq = 0;
    std::string url;
    std::string why;

    static event_notice of(kind what, subscription const& s, std::string why = {})
    {
        return {what,
                s.id(),
                s.service(),
                s.requester(),
                s.interface_index(),
                s.current() ? s.current()->key.value() : 0,
                s.current_url().to_string(),
                std::move(why)};
    }
};

} // namespace onlink

#endif
