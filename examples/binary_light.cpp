// SPDX-License-Identifier: BSL-1.0
//
// A UPnP light: BinaryLight:1 with the service SwitchPower:1, and a page to switch it with: presentationURL.
//
//     binary_light [--interface NAME]... [--port N] [--uuid UUID] [--name TEXT] [--embedded N] [--quiet]
//                  [--extra-segment INTERFACE=PREFIX]... [--same-host] [--allow-public-addresses]
//                  [--root-devices N] [--search-port N] [--max-age SECONDS] [--uda 1.0|1.1|2.0]
//                  [--ipv4-only] [--ipv6-only] [--byebye-at-start] [--boot-id-file PATH] [--commands]
//                  [--page-directory DIR] [--metrics] [--subscriptions N]
//
// The page is examples/page/index.html, inside the program; --page-directory serves it, and what lies beside
// it, from a folder instead, so that a change is seen at once. --metrics serves the numbers of the host at
// /metrics, for Prometheus. --subscriptions makes room for so many, all of one peer if need be.
//
// Prints where it serves and where its page is, what is exposed to whom, each action and event, and each
// refusal with its reason. SIGINT or SIGTERM ends it; SIGUSR1 switches it off, SIGUSR2 on again. With
// --commands it reads lines:
//
//     add N          one more light, with the UDN counted up by N times 1000
//     remove N       takes it away again; 0 is the first light
//     rename TEXT    gives the first light another friendly name

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <onlink/onlink.hpp>
#include <page.hpp>

#include "metrics.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

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
    unsigned root_devices = 1;
    bool quiet = false;
    bool commands = false;
    bool metrics = false;
    std::string page_directory; ///< empty: the page inside the program
};

constexpr char const* usage =
    "usage: binary_light [--interface NAME]... [--port N] [--uuid UUID] [--name TEXT]"
    " [--embedded N] [--quiet] [--extra-segment INTERFACE=PREFIX]... [--same-host]"
    " [--allow-public-addresses] [--root-devices N] [--search-port N] [--max-age SECONDS] [--uda 1.0|1.1|2.0]"
    " [--ipv4-only] [--ipv6-only] [--byebye-at-start] [--boot-id-file PATH] [--commands]"
    " [--page-directory DIR] [--metrics] [--subscriptions N]";

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
    else if (word == "--commands")
        given.commands = true;
    else if (word == "--metrics")
        given.metrics = true;
    else if (word == "--ipv4-only")
        policies.families = onlink::ip_families::ipv4_only;
    else if (word == "--ipv6-only")
        policies.families = onlink::ip_families::ipv6_only;
    else if (word == "--byebye-at-start")
        policies.byebye_at_start = true;
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

onlink::uda_version parse_uda(std::string_view text)
{
    if (text == "1.0")
        return onlink::uda_version::v1_0;
    if (text == "1.1")
        return onlink::uda_version::v1_1;
    if (text == "2.0")
        return onlink::uda_version::v2_0;
    throw std::invalid_argument{usage};
}

/// Options about discovery. False: it is none of them.
bool set_discovery(arguments& given, std::string_view word, std::string_view operand)
{
    if (word == "--root-devices")
        given.root_devices = std::max(1u, parse_number(operand, 64));
    else if (word == "--search-port")
        given.options.search_port = static_cast<std::uint16_t>(parse_number(operand, 65535));
    else if (word == "--max-age")
        given.options.limits.ssdp.max_age = std::chrono::seconds{parse_number(operand, 86400)};
    else if (word == "--boot-id-file")
        given.options.boot_ids = onlink::boot_id_file(std::string{operand});
    else if (word == "--uda")
        given.options.policies.uda = parse_uda(operand);
    else
        return false;
    return true;
}

