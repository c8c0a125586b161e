// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EXAMPLES_METRICS_HPP
#define ONLINK_EXAMPLES_METRICS_HPP

#include <onlink/host_snapshot.hpp>

#include <string>
#include <string_view>

/// A host's numbers in the text format of Prometheus (version 0.0.4). Reasons that never occurred are left
/// out.
inline std::string to_prometheus(onlink::host_snapshot const& now)
{
    std::string text;
    auto const begin = [&](std::string_view name, std::string_view type, std::string_view help) {
        text.append("# HELP onlink_").append(name).append(" ").append(help).append("\n");
        text.append("# TYPE onlink_").append(name).append(" ").append(type).append("\n");
    };
    auto const line = [&](std::string_view name, auto number) {
        text.append("onlink_").append(name).append(" ").append(std::to_string(number)).append("\n");
    };
    auto const gauge = [&](std::string_view name, std::size_t number, std::string_view help) {
        begin(name, "gauge", help);
        line(name, number);
    };
    auto const counter = [&](std::string_view name, std::uint64_t number, std::string_view help) {
        begin(name, "counter", help);
        line(name, number);
    };
    gauge("root_devices", now.root_devices, "Root devices hosted.");
    gauge("served_addresses", now.served_addresses, "Addresses at which they are served.");
    gauge("pending_searches", now.pending_searches, "Searches whose answers are yet to leave.");
    gauge("connections", now.connections, "HTTP connections open.");
    gauge("running_actions", now.running_actions, "Deferred actions under way.");
    gauge("running_transfers", now.running_transfers, "Files and exchanges under way.");
    gauge("subscriptions", now.subscriptions, "Subscriptions held.");
    gauge("queued_events", now.queued_events, "Events that wait for a subscriber.");
    gauge("queued_bytes", now.queued_bytes, "Bytes of their bodies.");
    gauge("deliveries_under_way", now.deliveries_under_way, "Events being delivered.");
    gauge("kept_connections", now.kept_connections, "Idle connections to subscribers.");
    counter("events_delivered_total", now.events_delivered, "Events that a subscriber took.");
    counter("multicast_events_total", now.multicast_events, "Multicast events sent, repeats among them.");
    begin("refusals_total", "counter", "What was refused or lost, by reason.");
    for (std::size_t i = 0; i < onlink::refusal_reason_count; ++i) {
        auto const reason = static_cast<onlink::refusal_reason>(i);
        if (now.refusals[reason] != 0)
            line("refusals_total{reason=\"" + std::string{to_string(reason)} + "\"}", now.refusals[reason]);
    }
    return text;
}

#endif
