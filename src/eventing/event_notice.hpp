// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_EVENT_NOTICE_HPP
#define ONLINK_EVENTING_EVENT_NOTICE_HPP

#include "eventing/sid.hpp"
#include "eventing/subscription.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/// Those that the observer has yet to hear of. One for which there is no memory is lost, and nothing else.
class event_notices {
public:
    /// Whether it was noted.
    bool add(event_notice::kind what, subscription const& s, std::string_view why = {}) noexcept
    {
        if (!observed_ && what == event_notice::kind::delivered) // of which nothing is counted, either
            return true;
        try {
            all_.push_back(event_notice::of(what, s, std::string{why}));
            return true;
        } catch (...) {
            return false;
        }
    }
    /// The last one was none.
    void take_back() noexcept { all_.pop_back(); }
    std::vector<event_notice> take() noexcept { return std::exchange(all_, {}); }
    bool empty() const noexcept { return all_.empty(); }
    void set_observed(bool observed) noexcept { observed_ = observed; }

private:
    bool observed_ = true;
    std::vector<event_notice> all_;
};

} // namespace onlink

#endif
