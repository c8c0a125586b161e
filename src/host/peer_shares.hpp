// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_PEER_SHARES_HPP
#define ONLINK_HOST_PEER_SHARES_HPP

#include "base/ip.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace onlink {

/// Who has something going on that takes a while: so many at a time, and so many of one peer.
class peer_shares {
public:
    peer_shares(std::size_t most, std::size_t most_of_peer) : most_(most), most_of_peer_(most_of_peer)
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
