// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_SERVED_ENDPOINT_HPP
#define ONLINK_BASE_SERVED_ENDPOINT_HPP

#include "base/ip.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onlink {

/// An address of ours at which the devices are served: what LOCATION names there, and where multicasts leave
/// from.
struct served_endpoint {
    unsigned interface_index = 0;
    std::string interface_name;
    onlink::address address;
    std::uint16_t http_port = 0; ///< known once the listener is open

    friend bool operator==(served_endpoint const& a, served_endpoint const& b) noexcept
    {
        return a.interface_index == b.interface_index && a.http_port == b.http_port &&
               same_address(a.address, b.address);
    }
};

/// Whether both are the same address of the same interface, whatever the port.
bool same_place(served_endpoint const& a, served_endpoint const& b) noexcept;

/// Which of our addresses on an interface speaks to `peer`, by the rules of RFC 6724, 5 that can tell them
/// apart: its own address, the scope, the label (unique local or not), the longest common prefix; the first
/// of several. nullptr if none is of its family.
served_endpoint const* choose_source(std::vector<served_endpoint> const& all, unsigned interface_index,
                                     address const& peer) noexcept;

} // namespace onlink

#endif
