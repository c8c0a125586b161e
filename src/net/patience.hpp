// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_PATIENCE_HPP
#define ONLINK_NET_PATIENCE_HPP

#include "base/time.hpp"

#include <onlink/limits.hpp>

#include <algorithm>
#include <cstddef>

namespace onlink {

/// How long a peer is waited for until so many bytes of a transfer have gone through, in however many parts.
/// What the application takes in between is not the peer's.
class patience {
public:
    explicit patience(limits::http_limits const& bounds) noexcept
        : most_(bounds.transfer_deadline), portion_(bounds.transfer_buffer), left_(most_)
    {}

    duration left() const noexcept { return left_; }

    /// It took that long until so many bytes more had gone through.
    void spend(duration waited, std::size_t moved) noexcept
    {
        left_ = std::max(left_ - waited, duration::zero());
        moved_ += moved;
        if (moved_ >= portion_) {
            moved_ = 0;
            left_ = most_;
        }
    }

private:
    duration most_;
    std::size_t portion_;
    duration left_;
    std::size_t moved_ = 0;
};

} // namespace onlink

#endif
