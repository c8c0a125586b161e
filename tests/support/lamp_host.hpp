// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_LAMP_HOST_HPP
#define ONLINK_TESTS_SUPPORT_LAMP_HOST_HPP

#include "host/device_runtime.hpp"
#include "http/request_parser.hpp"
#include "support/hall_lamp.hpp"
#include "support/seeded_random.hpp"

#include <onlink/device.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace onlink::test {

using namespace onlink::literals;
using namespace std::chrono_literals;

inline address ip(char const* text) { return boost::asio::ip::make_address(text); }

/// What a request led to, as a control point sees it.
struct heard {
    std::string bytes;
    bool closed = false;
};

/// The test device of the golden messages, "Hall Lamp" at 192.168.20.5, as a runtime without sockets: time
/// moves when told, the control point is 192.168.20.9. What the shell would do with an action is noted in the
/// lists.
class lamp_host {
public:
    static constexpr unsigned eth = 2;

    static service switch_power()
    {
        service power{switch_power_identity(), switch_power_contract()};
        auto& state = power.state();
        power.on("SetTarget", [&state](bool on) {
            state.set("Target", on);
            state.set("Status", on);
        });
        power.on("GetTarget", [&state] { return state.get<bool>("Target"); });
        power.on("GetStatus", [&state] { return state.get<bool>("Status"); });
        return power;
    }

    static service lamp_health() { return {lamp_health_identity(), lamp_health_contract()}; }

    static device lamp(service const& power, service const& health)
    {
        device d{hall_lamp_description()};
        d.add(power).add(health);
        return d;
    }

    static host_options golden_options()
    {
        host_options options;
        options.operating_system = product_token{"ExampleOS", "3.2"};
        options.product = product_token{"LampStack", "0.1"};
        options.boot_id = 1700000123;
        options.config_id = 42;
        options.policies.initial_event_delay = 0ms; // tests of their own show these three
        options.policies.explain_refusals = false;
        options.policies.multicast_event_repeats = 0;
        options.web.files = {{"/ui/", "text/html", "<title>Hall Lamp</title>"}};
        return options;
    }

    /// eth0 192.168.20.5/24 and lo.
    static interface_table golden_interfaces()
    {
        return interface_table{{{.index = 1,
                                 .name = "lo",
                                 .up = true,
                                 .multicast = false,
                                 .loopback = true,
                                 .addresses = {{ip("127.0.0.1"), 8}}},
                                {.index = eth,
                                 .name = "eth0",
                                 .up = true,
                                 .multicast = true,
                                 .loopback = false,
                                 .addresses = {{ip("192.168.20.5"), 24}}}}};
    }

    explicit lamp_host(host_options options = golden_options(), std::uint64_t seed = 7)
        : power(switch_power()),
          health(lamp_health()),
          random(std::make_shared<seeded_random>(seed)),
          runtime({lamp(power, health)}, seeded(std::move(options)), now())
    {
        runtime.set_interfaces(now(), golden_interfaces());
    }

    /// Starts, and lets the announcements at start pass.
    void start_and_settle()
    {
        start();
        pass(3s);
        sent.clear();
    }

    void start() { start_at({{eth, "eth0", ip("192.168.20.5"), 49300}}); }

    void start_at(std::vector<served_endpoint> endpoints)
    {
        runtime.serve(now(), std::move(endpoints));
        runtime.start(now());
        obey();
    }

    /// The network changes, and what the shell would do of it is done when the runtime wants it.
    void set_interfaces(std::vector<network_interface> interfaces)
    {
        runtime.set_interfaces(now(), interface_table{std::move(interfaces)});
        obey();
    }

    moment now() const { return {clock, date}; }

    /// Lets time pass, serving every deadline on the way at its time.
    void pass(duration how_long)
    {
        auto const end = clock + how_long;
        for (unsigned turns = 0; turns < 100000; ++turns) {
            auto const next = runtime.next_deadline();
            if (!next || *next > end) {
                clock = end;
                return;
            }
            clock = std::max(clock, *next);
            runtime.advance(now());
            obey();
        }
        throw std::runtime_error{"the runtime never rests"};
    }

    void datagram(std::string_view bytes, char const* from = "192.168.20.9", std::uint16_t port = 50123,
                  bool multicast = true)
    {
        runtime.on_datagram(now(), {eth, multicast, {ip(from), port}, bytes});
        obey();
    }

    connection from(char const* peer = "192.168.20.9") const
    {
        return {eth, "eth0", {ip("192.168.20.5"), 49300}, {ip(peer), 40000}};
    }

