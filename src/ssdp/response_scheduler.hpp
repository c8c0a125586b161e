// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_RESPONSE_SCHEDULER_HPP
#define ONLINK_SSDP_RESPONSE_SCHEDULER_HPP

#include "base/ip.hpp"
#include "base/time.hpp"
#include "ssdp/advertisement_set.hpp"
#include "ssdp/search_request.hpp"

#include <onlink/random_source.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace onlink {

/// An answer whose time has come.
struct search_answer {
    unsigned interface_index = 0;
    endpoint to;
    search_target st;
    onlink::udn device;
    std::size_t root = 0;
};

/// Spreads the answers of each search at random over its window (UDA 2.0, 1.3.3). A waiting search costs one
/// small entry however many answers it has: their times are drawn one after the other, as the order
/// statistics of as many uniform numbers.
class response_scheduler {
public:
    response_scheduler(limits::ssdp_limits const& bounds, advertisement_set const& set);

    enum class outcome {
        scheduled,
        nothing_matches,
        merged, ///< the same search is waiting already: control points repeat theirs to survive packet loss
        full,
    };
    outcome add(time_point now, unsigned interface_index, endpoint const& from, search_request const& request,
                random_source& random);

    std::optional<time_point> next_due() const noexcept;
    /// The answers due by now, in the order of their times per search.
    std::vector<search_answer> pop_due(time_point now, random_source& random);
    /// Forgets everything that waits.
    void clear() noexcept { waiting_.clear(); }

    std::size_t size() const noexcept { return waiting_.size(); }

private:
    struct waiting_search {
        unsigned interface_index;
        endpoint to;
        search_target target;
        std::size_t next;      ///< the advertisement to send next
        std::size_t remaining; ///< answers not yet sent, that one included
        time_point due;        ///< when to send it
        time_point end;        ///< of the window
    };
    std::size_t next_match(search_target const& target, std::size_t from) const;

    std::size_t capacity_;
    advertisement_set const& set_;
    std::vector<waiting_search> waiting_;
};

/// The least of `count` times drawn uniformly from [from, end], given one uniform `draw` in [0, 1).
time_point earliest_of(std::size_t count, time_point from, time_point end, double draw) noexcept;

} // namespace onlink

#endif
