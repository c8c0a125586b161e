// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_EARLIEST_HPP
#define ONLINK_BASE_EARLIEST_HPP

#include "base/time.hpp"

#include <optional>

namespace onlink {

/// The first of several times, some of which may not be known.
class earliest {
public:
    earliest& of(std::optional<time_point> when) noexcept
    {
        if (when && (!first_ || *when < *first_))
            first_ = when;
        return *this;
    }
    /// Whether it has come; false if there is none.
    bool due(time_point now) const noexcept { return first_ && *first_ <= now; }
    std::optional<time_point> when() const noexcept { return first_; }
    void reset() noexcept { first_.reset(); }

private:
    std::optional<time_point> first_;
};

} // namespace onlink

#endif
