// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_RATE_TABLE_HPP
#define ONLINK_BASE_RATE_TABLE_HPP

#include "base/ip.hpp"
#include "base/token_bucket.hpp"

#include <cstddef>
#include <vector>

namespace onlink {

/// A token bucket per address for a bounded number of addresses. When there is no room, the address that was
/// silent longest is forgotten: a flood of made-up addresses costs memory never, and precision only then.
class rate_table {
public:
    rate_table(std::size_t capacity, unsigned burst, unsigned per_second);

    bool take(address const& who, time_point now) { return spend(who, 1, now); }
    /// See token_bucket::spend().
    bool spend(address const& who, std::size_t count, time_point now);
    /// When take() will succeed for it; `now` if it would now.
    time_point available_at(address const& who, time_point now) const noexcept;
    std::size_t size() const noexcept { return entries_.size(); }

private:
    struct entry {
        address who;
        token_bucket bucket;
        time_point last;
    };

    std::size_t capacity_;
    unsigned burst_;
    unsigned per_second_;
    std::vector<entry> entries_;
};

} // namespace onlink

#endif
