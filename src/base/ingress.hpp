// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_INGRESS_HPP
#define ONLINK_BASE_INGRESS_HPP

#include "base/ip.hpp"

namespace onlink {

/// Where a request came in: the anchor of everything that is decided about it. Known from the socket that
/// accepted it, never guessed from addresses.
struct ingress {
    unsigned interface_index = 0;
    onlink::address local;     ///< the address of ours that it was sent to
    onlink::address requester; ///< the address that it came from

    friend bool operator==(ingress const&, ingress const&) = default;
};

} // namespace onlink

#endif
