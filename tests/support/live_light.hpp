// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_LIVE_LIGHT_HPP
#define ONLINK_TESTS_SUPPORT_LIVE_LIGHT_HPP

#include "support/png.hpp"

#include <onlink/onlink.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace onlink::test {

using namespace onlink::literals;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;

/// Remembers what it was told.
class recorder : public observer {
public:
    void on_refusal(refusal const& r) override { refusals.push_back(r.reason); }
    void on_action(action_report const& r) override { actions.push_back(r.call->action()); }
    void on_subscription(subscription_report const& r) override { subscriptions.push_back(r.change); }
    void on_delivery(delivery_report const& r) override { deliveries.push_back(r.delivered); }

    std::vector<refusal_reason> refusals;
    std::vector<std::string> actions;
    std::vector<subscription_change> subscriptions;
    std::vector<bool> deliveries;
};

/// A light on 127.0.0.1 with real sockets, and peers beside it on the same event loop. Waits are bounded: a
/// test that waits in vain fails by exception.
class live_light {
public:
    using configure = std::function<void(host_options&)>;

    explicit live_light(configure const& change = {}, std::size_t icon_size = 0)
        : watch(std::make_shared<recorder>()), power(make_power())
    {
        host_options options;
        options.interfaces = {"lo"};
        options.watch = watch;
        options.limits.ssdp.announcements = 1;
        if (change)
            change(options);
        std::vector<icon> icons;
        if (icon_size != 0)
            icons.push_back({"image/png", 48, 48, 24, "/icon.png", png(48, 48, icon_size)});
        device light{{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                      .udn = "uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn,
                      .friendly_name = "Loopback light",
                      .manufacturer = "Example",
                      .model_name = "Bulb",
                      .icons = std::move(icons),
                      .description_path = "/desc.xml"}};
        light.add(power);
        host.emplace(io.get_executor(), std::move(light), options);
    }

    service make_power()
    {
        service s{{.type = "urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
                   .id = "urn:upnp-org:serviceId:SwitchPower"_service_id,
                   .paths = {"/scpd.xml", "/control", "/event"}},
                  scpd::build()
                      .state("Status", data_type::boolean, {.evented = true, .initial = false})
                      .action("SetTarget")
                      .in("newTargetValue", "Status")
                      .action("GetStatus")
                      .out("ResultStatus", "Status")
                      .action("Explode")
                      .action("ExplodeLater")
                      .action("Wait")
                      .action("Hurry")
                      .done()
                      .value()};
        auto& state = s.state();
        s.on("SetTarget", [&state](bool on) { state.set("Status", on); });
        s.on("GetStatus", [&state] { return state.get<bool>("Status"); });
        s.on("Explode", [] { throw std::runtime_error{"secret of the application"}; });
        s.on("ExplodeLater", [this]() -> asio::awaitable<void> {
            co_await asio::post(io, asio::use_awaitable);
            throw std::runtime_error{"secret of the application"};
        });
        s.on("Hurry", []() -> asio::awaitable<void> { co_return; });
        s.on("Wait", [this]() -> asio::awaitable<void> {
            ++waits_begun;
            struct end {
                int& count;
                ~end() { ++count; }
            } const at_end{waits_ended};
            asio::steady_timer timer{io};
            timer.expires_after(wait_action);
            co_await timer.async_wait(asio::use_awaitable);
            wait_finished = true;
        });
        return s;
    }

    void start()
    {
        host->start();
        port = served_port();
    }

    std::uint16_t served_port() const
    {
        auto const url = host->serving().front().location; // http://127.0.0.1:PORT/desc.xml
        return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    }

    tcp::socket connect()
    {
        tcp::socket socket{io};
        socket.connect({asio::ip::address_v4::loopback(), port});
        socket.non_blocking(true);
        return socket;
    }

    /// Runs the loop for as long as what is under way takes here.
    void run_on()
    {
        io.restart();
        io.run_for(300ms);
    }

    /// Runs the loop until the condition holds, for ten seconds at most.
    void run_until(std::function<bool()> const& condition, char const* what = "a condition")
    {
        for (int turn = 0; turn < 1000; ++turn) {
            if (condition())
                return;
            io.restart();
            io.run_for(10ms);
        }
        throw std::runtime_error{std::string{"waited in vain for "} + what};
    }

