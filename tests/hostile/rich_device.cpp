// SPDX-License-Identifier: BSL-1.0
//
// A light, as binary_light is one, with a second service beside it that has what a light has not: texts, a
// list, a range, actions of several arguments, and no events.
//
//     rich_device --interface NAME [--port N] [--uuid UUID] [--name TEXT]
//
// Each action of the second service gives back what it was given, and GetCalls tells how often one of them
// ran. The numbers of the host are at /metrics. Nothing is printed of what happens, as by `binary_light
// --metrics --quiet`.
#include <onlink/onlink.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <metrics.hpp>

#include <iostream>
#include <string>
#include <vector>

using namespace onlink::literals;
namespace asio = boost::asio;

namespace {

/// Room for three texts of 64 KiB in one request.
constexpr std::size_t max_body = 256 * 1024;

onlink::service make_light()
{
    using onlink::data_type;
    onlink::service power{{.type = "urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
                           .id = "urn:upnp-org:serviceId:SwitchPower"_service_id},
                          onlink::scpd::build()
                              .state("Status", data_type::boolean, {.evented = true})
                              .action("SetTarget")
                              .in("newTargetValue", "Status")
                              .action("GetStatus")
                              .out("ResultStatus", "Status")
                              .done()
                              .value()};
    auto const status = power.variable<bool>("Status");
    power.on("SetTarget", [=](bool on) { status = on; });
    power.on("GetStatus", [=] { return status.get(); });
    return power;
}

onlink::scpd workshop_contract()
{
    using onlink::data_type;
    return onlink::scpd::build()
        .state("Text", data_type::string, {.evented = false})
        .state("Mode", data_type::string,
               {.evented = false, .allowed_values = {"DAY", "NIGHT", "\xc3\xa9t\xc3\xa9"}})
        .state("Level", data_type::ui2, {.evented = false, .range = onlink::allowed_range{10, 1000, 5}})
        .state("Share", data_type::r4, {.evented = false, .range = onlink::allowed_range{-1.0, 1.0}})
        .state("Calls", data_type::ui4, {.evented = false})
        .action("SetText")
        .in("NewText", "Text")
        .out("OldText", "Text")
        .action("SetMode")
        .in("NewMode", "Mode")
        .out("OldMode", "Mode")
        .action("SetLevel")
        .in("NewLevel", "Level")
        .out("OldLevel", "Level")
        .action("SetShare")
        .in("NewShare", "Share")
        .out("OldShare", "Share")
        .action("SetAll")
        .in("NewHost", "Text")
        .in("NewLevel", "Level")
        .in("NewMode", "Mode")
        .in("NewClient", "Text")
        .in("NewDescription", "Text")
        .out("OldHost", "Text")
        .out("OldLevel", "Level")
        .out("OldMode", "Mode")
        .out("OldClient", "Text")
        .out("OldDescription", "Text")
        .action("GetCalls")
        .out("Calls", "Calls")
        .done()
        .value();
}

onlink::service make_workshop()
{
    onlink::service workshop{{.type = "urn:example-com:service:Workshop:1"_service_type,
                              .id = "urn:example-com:serviceId:Workshop"_service_id},
                             workshop_contract()};
    auto const calls = workshop.variable<std::uint32_t>("Calls");
    auto const echo = [=](onlink::action_call const& call) -> onlink::action_result {
        calls = calls + 1;
        std::vector<onlink::value> same;
        for (auto const& argument : call.arguments())
            same.push_back(argument.value);
        return onlink::outputs::in_order(std::move(same));
    };
    for (auto const* action : {"SetText", "SetMode", "SetLevel", "SetShare", "SetAll"})
        workshop.on(action, echo);
    workshop.on("GetCalls", [=] { return calls.get(); });
    return workshop;
}

/// GET /metrics. `host` is set once there is one.
onlink::web_route metrics_of(onlink::device_host* const& host)
{
    return {"/metrics", {"GET"}, [&host](onlink::web_exchange& exchange) -> asio::awaitable<void> {
                auto const text = to_prometheus(host->snapshot());
                onlink::web_response head{.fields = {{"CONTENT-TYPE", "text/plain"}}, .length = text.size()};
                if (co_await exchange.respond(std::move(head)))
                    co_await exchange.write(text);
            }};
}

} // namespace

int main(int argc, char** argv)
try {
    onlink::host_options options;
    onlink::udn name = "uuid:2fac1234-31f8-11b4-a222-08002b34c0d1"_udn;
    std::string friendly_name = "Workshop";
    for (int i = 1; i < argc; ++i) {
        std::string const word = argv[i];
        if (word == "--metrics" || word == "--quiet") // always
            continue;
        if (i + 1 == argc)
            throw std::invalid_argument{word};
        std::string const operand = argv[++i];
        if (word == "--interface")
            options.interfaces.push_back(operand);
        else if (word == "--port")
            options.port = static_cast<std::uint16_t>(std::stoi(operand));
        else if (word == "--uuid")
            name = onlink::udn::parse("uuid:" + operand).value();
        else if (word == "--name")
            friendly_name = operand;
        else
            throw std::invalid_argument{word};
    }
    options.limits.http.max_body = max_body;
    onlink::device_host* running = nullptr;
    options.web.routes.push_back(metrics_of(running));

    onlink::device rich{{.type = "urn:example-com:device:Workshop:1"_device_type,
                         .udn = name,
                         .friendly_name = friendly_name,
                         .manufacturer = "Example",
                         .model_name = "WS-1",
                         .description_path = "/workshop.xml"}};
    rich.add(make_light());
    rich.add(make_workshop());
    asio::io_context io{1};
    onlink::device_host host{io.get_executor(), rich, options};
    running = &host;
    host.start();
    for (auto const& at : host.serving())
        std::cout << "on " << at.interface_name << ' ' << at.address.to_string() << ": " << at.location
                  << std::endl;

    asio::signal_set quit{io, SIGINT, SIGTERM};
    quit.async_wait([&](auto, int) { host.stop(); });
    std::cout << "ready" << std::endl;
    io.run();
    std::cout << "goodbye" << std::endl;
} catch (std::exception const& e) {
    std::cerr << "rich_device: " << e.what() << '\n';
    return 1;
}
