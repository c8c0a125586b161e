// SPDX-License-Identifier: BSL-1.0
#include "base/rate_table.hpp"

#include <algorithm>

namespace onlink {

rate_table::rate_table(std::size_t capacity, unsigned burst, unsigned per_second)
    : capacity_(std::max<std::size_t>(capacity, 1)), burst_(burst), per_second_(per_second)
{}

bool rate_table::spend(address const& who, std::size_t count, time_point now)
{
    auto found = std::find_if(entries_.begin(), entries_.end(), [&](entry const& e) { return e.who == who; });
    if (found == entries_.end()) {
        entry fresh{who, token_bucket{burst_, per_second_, now}, now};
        if (entries_.size() < capacity_) {
            found = entries_.insert(entries_.end(), fresh);
        } else {
            found = std::min_element(entries_.begin(), entries_.end(),
                                     [](entry const& a, entry const& b) { return a.last < b.last; });
            *found = fresh;
        }
    }
    found->last = std::max(found->last, now);
    return found->bucket.spend(count, now);
}

time_point rate_table::available_at(address const& who, time_point now) const noexcept
{
    auto const found =
        std::find_if(entries_.begin(), entries_.end(), [&](entry const& e) { return e.who == who; });
    return found == entries_.end() ? now : found->bucket.available_at(now);
}

} // namespace onlink
