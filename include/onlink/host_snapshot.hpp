// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_SNAPSHOT_HPP
#define ONLINK_HOST_SNAPSHOT_HPP

#include <onlink/observer.hpp>

#include <cstddef>
#include <cstdint>

namespace onlink {

/// A host in numbers, at one moment: device_host::snapshot(). A plain value; examples/metrics.hpp writes it
/// for Prometheus.
struct host_snapshot {
    // At this moment.
    std::size_t root_devices = 0;
    std::size_t served_addresses = 0;
    std::size_t pending_searches = 0;  ///< answers to which are yet to leave (UDA 2.0, 1.3.2)
    std::size_t connections = 0;       ///< HTTP connections of control points and browsers
    std::size_t running_actions = 0;   ///< deferred handlers
    std::size_t running_transfers = 0; ///< files of folders, and exchanges with routes
    std::size_t subscriptions = 0;
    std::size_t queued_events = 0; ///< over all subscriptions, those under way not among them
    std::size_t queued_bytes = 0;  ///< of their bodies; subscribers of one event share its body in memory
    std::size_t deliveries_under_way = 0;
    std::size_t kept_connections = 0; ///< idle connections to subscribers

    // Since the host was built.
    std::uint64_t events_delivered = 0;
    std::uint64_t multicast_events = 0; ///< sent, repeats among them
    /// What was refused or lost, by reason. Of events: event_undelivered, lost at all URLs; event_overflow,
    /// joined or dropped as a queue was full; event_target_left, not sent as its address had left the
    /// segment. And subscription_failing, ended for it.
    refusal_counters refusals;
};

} // namespace onlink

#endif
