// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_CONNECTION_HPP
#define ONLINK_HOST_CONNECTION_HPP

#include "base/ingress.hpp"

#include <string>

namespace onlink {

/// Where a request came in: the anchor of everything that is decided about it.
struct connection {
    unsigned interface_index = 0;
    std::string interface_name;
    endpoint local;
    endpoint peer;
    /// The interface that the packets came in on, as the system says; 0 if it does not. Loopback for a
    /// program on this host, whichever address of ours it uses.
    unsigned arrived_on = 0;
    /// What HOST says of `local` when it is written the usual way; empty if nobody has written it.
    std::string authority = {};

    ingress at() const noexcept { return {interface_index, local.address, peer.address}; }
};

} // namespace onlink

#endif