    /// Reads until the peer closes or `enough` holds of what has come.
    std::string read(tcp::socket& socket, std::function<bool(std::string const&)> const& enough)
    {
        std::string all;
        bool ended = false;
        run_until(
            [&] {
                char chunk[4096];
                for (;;) {
                    boost::system::error_code ec;
                    auto const n = socket.read_some(asio::buffer(chunk), ec);
                    all.append(chunk, n);
                    if (ec == asio::error::would_block)
                        break;
                    if (ec) {
                        ended = true;
                        break;
                    }
                }
                return ended || enough(all);
            },
            "an answer");
        return all;
    }

    static bool complete(std::string const& message)
    {
        auto const head = message.find("\r\n\r\n");
        if (head == message.npos)
            return false;
        auto const at = message.find("CONTENT-LENGTH: ");
        auto const size = at == message.npos ? 0 : std::stoul(message.substr(at + 16));
        return message.size() >= head + 4 + size;
    }

    std::string exchange(tcp::socket& socket, std::string const& request)
    {
        asio::write(socket, asio::buffer(request));
        return read(socket, complete);
    }

    std::string exchange(std::string const& request)
    {
        auto socket = connect();
        return exchange(socket, request);
    }

    std::string authority() const { return "127.0.0.1:" + std::to_string(port); }

    std::string get(std::string const& path) const
    {
        return "GET " + path + " HTTP/1.1\r\nHOST: " + authority() + "\r\n\r\n";
    }

    std::string post(std::string const& action, std::string const& arguments) const
    {
        auto const type = std::string{"urn:schemas-upnp-org:service:SwitchPower:1"};
        auto const body =
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><u:" + action +
            " xmlns:u=\"" + type + "\">" + arguments + "</u:" + action + "></s:Body></s:Envelope>";
        return "POST /control HTTP/1.1\r\nHOST: " + authority() +
               "\r\nCONTENT-TYPE: text/xml; charset=\"utf-8\"\r\nSOAPACTION: \"" + type + "#" + action +
               "\"\r\nCONTENT-LENGTH: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    std::string subscribe(std::string const& callback) const
    {
        return "SUBSCRIBE /event HTTP/1.1\r\nHOST: " + authority() + "\r\nCALLBACK: " + callback +
               "\r\nNT: upnp:event\r\nTIMEOUT: Second-1800\r\n\r\n";
    }

    // `io` first: what lives on the loop must go before it.
    asio::io_context io{1};
    std::shared_ptr<recorder> watch;
    std::chrono::milliseconds wait_action{20};
    bool wait_finished = false;
    int waits_begun = 0;
    int waits_ended = 0; ///< finished or not
    service power;
    std::optional<device_host> host;
    std::uint16_t port = 0;
};

/// A subscriber's side of event delivery.
class event_sink {
public:
    explicit event_sink(live_light& light)
        : light_(light), acceptor_(light.io, {asio::ip::address_v4::loopback(), 0})
    {
        acceptor_.non_blocking(true);
    }

    std::string callback() const
    {
        return "<http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/ev>";
    }

    /// Whether a connection waits to be accepted.
    std::optional<tcp::socket> try_accept()
    {
        tcp::socket socket{light_.io};
        boost::system::error_code ec;
        acceptor_.accept(socket, ec);
        if (ec)
            return std::nullopt;
        socket.non_blocking(true);
        return socket;
    }

    /// The next NOTIFY, answered with `answer`.
    std::string next(std::string const& answer = "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n")
    {
        std::optional<tcp::socket> socket;
        light_.run_until([&] { return (socket = try_accept()).has_value(); }, "an event");
        auto const message = light_.read(*socket, live_light::complete);
        boost::system::error_code ignored;
        asio::write(*socket, asio::buffer(answer), ignored);
        light_.io.restart();
        light_.io.run_for(20ms);
        return message;
    }

private:
    live_light& light_;
    tcp::acceptor acceptor_;
};

} // namespace onlink::test

#endif