/// Room for so many subscriptions, all of them to one address and port if need be.
void make_room_for(std::size_t subscriptions, onlink::limits::eventing_limits& limits)
{
    for (auto* most :
         {&limits.max_subscriptions, &limits.max_subscriptions_per_peer, &limits.max_subscriptions_per_target,
          &limits.max_subscriptions_per_endpoint, &limits.max_kept_connections})
        *most = subscriptions;
    limits.notify_connect_burst = static_cast<unsigned>(2 * subscriptions);
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
        if (set_discovery(given, word, operand))
            continue;
        if (word == "--interface")
            given.options.interfaces.emplace_back(operand);
        else if (word == "--port")
            given.options.port = static_cast<std::uint16_t>(parse_number(operand, 65535));
        else if (word == "--name")
            given.friendly_name = operand;
        else if (word == "--page-directory")
            given.page_directory = operand;
        else if (word == "--extra-segment")
            given.options.extra_segments.push_back(parse_extra_segment(operand));
        else if (word == "--embedded")
            given.embedded = parse_number(operand, 1000);
        else if (word == "--subscriptions")
            make_room_for(std::max(1u, parse_number(operand, 100'000)), given.options.limits.eventing);
        else if (word == "--uuid")
            given.name = onlink::udn::parse("uuid:" + std::string{operand}).value();
        else
            throw std::invalid_argument{usage};
    }
    return given;
}

std::string description_path_of(unsigned number)
{
    return number == 0 ? "/light.xml" : "/light-" + std::to_string(number) + ".xml";
}

/// The page of the light that a description is about, as a path or URL like that of the description. It is
/// one page: it reads light.xml beside its folder, or what its query names.
std::string page_of(std::string_view description)
{
    auto const name = description.substr(description.rfind('/') + 1);
    std::string page{description.substr(0, description.size() - name.size())};
    page += "light/";
    if (name != "light.xml")
        (page += '?') += name;
    return page;
}

void serve_page(onlink::web_content& web, std::string const& directory)
{
    if (directory.empty())
        web.files.push_back({"/light/", "text/html; charset=\"utf-8\"", std::string{light_page}});
    else
        web.folders.push_back({"/light/", directory});
}

/// GET /metrics: the numbers of the host, for Prometheus. `host` is set once there is one.
onlink::web_route metrics_of(onlink::device_host* const& host)
{
    return {"/metrics", {"GET"}, [&host](onlink::web_exchange& exchange) -> asio::awaitable<void> {
                auto const text = to_prometheus(host->snapshot());
                onlink::web_response head{.fields = {{"CONTENT-TYPE", "text/plain; version=0.0.4"}},
                                          .length = text.size()};
                if (co_await exchange.respond(std::move(head)))
                    co_await exchange.write(text);
            }};
}

/// One light; the embedded ones have the UDN of the root, counted up, and neither a
/// description document nor a page of their own.
onlink::device make_light(onlink::udn const& name, std::string friendly_name,
                          std::string description_path = {})
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
                          .model_number = ONLINK_VERSION_STRING,
                          .presentation_url = description_path.empty() ? "" : page_of(description_path),
                          .description_path = description_path}};
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
        if (!r.address.is_v6() || !r.address.to_v6().is_link_local()) // browsers want no zone in a URL
            std::cout << "page " << page_of(r.location) << std::endl;
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
        if (is_trouble_of_ours(r.reason)) {
            std::cout << "trouble: " << to_string(r.reason) << ' ' << r.detail << std::endl;
            return;
        }
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
        constexpr char const* words[] = {"subscribed", "renewed",      "unsubscribed",  "expired",
                                         "dropped",    "segment_left", "device_removed"};
        std::cout << words[static_cast<std::size_t>(r.change)] << ' ' << r.peer.to_string() << ' ' << r.sid
                  << std::endl;
    }
    void on_delivery(onlink::delivery_report const& r) override
    {
        std::cout << "event " << r.sid << " seq " << r.seq << " to " << r.url << ": "
                  << (r.delivered ? "delivered" : "lost, ") << r.why << std::endl;
    }

