// SPDX-License-Identifier: BSL-1.0
// The same BinaryLight:1 on onlink. Options: --interface IF --port P --embedded N, as those of the other
// peers; --defaults yes: with the limits that it has by default, which refuse what a benchmark does from one
// address. Runs until SIGTERM or SIGINT, and then says what it has refused: `REFUSED how-often why`.
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <onlink/onlink.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

#include "peers/binary_light.h"

using namespace onlink::literals;

namespace {

onlink::device make_light(int number)
{
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

/// Everything comes from one address here, as fast as it can.
onlink::limits without_refusals()
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
    raised.control.max_running = 2'000;
    auto& events = raised.eventing;
    for (auto* most :
         {&events.max_subscriptions, &events.max_subscriptions_per_peer, &events.max_subscriptions_per_target,
          &events.max_subscriptions_per_endpoint, &events.max_kept_connections})
        *most = 20'000;
    events.notify_connect_burst = events.notify_connects_per_second = many;
    events.max_deliveries = events.max_deliveries_per_target = 2'000;
    return raised;
}

} // namespace

int main(int argc, char** argv)
try {
    onlink::host_options options;
    unsigned embedded = 0;
    bool defaults = false;
    for (int i = 1; i + 1 < argc; i += 2) {
        std::string_view const word = argv[i];
        if (word == "--interface")
            options.interfaces.emplace_back(argv[i + 1]);
        else if (word == "--port")
            options.port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
        else if (word == "--embedded")
            embedded = static_cast<unsigned>(std::atoi(argv[i + 1]));
        else if (word == "--defaults")
            defaults = true;
        else if (word != "--directory")
            return 2;
    }
    if (!defaults)
        options.limits = without_refusals();
    options.policies.families = onlink::ip_families::ipv4_only;

    auto root = make_light(0);
    for (unsigned number = 1; number <= embedded; ++number)
        root.add(make_light(static_cast<int>(number)));
    boost::asio::io_context io{1};
    onlink::device_host host{io.get_executor(), root, options};
    host.start();
    std::printf("READY %s\n", host.serving().at(0).location.c_str());
    std::fflush(stdout);
    boost::asio::signal_set quit{io, SIGINT, SIGTERM};
    quit.async_wait([&](auto, int) { host.stop(); });
    io.run();
    auto const refusals = host.snapshot().refusals;
    for (std::size_t i = 0; i < onlink::refusal_reason_count; ++i) {
        auto const reason = static_cast<onlink::refusal_reason>(i);
        if (auto const times = refusals[reason])
            std::printf("REFUSED %llu %s\n", static_cast<unsigned long long>(times),
                        std::string{to_string(reason)}.c_str());
    }
    return 0;
} catch (std::exception const& e) {
    std::fprintf(stderr, "binary_light_onlink: %s\n", e.what());
    return 1;
}
