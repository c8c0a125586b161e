// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_CONNECTION_HPP
#define ONLINK_HOST_CONNECTION_HPP

#include "base/ip.hpp"

#include <string>

namespace onlink {

/// Where a request came in: the anchor of everything that is decided about it.
struct connection {
    unsigned interface_index = 0;
    std::string interface_name;
    endpoint local;
    endpoint peer;
};

} // namespace onlink

#endif
