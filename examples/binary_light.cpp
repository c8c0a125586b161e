// SPDX-License-Identifier: BSL-1.0
//
// A UPnP light: BinaryLight:1 with the service SwitchPower:1.
//
//     binary_light [--interface NAME]... [--port N] [--uuid UUID] [--name TEXT] [--embedded N] [--quiet]
//                  [--extra-segment INTERFACE=PREFIX]... [--same-host] [--allow-public-addresses]
//
// Prints where it serves, what is exposed to whom, each action and event, and each refusal with its reason.
// SIGINT or SIGTERM ends it; SIGUSR1 switches it off, SIGUSR2 on again.

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <onlink/onlink.hpp>

#include <charconv>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;
using namespace onlink::literals;

namespace {

/// SwitchPower:1 as its template has it.
constexpr std::string_view switch_power_1 = R"xml(<?xml version="1.0" encoding="utf-8"?>
<scpd xmlns="urn:schemas-upnp-org:service-1-0">
  <specVersion><major>1</major><minor>0</minor></specVersion>
  <actionList>
    <action><name>SetTarget</name><argumentList>
      <argument><name>newTargetValue</name><direction>in</direction>
        <relatedStateVariable>Target</relatedStateVariable></argument>
    </argumentList></action>
    <action><name>GetTarget</name><argumentList>
      <argument><name>RetTargetValue</name><direction>out</direction>
        <relatedStateVariable>Target</relatedStateVariable></argument>
    </argumentList></action>
    <action><name>GetStatus</name><argumentList>
      <argument><name>ResultStatus</name><direction>out</direction>
        <relatedStateVariable>Status</relatedStateVariable></argument>
    </argumentList></action>
  </actionList>
  <serviceStateTable>
    <stateVariable sendEvents="no"><name>Target</name><dataType>boolean</dataType>
      <defaultValue>0</defaultValue></stateVariable>
    <stateVariable sendEvents="yes"><name>Status</name><dataType>boolean</dataType>
      <defaultValue>0</defaultValue></stateVariable>
  </serviceStateTable>
</scpd>)xml";

struct arguments {
    onlink::host_options options;
    onlink::udn name = "uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn;
    std::string friendly_name = "Kitchen light";
    unsigned embedded = 0;
    bool quiet = false;
};

constexpr char const* usage =
    "usage: binary_light [--interface NAME]... [--port N] [--uuid UUID] [--name TEXT]"
    " [--embedded N] [--quiet] [--extra-segment INTERFACE=PREFIX]... [--same-host]"
    " [--allow-public-addresses]";

unsigned parse_number(std::string_view text, unsigned most)
{
    unsigned number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number > most)
        throw std::invalid_argument{"not a number up to " + std::to_string(most) + ": " + std::string{text}};
    return number;
}

/// Options without an operand. False: it is none of them.
bool set_flag(arguments& given, std::string_view word)
{
    auto& policies = given.options.policies;
    if (word == "--quiet")
        given.quiet = true;
    else if (word == "--allow-public-addresses")
        policies.allow_public_addresses = true;
    else if (word == "--same-host") {
        policies.callback = onlink::callback_admission::same_host;
        policies.binding = onlink::subscription_binding::same_host;
    } else
        return false;
    return true;
}

/// `eth0=10.1.0.0/16`
onlink::extra_segment parse_extra_segment(std::string_view text)
{
    auto const equals = text.find('=');
    if (equals == text.npos)
        throw std::invalid_argument{usage};
    return {std::string{text.substr(0, equals)}, onlink::ip_prefix::parse(text.substr(equals + 1)).value()};
}

/// nullopt after --help.
std::optional<arguments> parse_arguments(std::vector<std::string_view> const& words)
{
    arguments given;
    for (std::size_t i = 0; i < words.size(); ++i) {
        auto const word = words[i];
        if (word == "--help")
            return std::nullopt;
        if (set_flag(given, word))
            continue;
        if (i + 1 == words.size())
            throw std::invalid_argument{usage};
        auto const operand = words[++i];
        if (word == "--interface")
            given.options.interfaces.emplace_back(operand);
        else if (word == "--port")
            given.options.port = static_cast<std::uint16_t>(parse_number(operand, 65535));
        else if (word == "--name")
            given.friendly_name = operand;
        else if (word == "--extra-segment")
            given.options.extra_segments.push_back(parse_extra_segment(operand));
        else if (word == "--embedded")
            given.embedded = parse_number(operand, 1000);
        else if (word == "--uuid")
            given.name = onlink::udn::parse("uuid:" + std::string{operand}).value();
        else
            throw std::invalid_argument{usage};
    }
    return given;
}

/// One light; the embedded ones have the UDN of the root, counted up.
onlink::device make_light(onlink::udn const& name, std::string friendly_name)
{
    onlink::service power{{.type = "urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
                           .id = "urn:upnp-org:serviceId:SwitchPower"_service_id},
                          onlink::scpd::parse(switch_power_1).value()};
    auto& state = power.state();
    power.on("SetTarget", [&state](bool on) {
        state.set("Target", on);
        state.set("Status", on); // evented: subscribers hear it
    });
    power.on("GetTarget", [&state] { return state.get<bool>("Target"); });
    power.on("GetStatus", [&state] { return state.get<bool>("Status"); });

    onlink::device light{{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                          .udn = name,
                          .friendly_name = std::move(friendly_name),
                          .manufacturer = "onlink",
                          .manufacturer_url = {},
                          .model_description = "Example light",
                          .model_name = "binary_light",
                          .model_number = ONLINK_VERSION_STRING}};
    light.add(power);
    return light;
}

