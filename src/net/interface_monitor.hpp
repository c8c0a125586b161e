// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_INTERFACE_MONITOR_HPP
#define ONLINK_NET_INTERFACE_MONITOR_HPP

#include "base/interface_table.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <onlink/limits.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace onlink {

/// Reads the interfaces of the host, and tells when they have changed: by rtnetlink on Linux, by getifaddrs
/// elsewhere and where netlink is not to be had.
class interface_monitor {
public:
    interface_monitor(boost::asio::any_io_executor executor, limits::interface_limits const& bounds,
                      bool with_neighbours);
    ~interface_monitor();
    interface_monitor(interface_monitor const&) = delete;
    interface_monitor& operator=(interface_monitor const&) = delete;

    /// The interfaces of this moment; nullopt if the system did not say, in which case the last known ones
    /// stay in force.
    std::optional<interface_table> read();

    /// From now on `on_change`, which must not throw, is called on the executor when something may have
    /// changed: the first time at once, then not more often than limits::interfaces::read_gap. To follow is
    /// to read all again: Linux drops the IPv4 routes of a lost interface without a word. False if the system
    /// does not tell; then somebody has to ask from time to time.
    bool follow(std::function<void()> on_change);
    /// Whether it does still: where memory or descriptors ran out, that is tried again here.
    bool listening();
    void close();

    /// Whether nothing has changed since on_change was last called. Looks at what the system has said up to
    /// this moment, and so may call on_change.
    bool up_to_date();

private:
    class follower;

    bool begin_to_follow();

    boost::asio::any_io_executor executor_;
    limits::interface_limits bounds_;
    bool with_neighbours_;
    std::function<void()> on_change_;
    std::shared_ptr<follower> follower_;
};

} // namespace onlink

#endif