private:
    static bool is_trouble_of_ours(onlink::refusal_reason r)
    {
        using enum onlink::refusal_reason;
        return r == datagram_unsent || r == multicast_event_lost || r == endpoint_unavailable ||
               r == boot_id_not_kept;
    }
    static std::string_view what(onlink::refusal_reason r)
    {
        using enum onlink::refusal_reason;
        if (r >= subscribe_invalid && r <= subscription_foreign)
            return "subscribe";
        if (r >= subscription_failing && r <= event_target_left)
            return "event";
        if (r <= search_tcp_undelivered)
            return "search";
        if (r <= connection_unavailable)
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

/// Root device `number`, with its embedded ones.
onlink::device make_root(arguments const& given, unsigned number)
{
    auto const name = counted_up(given.name, number * 1000);
    auto const friendly_name =
        number == 0 ? given.friendly_name : given.friendly_name + " #" + std::to_string(number);
    auto root = make_light(name, friendly_name, description_path_of(number));
    for (unsigned i = 1; i <= given.embedded; ++i)
        root.add(make_light(counted_up(name, i), friendly_name + ' ' + std::to_string(i)));
    return root;
}

/// Obeys the lines of the standard input.
class command_reader {
public:
    command_reader(asio::io_context& io, onlink::device_host& host, arguments const& given)
        : input_(io, ::dup(STDIN_FILENO)), host_(host), given_(given)
    {}

    void run()
    {
        asio::async_read_until(input_, asio::dynamic_buffer(text_, 4096), '\n',
                               [this](auto ec, std::size_t size) {
                                   if (ec)
                                       return;
                                   obey(text_.substr(0, size - 1));
                                   text_.erase(0, size);
                                   run();
                               });
    }
    void stop() { input_.close(); }

private:
    void obey(std::string const& line)
    try {
        auto const blank = line.find(' ');
        auto const word = line.substr(0, blank);
        auto const operand = blank == line.npos ? std::string{} : line.substr(blank + 1);
        if (word == "add")
            host_.add(make_root(given_, parse_number(operand, 60)));
        else if (word == "remove")
            host_.remove(counted_up(given_.name, parse_number(operand, 60) * 1000));
        else if (word == "rename") {
            auto changed = given_;
            changed.friendly_name = operand;
            host_.replace(make_root(changed, 0));
        } else
            throw std::invalid_argument{"unknown command"};
        std::cout << "done " << line << std::endl;
    } catch (std::exception const& e) {
        std::cout << "failed " << line << ": " << e.what() << std::endl;
    }

    asio::posix::stream_descriptor input_;
    onlink::device_host& host_;
    arguments const& given_;
    std::string text_;
};

int run(arguments const& given)
{
    std::vector<onlink::device> lights;
    for (unsigned number = 0; number < given.root_devices; ++number)
        lights.push_back(make_root(given, number));

    auto options = given.options;
    options.policies.fall_back_to_loopback = true;
    serve_page(options.web, given.page_directory);
    onlink::device_host* running = nullptr;
    if (given.metrics)
        options.web.routes.push_back(metrics_of(running));
    if (!given.quiet)
        options.watch = std::make_shared<narrator>();

    asio::io_context io{1};
    onlink::device_host host{io.get_executor(), std::move(lights), options};
    running = &host;
    std::cout << "serving \"" << given.friendly_name << "\" " << given.name.to_string() << std::endl;
    host.start();
    auto const served = host.serving();
    if (served.empty())
        std::cout << "waiting for a network" << std::endl;
    else if (options.interfaces.empty() && served.front().address.is_loopback())
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
    command_reader commands{io, host, given};
    if (given.commands)
        commands.run();
    asio::signal_set quit{io, SIGINT, SIGTERM};
    quit.async_wait([&](auto, int) {
        toggle.cancel();
        commands.stop();
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
