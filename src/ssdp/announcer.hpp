// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_ANNOUNCER_HPP
#define ONLINK_SSDP_ANNOUNCER_HPP

#include "base/time.hpp"

#include <onlink/limits.hpp>
#include <onlink/random_source.hpp>

#include <cstddef>
#include <optional>

namespace onlink {

/// Messages [first, last) of the advertisement set, to be sent on every interface now.
struct announcement {
    enum class kind { alive, byebye };
    announcement::kind what = kind::alive;
    std::size_t first = 0;
    std::size_t last = 0;
};

/// When the advertisement set goes out: at start after a short random wait, repeated a few times; then again
/// at random before half of max-age is over; at the end once as byebye (UDA 2.0, 1.2.2, 1.2.3). Large sets
/// are cut into bursts.
class announcer {
public:
    /// `count`: messages of the set; `interfaces`: on how many each is sent, for the burst.
    announcer(limits::ssdp_limits const& bounds, std::size_t count, std::size_t interfaces);

    void start(time_point now, random_source& random);
    /// Begins the byebyes; does nothing if no alive was sent yet.
    void stop(time_point now);

    /// The next burst if it is due; call again until it is not.
    std::optional<announcement> resume(time_point now, random_source& random);
    std::optional<time_point> next_due() const noexcept;
    /// Whether nothing will ever be due again.
    bool finished() const noexcept { return phase_ == phase::idle; }

private:
    enum class phase {
        idle,       ///< before start() and after the last byebye
        announcing, ///< a set is going out, or waits for its turn
        leaving,    ///< the byebye set is going out
    };

    limits::ssdp_limits bounds_;
    std::size_t count_;
    std::size_t burst_;
    phase phase_ = phase::idle;
    time_point due_{};
    std::size_t cursor_ = 0;    ///< next message of the set
    unsigned repeats_left_ = 0; ///< further sets of the initial announcement
    bool announced_ = false;    ///< some alive was sent
};

/// A random time until the next refresh: between a quarter and nine twentieths of max-age, so that the whole
/// set is repeated before half of it is over (UDA 2.0, 1.2.2).
duration refresh_interval(std::chrono::seconds max_age, random_source& random);

} // namespace onlink

#endif
