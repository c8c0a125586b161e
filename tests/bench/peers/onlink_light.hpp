// SPDX-License-Identifier: BSL-1.0
// The light of binary_light.h on onlink. Its namespace is not one of the library, for size_table.py.
#ifndef ONLINK_TESTS_BENCH_PEERS_ONLINK_LIGHT_HPP
#define ONLINK_TESTS_BENCH_PEERS_ONLINK_LIGHT_HPP

#include "binary_light.h"

#include <onlink/onlink.hpp>

#include <string>

namespace onlink_light {

inline onlink::service make_power()
{
    using namespace onlink::literals;
    onlink::service power{{.type = "urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
                           .id = "urn:upnp-org:serviceId:SwitchPower"_service_id},
                          onlink::scpd::parse(switch_power_scpd).value()};
    auto const target = power.variable<bool>("Target");
    auto const status = power.variable<bool>("Status");
    power.on("SetTarget", [=](bool on) {
        target = on;
        status = on;
    });
    power.on("GetTarget", [=] { return target.get(); });
    power.on("GetStatus", [=] { return status.get(); });
    return power;
}

inline onlink::device make_light(int number, onlink::service const& power)
{
    using namespace onlink::literals;
    char name[64];
    light_udn(name, number);
    onlink::device light{{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                          .udn = onlink::udn::parse(name).value(),
                          .friendly_name = "Bench light " + std::to_string(number),
                          .manufacturer = "Bench",
                          .model_description = "Binary light used as a benchmark peer",
                          .model_name = "BinaryLight",
                          .model_number = "1"}};
    light.add(power);
    return light;
}

/// Everything comes from one address in a benchmark, as fast as it can.
inline onlink::limits without_refusals()
{
    constexpr unsigned many = 1'000'000;
    onlink::limits raised;
    auto& ssdp = raised.ssdp;
    for (auto* rate : {&ssdp.search_burst, &ssdp.searches_per_second, &ssdp.answer_burst,
                       &ssdp.answers_per_second, &ssdp.total_answer_burst, &ssdp.total_answers_per_second})
        *rate = many;
    ssdp.max_pending_searches = 20'000;
    ssdp.unicast_answer_window = {}; // at once, as libupnp does
    raised.http.max_connections = raised.http.max_connections_per_peer = 2'000;
    raised.http.max_requests = 10'000'000;
    raised.control.max_running = raised.control.max_running_per_peer = 2'000;
    auto& events = raised.eventing;
    for (auto* most :
         {&events.max_subscriptions, &events.max_subscriptions_per_peer, &events.max_subscriptions_per_target,
          &events.max_subscriptions_per_endpoint, &events.max_kept_connections})
        *most = 20'000;
    events.notify_connect_burst = events.notify_connects_per_second = many;
    events.max_deliveries = events.max_deliveries_per_target = 2'000;
    return raised;
}

} // namespace onlink_light

#endif
