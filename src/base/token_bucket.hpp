// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_TOKEN_BUCKET_HPP
#define ONLINK_BASE_TOKEN_BUCKET_HPP

#include "base/time.hpp"

#include <algorithm>
#include <cstddef>

namespace onlink {

/// Allows `burst` at once and `per_second` in the long run. Time is an argument.
class token_bucket {
public:
    token_bucket(unsigned burst, unsigned per_second, time_point now) noexcept
        : burst_(burst), per_second_(per_second), tokens_(burst), refilled_(now)
    {}

    /// Takes one token if there is one. A clock that steps back gives nothing and takes nothing.
    bool take(time_point now) noexcept { return spend(1, now); }

    /// Takes `count` tokens if there is at least one (or as many as `needs` says, but half of the burst at
    /// most); what is then lacking is a debt, which has to be gained back first. So what belongs together may
    /// go together, and the long run is bounded all the same.
    bool spend(std::size_t count, time_point now, std::size_t needs = 1) noexcept
    {
        if (now > refilled_) {
            double const gained = std::chrono::duration<double>(now - refilled_).count() * per_second_;
            tokens_ = std::min(burst_, tokens_ + gained);
            refilled_ = now;
        }
        if (tokens_ < one * std::min(std::max(burst_ / 2, 1.0), static_cast<double>(needs)))
            return false;
        tokens_ -= static_cast<double>(count);
        return true;
    }

    /// When take() will find a token, if none is taken meanwhile; `now` if there is one. Rounded up to the
    /// millisecond, so that whoever waits for it does not come too early.
    time_point available_at(time_point now) const noexcept
    {
        double const have =
            now > refilled_
                ? std::min(burst_,
                           tokens_ + std::chrono::duration<double>(now - refilled_).count() * per_second_)
                : tokens_;
        if (have >= one)
            return now;
        return now + std::chrono::ceil<std::chrono::milliseconds>(
                         std::chrono::duration<double>((one - have) / per_second_));
    }

private:
    /// A token gained in many small steps may lack its last bits; that is no reason to wait for longer.
    static constexpr double one = 1 - 1e-9;

    double burst_;
    double per_second_;
    double tokens_;
    time_point refilled_;
};

} // namespace onlink

#endif
