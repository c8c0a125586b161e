// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_RUNNING_TRANSFERS_HPP
#define ONLINK_HOST_RUNNING_TRANSFERS_HPP

#include "base/ip.hpp"

#include <onlink/limits.hpp>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace onlink {

/// Who is being sent a file, or is in an exchange with a route: so many at a time, and so many of one peer.
class running_transfers {
public:
    explicit running_transfers(limits::http_limits const& bounds)
        : most_(bounds.max_transfers), most_of_peer_(bounds.max_transfers_per_peer)
    {
        peers_.reserve(most_); // to begin one takes no memory
    }

    /// False if there is no place.
    bool begin(address const& peer) noexcept
    {
        auto const of_peer = static_cast<std::size_t>(std::count(peers_.begin(), peers_.end(), peer));
        if (peers_.size() >= most_ || of_peer >= most_of_peer_)
            return false;
        peers_.push_back(peer);
        return true;
    }

    void end(address const& peer) noexcept
    {
        if (auto const found = std::find(peers_.begin(), peers_.end(), peer); found != peers_.end()) {
            *found = peers_.back();
            peers_.pop_back();
        }
    }

    std::size_t size() const noexcept { return peers_.size(); }

private:
    std::size_t most_;
    std::size_t most_of_peer_;
    std::vector<address> peers_;
};

} // namespace onlink

#endif
