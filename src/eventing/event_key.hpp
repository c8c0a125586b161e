// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_EVENT_KEY_HPP
#define ONLINK_EVENTING_EVENT_KEY_HPP

#include <cstdint>
#include <limits>

namespace onlink {

/// SEQ: 0 for the initial event, then 1 and up; after 4294967295 comes 1, never 0 again (UDA 2.0, 4.3).
class event_key {
public:
    constexpr event_key() noexcept = default;
    constexpr explicit event_key(std::uint32_t value) noexcept : value_(value) {}

    constexpr std::uint32_t value() const noexcept { return value_; }
    constexpr event_key next() const noexcept
    {
        return event_key{value_ == std::numeric_limits<std::uint32_t>::max() ? 1 : value_ + 1};
    }

    friend constexpr bool operator==(event_key, event_key) = default;

private:
    std::uint32_t value_ = 0;
};

} // namespace onlink

#endif
