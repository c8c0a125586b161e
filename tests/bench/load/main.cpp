// SPDX-License-Identifier: BSL-1.0
// upnp_load: load generator for UPnP devices. One line of key=value results on standard output.
#include "common.hpp"

#include <functional>

namespace {

const char usage[] =
    "upnp_load msearch HOST PORT [--seconds S --inflight K --st ST --mx M(-1: no MX) --from IFADDR "
    "--host-header H --pid SERVER]\n"
    "upnp_load msearch-burst HOST PORT [--searches N --rate R --st ST --mx M --from IFADDR --pid SERVER]\n"
    "upnp_load get URL [--connections C --seconds S --no-keepalive --expect TEXT --pid SERVER]\n"
    "upnp_load soap URL [--action A --arguments XML --service TYPE --connections C --seconds S "
    "--no-keepalive --pid SERVER]\n"
    "upnp_load events EVENTURL --control URL --listen ADDRESS [--subscribers N --events E --burst "
    "--listeners L --stalled M --stalled-from ADDRESS\n"
    "                 --close --parallel P --timeout S --pid SERVER]\n"
    "upnp_load hold-subscriptions EVENTURL --listen ADDRESS [--count N --close --seconds S]\n"
    "upnp_load hold-connections URL [--count N --from ADDRESS --seconds S]\n"
    "upnp_load subscribe EVENTURL --callback URL\n";

}

int main(int argc, char** argv)
{
    const std::map<std::string, std::function<int(const onlink::bench::option_list&)>> commands = {
        {"msearch", onlink::bench::run_msearch},
        {"msearch-burst", onlink::bench::run_msearch_burst},
        {"get", onlink::bench::run_get},
        {"soap", onlink::bench::run_soap},
        {"events", onlink::bench::run_events},
        {"hold-subscriptions", onlink::bench::run_hold_subscriptions},
        {"hold-connections", onlink::bench::run_hold_connections},
        {"subscribe", onlink::bench::run_subscribe},
    };
    auto command = argc > 1 ? commands.find(argv[1]) : commands.end();
    if (command == commands.end()) {
        std::fputs(usage, stderr);
        return 2;
    }
    try {
        return command->second(
            onlink::bench::option_list(argc - 2, argv + 2, {"no-keepalive", "burst", "close"}));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "upnp_load: %s\n", error.what());
        return 2;
    }
}