onlink::udn counted_up(onlink::udn const& name, unsigned by)
{
    auto octets = name.bytes();
    octets[14] = static_cast<std::uint8_t>(octets[14] + by / 256);
    octets[15] = static_cast<std::uint8_t>(octets[15] + by % 256);
    return onlink::udn{octets};
}

std::string describe(onlink::action_call const& call)
{
    std::string text = call.action();
    for (auto const& [name, value] : call.arguments())
        if (auto const lit = value.get<bool>())
            text += ' ' + name + '=' + (*lit ? "1" : "0");
    return text;
}

/// Prints what happens, a line each.
class narrator final : public onlink::observer {
public:
    void on_serving(onlink::serving_report const& r) override
    {
        std::cout << "on " << r.interface_name << ' ' << r.address.to_string() << ": " << r.location
                  << std::endl;
    }
    void on_exposure(std::vector<onlink::exposed_endpoint> const& all) override
    {
        for (auto const& where : all)
            std::cout << "exposed " << to_string(where) << std::endl;
    }
    void on_refusal(onlink::refusal const& r) override
    {
        if (r.reason == onlink::refusal_reason::event_undelivered)
            return; // on_delivery() has it too
        std::cout << "refused " << what(r.reason) << " from " << r.peer.to_string();
        if (!r.interface_name.empty())
            std::cout << " on " << r.interface_name;
        std::cout << ": " << to_string(r.reason);
        if (r.status != 0)
            std::cout << " (" << r.status << ')';
        if (!r.detail.empty())
            std::cout << ' ' << r.detail;
        std::cout << std::endl;
    }
    void on_action(onlink::action_report const& r) override
    {
        std::cout << "action " << r.peer.to_string() << ' ' << describe(*r.call) << " -> "
                  << (r.error == 0 ? "ok" : "error " + std::to_string(r.error)) << std::endl;
    }
    void on_subscription(onlink::subscription_report const& r) override
    {
        constexpr char const* words[] = {"subscribed", "renewed", "unsubscribed",
                                         "expired",    "dropped", "segment_left"};
        std::cout << words[static_cast<std::size_t>(r.change)] << ' ' << r.peer.to_string() << ' ' << r.sid
                  << std::endl;
    }
    void on_delivery(onlink::delivery_report const& r) override
    {
        std::cout << "event " << r.sid << " seq " << r.seq << " to " << r.url << ": "
                  << (r.delivered ? "delivered" : "lost, ") << r.why << std::endl;
    }

private:
    static std::string_view what(onlink::refusal_reason r)
    {
        using enum onlink::refusal_reason;
        if (r >= subscribe_invalid && r <= subscription_foreign)
            return "subscribe";
        if (r >= subscription_failing && r <= event_target_left)
            return "event";
        if (r <= search_queue_full)
            return "search";
        if (r <= connection_peer_limit)
            return "connection";
        return "request";
    }
};

void switch_to(onlink::device_host& host, bool on)
try {
    if (on)
        host.enable();
    else
        host.disable();
    std::cout << (on ? "enabled" : "disabled") << std::endl;
} catch (std::exception const& e) {
    std::cout << "cannot be enabled: " << e.what() << std::endl;
}

int run(arguments const& given)
{
    auto light = make_light(given.name, given.friendly_name);
    for (unsigned i = 1; i <= given.embedded; ++i)
        light.add(make_light(counted_up(given.name, i), given.friendly_name + ' ' + std::to_string(i)));

    auto options = given.options;
    options.policies.fall_back_to_loopback = true;
    if (!given.quiet)
        options.watch = std::make_shared<narrator>();

    asio::io_context io{1};
    onlink::device_host host{io.get_executor(), std::move(light), options};
    std::cout << "serving \"" << given.friendly_name << "\" " << given.name.to_string() << std::endl;
    host.start();
    auto const served = host.serving();
    if (options.interfaces.empty() && served.front().address.is_loopback())
        std::cout << "no interface with a private or link-local address is up: serving on loopback only"
                  << std::endl;
    if (given.quiet)
        for (auto const& at : served)
            std::cout << "on " << at.interface_name << ' ' << at.address.to_string() << ": " << at.location
                      << std::endl;

    asio::signal_set toggle{io, SIGUSR1, SIGUSR2};
    std::function<void()> wait_for_toggle = [&] {
        toggle.async_wait([&](auto ec, int signal) {
            if (ec)
                return;
            switch_to(host, signal == SIGUSR2);
            wait_for_toggle();
        });
    };
    wait_for_toggle();
    asio::signal_set quit{io, SIGINT, SIGTERM};
    quit.async_wait([&](auto, int) {
        toggle.cancel();
        host.stop(); // says byebye, then run() returns
    });
    std::cout << "ready" << std::endl;
    io.run();
    std::cout << "goodbye" << std::endl;
    return 0;
}

} // namespace

int main(int argc, char** argv)
try {
    auto const given = parse_arguments({argv + 1, argv + argc});
    if (!given) {
        std::cout << usage << '\n';
        return 0;
    }
    return run(*given);
} catch (std::exception const& e) {
    std::cerr << "binary_light: " << e.what() << '\n';
    return 1;
}
