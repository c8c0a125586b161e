// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_INTERFACE_MONITOR_HPP
#define ONLINK_NET_INTERFACE_MONITOR_HPP

#include "base/interface_table.hpp"

#include <optional>

namespace onlink {

/// Reads the interfaces of the host, their addresses and prefixes (getifaddrs).
class interface_monitor {
public:
    /// The interfaces of this moment; nullopt if the system did not say, in which case the last known ones
    /// stay in force.
    std::optional<interface_table> read() const;
};

} // namespace onlink

#endif
