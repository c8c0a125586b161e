// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_RESPONSE_SCHEDULER_HPP
#define ONLINK_SSDP_RESPONSE_SCHEDULER_HPP

#include "base/ip.hpp"
#include "base/time.hpp"
#include "ssdp/advertisement_directory.hpp"
#include "ssdp/search_request.hpp"

#include <onlink/random_source.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

namespace onlink {

/// Where a search came from, and where the answer leaves.
struct search_origin {
    unsigned interface_index = 0;
    address local; ///< our address that answers
    endpoint from;
};

/// An answer whose time has come.
struct search_answer {
    search_origin origin;
    search_target st;
    onlink::udn device;
    std::uint32_t root = 0; ///< number of the root device
};

/// Spreads the answers of each search at random over its window (UDA 2.0, 1.3.3), which shrinks as more
/// searches wait, so that a flood of forged ones does not keep the others out. A waiting search costs one
/// small entry however many answers it has: their times are drawn one after the other, as the order
/// statistics of as many uniform numbers.
class response_scheduler {
public:
    /// So that those that have become due while the host slept are not all written before the first is sent.
    static constexpr std::size_t answers_at_once = 64;
    /// Answers leave together that are due within the same such piece of time: on a busy segment a wake-up
    /// for each would cost more than the answer. Random times within MX lose nothing by it.
    static constexpr std::chrono::milliseconds tick{10};

    response_scheduler(limits::ssdp_limits const& bounds, advertisement_directory const& directory);

    enum class outcome {
        scheduled,
        nothing_matches,
        merged, ///< the same search is waiting already: control points repeat theirs to survive packet loss
        full,
    };
    /// `matches`: advertisement_directory::count() of the target.
    outcome add(time_point now, search_origin const& origin, search_request const& request,
                std::size_t matches, random_source& random);
    bool has_room() const noexcept { return waiting_.size() < capacity_; }
    /// Whether the same search waits already, so that another copy of it will be merged.
    bool waits(endpoint const& from, search_target const& target) const noexcept;

    std::optional<time_point> next_due() const noexcept { return first_due_; }
    /// The answers due by now, in the order of their times per search; of many, the first answers_at_once.
    /// Valid until the next call.
    std::vector<search_answer> const& pop_due(time_point now, random_source& random);
    /// Forgets everything that waits.
    void clear() noexcept
    {
        waiting_.clear();
        first_due_.reset();
    }

    std::size_t size() const noexcept { return waiting_.size(); }

private:
    struct waiting_search {
        time_point wake() const noexcept;

        search_origin origin;
        search_target target;
        advertisement_directory::position next; ///< where to look for the advertisement to send next
        std::size_t remaining;                  ///< answers not yet sent, that one included
        time_point due;                         ///< when to send it
        time_point end;                         ///< of the window
    };

    std::size_t capacity_;
    advertisement_directory const& directory_;
    std::vector<waiting_search> waiting_;
    std::vector<search_answer> due_;
    std::optional<time_point> first_due_; ///< the least of what next_due() says of each
};

/// The least of `count` times drawn uniformly from [from, end], given one uniform `draw` in [0, 1).
time_point earliest_of(std::size_t count, time_point from, time_point end, double draw) noexcept;

} // namespace onlink

#endif
