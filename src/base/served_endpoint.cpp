// SPDX-License-Identifier: BSL-1.0
#include "base/served_endpoint.hpp"

#include <bit>
#include <tuple>

namespace onlink {

namespace {

template <class Bytes>
unsigned common_bits(Bytes const& a, Bytes const& b) noexcept
{
    unsigned bits = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        auto const differ = static_cast<unsigned char>(a[i] ^ b[i]);
        bits += static_cast<unsigned>(std::countl_zero(differ));
        if (differ != 0)
            break;
    }
    return bits;
}

unsigned common_prefix(address const& a, address const& b) noexcept
{
    return a.is_v4() ? common_bits(a.to_v4().to_bytes(), b.to_v4().to_bytes())
                     : common_bits(a.to_v6().to_bytes(), b.to_v6().to_bytes());
}

} // namespace

bool same_place(served_endpoint const& a, served_endpoint const& b) noexcept
{
    return a.interface_index == b.interface_index && same_address(a.address, b.address);
}

served_endpoint const* choose_source(std::vector<served_endpoint> const& all, unsigned interface_index,
                                     address const& peer) noexcept
{
    served_endpoint const* best = nullptr;
    std::tuple<bool, bool, bool, unsigned> best_fit{};
    for (auto const& one : all) {
        auto const& own = one.address;
        if (one.interface_index != interface_index || own.is_v4() != peer.is_v4())
            continue;
        std::tuple const fit{same_address(own, peer), is_link_local(own) == is_link_local(peer),
                             is_unique_local(own) == is_unique_local(peer), common_prefix(own, peer)};
        if (!best || fit > best_fit) {
            best = &one;
            best_fit = fit;
        }
    }
    return best;
}

} // namespace onlink