    /// Sends bytes on a connection, as http_session would; all requests in them are answered in order.
    heard http(std::string_view bytes, char const* peer = "192.168.20.9")
    {
        heard h;
        while (!bytes.empty() && !h.closed) {
            request_parser parser{limits{}.http,
                                  [this](http_request const& head) { return runtime.plan_body(head).most; }};
            auto progress = parser.feed(bytes);
            if (progress.expects_continue) {
                h.bytes += "HTTP/1.1 100 Continue\r\n\r\n";
                bytes.remove_prefix(progress.consumed);
                progress = parser.feed(bytes);
            }
            bytes.remove_prefix(progress.consumed);
            if (progress.state == request_parser::state::need_more)
                return h;
            if (progress.state == request_parser::state::failed) {
                auto response = http_response::of(parser.status());
                response.close = true;
                h.bytes += write_response(response, parser.version(), false);
                h.closed = true;
                return h;
            }
            auto const request = parser.take();
            auto reply = runtime.on_request(now(), from(peer), request);
            http_response response;
            if (auto const* call = std::get_if<invocation>(&reply.what)) {
                auto const service = call->service;
                auto const result = (*call->immediate())(call->call);
                response = runtime.on_action_done(now(), from(peer), *call, result);
                for (std::size_t i = 0; i < runtime.tree().services.size(); ++i)
                    runtime.on_state_change(now(), i);
            } else {
                response = std::get<http_response>(reply.what);
            }
            response.close = response.close || !request.keep_alive();
            h.bytes += write_response(response, request.version, request.method == http_method::head);
            h.closed = response.close;
            if (reply.subscribed)
                runtime.on_answered(now(), *reply.subscribed, true);
            obey();
        }
        return h;
    }

    /// The subscriber at the other end of a delivery answers, or does not.
    void settle(std::size_t index, bool delivered = true)
    {
        runtime.on_delivery(now(), deliveries.at(index).number(),
                            delivered ? delivery_outcome::delivered() : delivery_outcome::failed("refused"));
        obey();
    }

    std::string notify(std::size_t index) const
    {
        return deliveries.at(index).header() + *deliveries.at(index).body();
    }

    /// Takes what the runtime wants done into the lists.
    void obey()
    {
        for (auto& item : runtime.drain(now())) {
            if (std::holds_alternative<reopen_endpoints>(item))
                reopen();
            else if (auto* kept = std::get_if<keep_boot_id>(&item))
                kept_boot_ids.push_back(kept->value);
            else if (auto* answers = std::get_if<send_answers>(&item))
                tcp_answers.push_back(std::move(*answers));
            else if (auto* datagram = std::get_if<send_datagram>(&item))
                sent.push_back({clock, std::move(*datagram)});
            else if (auto* event = std::get_if<send_event>(&item)) {
                deliveries.push_back(std::move(event->what));
                paths.push_back(std::move(event->by));
            } else if (auto* exposure = std::get_if<exposure_note>(&item))
                exposures.push_back(std::move(*exposure));
            else if (auto* refusal = std::get_if<refusal_note>(&item))
                refusals.push_back(std::move(*refusal));
            else
                others.push_back(std::move(item));
        }
    }

    /// The bytes of all datagrams sent so far.
    std::vector<std::string> sent_bytes() const
    {
        std::vector<std::string> all;
        for (auto const& one : sent)
            all.push_back(one.what.bytes);
        return all;
    }

    struct sent_at {
        time_point when;
        send_datagram what;
    };

private:
    /// Opens every address that is wanted, the HTTP server of each interface at a port of its own.
    void reopen()
    {
        auto wanted = runtime.wanted_endpoints().endpoints;
        std::erase_if(wanted, [&](served_endpoint const& at) {
            return std::any_of(refused.begin(), refused.end(),
                               [&](address const& a) { return same_address(a, at.address); });
        });
        for (auto& at : wanted)
            at.http_port = static_cast<std::uint16_t>(49300 + at.interface_index - eth);
        runtime.serve(now(), std::move(wanted));
        obey();
    }

    host_options seeded(host_options options) const
    {
        options.random = random;
        return options;
    }

public:
    service power;
    service health;
    std::shared_ptr<seeded_random> random;
    time_point clock{100h};
    std::chrono::sys_seconds date = std::chrono::sys_days{std::chrono::year{2023} / 11 / 15} + 8h;
    device_runtime runtime;
    std::vector<sent_at> sent;
    std::vector<event_delivery> deliveries;
    std::vector<delivery_path> paths; ///< of the deliveries
    std::vector<exposure_note> exposures;
    std::vector<refusal_note> refusals;
    std::vector<send_answers> tcp_answers;
    std::vector<std::uint32_t> kept_boot_ids;
    std::vector<action_item> others;
    std::vector<address> refused; ///< addresses that the system would not let us have
};

} // namespace onlink::test

#endif
