// SPDX-License-Identifier: BSL-1.0
#include "hot_paths.hpp"

#include "base/joined.hpp"
#include "http/http_response.hpp"

#include <stdexcept>

namespace onlink::bench {

namespace {

using test::ip;
using test::lamp_host;

/// As fast as a benchmark asks, and all subscribers at one address.
host_options options_for(std::size_t subscribers, std::shared_ptr<random_source> random)
{
    constexpr unsigned many = 1'000'000;
    auto options = lamp_host::golden_options();
    options.random = std::move(random);
    auto& ssdp = options.limits.ssdp;
    for (auto* rate : {&ssdp.search_burst, &ssdp.searches_per_second, &ssdp.answer_burst,
                       &ssdp.answers_per_second, &ssdp.total_answer_burst, &ssdp.total_answers_per_second})
        *rate = many;
    ssdp.unicast_answer_window = {};
    auto& events = options.limits.eventing;
    auto const room = std::max<std::size_t>(subscribers, 1);
    for (auto* most :
         {&events.max_subscriptions, &events.max_subscriptions_per_peer, &events.max_subscriptions_per_target,
          &events.max_subscriptions_per_endpoint, &events.max_deliveries, &events.max_deliveries_per_target,
          &events.max_kept_connections})
        *most = 2 * room;
    events.notify_connect_burst = events.notify_connects_per_second = many;
    return options;
}

udn numbered(std::size_t number)
{
    return udn::parse("uuid:6d0a1f2e-3b4c-4d5e-8f60-" + hexadecimal(number, 12)).value();
}

device with_embedded(service const& power, service const& last, std::size_t embedded)
{
    device lamp{test::hall_lamp_description()};
    lamp.add(power);
    for (std::size_t number = 1; number <= embedded; ++number) {
        auto description = test::hall_lamp_description();
        description.udn = numbered(number);
        description.friendly_name = "Lamp " + std::to_string(number);
        description.icons.clear();
        description.description_path.clear();
        device child{std::move(description)};
        auto identity = test::switch_power_identity();
        identity.paths = {};
        if (number == embedded) {
            child.add(last);
        } else {
            service each{identity, test::switch_power_contract()};
            each.on("SetTarget", [](bool) {});
            each.on("GetTarget", [] { return false; });
            each.on("GetStatus", [] { return false; });
            child.add(each);
        }
        lamp.add(std::move(child));
    }
    return lamp;
}

service last_service()
{
    auto identity = test::switch_power_identity();
    identity.paths = {};
    service last{identity, test::switch_power_contract()};
    last.on("SetTarget", [](bool) {});
    last.on("GetTarget", [] { return false; });
    last.on("GetStatus", [] { return false; });
    return last;
}

} // namespace

hot_paths::hot_paths(std::size_t embedded, std::size_t subscribers)
    : power_(lamp_host::switch_power()),
      last_(last_service()),
      lamp_(with_embedded(power_, last_, embedded)),
      random_(std::make_shared<test::seeded_random>(7)),
      clock_(std::chrono::hours{100}),
      date_(std::chrono::sys_days{std::chrono::year{2023} / 11 / 15}),
      runtime_({lamp_}, options_for(subscribers, random_), {clock_, date_}),
      from_{lamp_host::eth,
            "eth0",
            {ip("192.168.20.5"), 49300},
            {ip("192.168.20.9"), 40000},
            lamp_host::eth,
            "192.168.20.5:49300"},
      parser_(limits{}.http, [this](http_request const& head) { return runtime_.plan_body(head).most; }),
      get_("GET /desc.xml HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n"
           "USER-AGENT: TestOS/1.0 UPnP/2.0 TestCP/1.0\r\n\r\n")
{
    runtime_.set_observed(false); // as a host without an observer
    runtime_.set_interfaces({clock_, date_}, lamp_host::golden_interfaces());
    runtime_.serve({clock_, date_}, {{lamp_host::eth, "eth0", ip("192.168.20.5"), 49300}});
    runtime_.start({clock_, date_});
    // Long enough for all announcements.
    for (auto const until = clock_ + std::chrono::seconds{60}; clock_ < until;) {
        auto const next = runtime_.next_deadline();
        clock_ = next ? std::clamp(*next, clock_, until) : until;
        runtime_.advance({clock_, date_});
        (void)runtime_.drain({clock_, date_});
    }
    std::string const body =
        "<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
        "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:GetStatus "
        "xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\"></u:GetStatus></s:Body></s:Envelope>\r\n";
    call_ = joined({"POST ", runtime_.tree().services.back().paths.control,
                    " HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n"
                    "USER-AGENT: TestOS/1.0 UPnP/2.0 TestCP/1.0\r\n"
                    "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
                    "SOAPACTION: \"urn:schemas-upnp-org:service:SwitchPower:1#GetStatus\"\r\n"
                    "CONTENT-LENGTH: ",
                    std::to_string(body.size()), "\r\n\r\n", body});
    for (std::size_t number = 0; number < subscribers; ++number)
        request(joined({"SUBSCRIBE /sp/event HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n"
                        "CALLBACK: <http://192.168.20.9:8080/cb/",
                        std::to_string(number), ">\r\nNT: upnp:event\r\n\r\n"}));
    while (settle_deliveries() != 0)
        ;
}

std::size_t hot_paths::search()
{
    return search_for("M-SEARCH * HTTP/1.1\r\nHOST: 192.168.20.5:1900\r\nMAN: \"ssdp:discover\"\r\n"
                      "ST: upnp:rootdevice\r\nUSER-AGENT: TestOS/1.0 UPnP/2.0 TestCP/1.0\r\n\r\n");
}

std::size_t hot_paths::search_type()
{
    return search_for("M-SEARCH * HTTP/1.1\r\nHOST: 192.168.20.5:1900\r\nMAN: \"ssdp:discover\"\r\n"
                      "ST: urn:schemas-upnp-org:service:SwitchPower:1\r\n"
                      "USER-AGENT: TestOS/1.0 UPnP/2.0 TestCP/1.0\r\n\r\n");
}

std::size_t hot_paths::search_for(std::string_view message)
{
    runtime_.on_datagram(
        {clock_, date_},
        {lamp_host::eth, false, {ip("192.168.20.9"), 50123}, message, lamp_host::eth, ip("192.168.20.5")});
    std::size_t size = 0;
    runtime_.drain({clock_, date_}, true, items_);
    for (auto& item : items_) {
        auto& datagram = std::get<send_datagram>(item);
        size += datagram.bytes.size();
        runtime_.on_sent(std::move(datagram));
    }
    return size;
}

std::size_t hot_paths::advertisement()
{
    runtime_.on_datagram(
        {clock_, date_},
        {lamp_host::eth,
         true,
         {ip("192.168.20.9"), 1900},
         "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nCACHE-CONTROL: max-age=1800\r\n"
         "LOCATION: http://192.168.20.9:80/d.xml\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n"
         "SERVER: a/1 UPnP/2.0 b/1\r\nUSN: "
         "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c7::upnp:rootdevice\r\n\r\n",
         lamp_host::eth,
         {}});
    return runtime_.idle() ? 1 : 0;
}

std::size_t hot_paths::get_description() { return request(get_); }

std::size_t hot_paths::soap() { return request(call_); }

std::size_t hot_paths::event()
{
    on_ = !on_;
    power_.state().set("Status", on_);
    runtime_.on_state_change({clock_, date_}, 0);
    std::size_t size = 0;
    while (auto const more = settle_deliveries())
        size += more;
    return size;
}

std::size_t hot_paths::request(std::string_view bytes)
{
    parser_.restart();
    if (parser_.feed(bytes).state != request_parser::state::complete)
        throw std::logic_error{"no request"};
    moment const now{clock_, date_};
    auto const& request = *parser_.head();
    auto reply = runtime_.on_request(now, from_, request);
    http_response response;
    if (auto const* call = std::get_if<invocation>(&reply.what)) {
        auto const result = (*call->immediate())(call->call);
        response = runtime_.on_action_done(now, from_, *call, result);
    } else {
        response = std::move(std::get<http_response>(reply.what));
    }
    if (response.status != 200)
        throw std::logic_error{"refused"};
    write_head(head_, response, request.version);
    if (reply.subscribed)
        runtime_.on_answered(now, *reply.subscribed, true);
    return head_.size() + (response.body ? response.body->size() : 0);
}

std::size_t hot_paths::settle_deliveries()
{
    std::size_t size = 0;
    runtime_.drain({clock_, date_}, true, items_);
    for (auto const& item : items_)
        if (auto const* event = std::get_if<send_event>(&item)) {
            size += event->what.header().size() + event->what.body()->size();
            runtime_.on_delivery_step({clock_, date_}, event->what.number(), delivery_step::awaiting_answer);
            runtime_.on_delivery({clock_, date_}, event->what.number(), delivery_outcome::delivered(true));
        }
    return size;
}

std::map<std::string, std::function<std::size_t(hot_paths&)>> const& hot_paths::all()
{
    static std::map<std::string, std::function<std::size_t(hot_paths&)>> const paths{
        {"search", &hot_paths::search},
        {"search_type", &hot_paths::search_type},
        {"advertisement", &hot_paths::advertisement},
        {"get", &hot_paths::get_description},
        {"soap", &hot_paths::soap},
        {"event", &hot_paths::event},
    };
    return paths;
}

} // namespace onlink::bench
