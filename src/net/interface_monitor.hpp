// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_INTERFACE_MONITOR_HPP
#define ONLINK_NET_INTERFACE_MONITOR_HPP

#include "base/interface_table.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <onlink/limits.hpp>

#include <functional>
#include <optional>

namespace onlink {

/// Reads the interfaces of the host, their addresses and prefixes (getifaddrs).
class interface_monitor {
public:
    interface_monitor(boost::asio::any_io_executor, limits::interface_limits const&, bool) {}
    bool follow(std::function<void()>) { return false; }
    void close() {}
    /// The interfaces of this moment; nullopt if the system did not say, in which case the last known ones
    /// stay in force.
    std::optional<interface_table> read() const;
};

} // namespace onlink

#endif
