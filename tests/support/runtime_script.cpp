// SPDX-License-Identifier: BSL-1.0
#include "support/runtime_script.hpp"

#include "http/request_parser.hpp"
#include "http/response_parser.hpp"
#include "ssdp/ssdp_group.hpp"
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <algorithm>
#include <array>
#include <new>

namespace onlink::test {

namespace {

/// Messages that mean something; the script changes them.
std::vector<std::string> load(std::vector<char const*> const& names)
{
    std::vector<std::string> all;
    for (auto const* name : names)
        all.push_back(wire(name));
    return all;
}

std::vector<std::string> const& datagrams()
{
    static auto const all =
        load({"g07_search_service_mx2.datagram", "g09_search_unicast_uuid.datagram",
              "g11_search_all_mx3.datagram", "g01_alive_root.datagram", "g35_multicast_event.datagram"});
    return all;
}

std::vector<std::string> const& requests()
{
    static auto const all =
        load({"g12_get_description.request", "g17_set_target.request", "g22_set_target_chunked.request",
              "g25_subscribe_statevar.request", "g30_renew.request", "g31_unsubscribe.request"});
    return all;
}

constexpr char const* golden_callback = "<http://192.168.20.9:50200/ev/1>";
constexpr char const* golden_sid = "uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa";

/// Where events are asked to go: neighbours, nobodies, ourselves, strangers.
constexpr std::array callbacks{
    "<http://192.168.20.9:50200/ev/1>",
    "<http://192.168.20.10:50201/>",
    "<http://192.168.20.11/a?b=c><http://192.168.20.9:50200/>",
    "<http://203.0.113.7/>",
    "<http://192.168.20.9:50200/><http://198.51.100.7/>",
    "<http://192.168.20.5:80/>",
    "<http://192.168.20.255/>",
    "<http://127.0.0.1:8080/>",
    "<http://10.20.0.9:1234/>",
    "<http://[fe80::9%25eth0]:50200/>",
    "<http://[fd00:20::9]:50200/ev>",
    "<http://[::1]/>",
    "<http://192.168.20.9:22/>",
    "<http://lamp.example/>",
};

constexpr std::array peers{"192.168.20.9", "192.168.20.10", "192.168.20.11", "192.168.20.5",
                           "10.20.0.9",    "198.51.100.7",  "203.0.113.7",   "127.0.0.1",
                           "fe80::9",      "fd00:20::9",    "2001:db8::7",   "0.0.0.0"};

network_interface eth(unsigned index, std::vector<interface_address> addresses, bool up = true)
{
    return {.index = index,
            .name = "eth" + std::to_string(index - 2),
            .up = up,
            .multicast = true,
            .loopback = false,
            .addresses = std::move(addresses)};
}

network_interface lo()
{
    return {.index = 1,
            .name = "lo",
            .up = true,
            .multicast = false,
            .loopback = true,
            .addresses = {{ip("127.0.0.1"), 8}, {ip("::1"), 128}}};
}

/// What the network may become.
interface_table network(std::size_t which)
{
    switch (which) {
    case 0:
        return interface_table{{lo(), eth(2, {{ip("192.168.20.5"), 24}})}};
    case 1:
        return interface_table{
            {lo(), eth(2, {{ip("192.168.20.5"), 24}, {ip("fe80::5"), 64}, {ip("fd00:20::5"), 64}})}};
    case 2: // a second interface
        return interface_table{{lo(), eth(2, {{ip("192.168.20.5"), 24}}), eth(3, {{ip("10.20.0.5"), 16}})}};
    case 3: // another lease
        return interface_table{{lo(), eth(2, {{ip("192.168.20.77"), 24}})}};
    case 4: // another network
        return interface_table{{lo(), eth(2, {{ip("10.20.0.5"), 16}})}};
    case 5: // a smaller one
        return interface_table{{lo(), eth(2, {{ip("192.168.20.5"), 30}})}};
    case 6: // the cable is out
        return interface_table{{lo(), eth(2, {{ip("192.168.20.5"), 24}}, false)}};
    case 7:
        return interface_table{{lo()}};
    case 8: // more addresses than are served
        return interface_table{{lo(), eth(2, {{ip("192.168.20.5"), 24},
                                              {ip("192.168.21.5"), 24},
                                              {ip("192.168.22.5"), 24},
                                              {ip("fd00:20::5"), 64},
                                              {ip("fd00:21::5"), 64},
                                              {ip("fe80::5"), 64}})}};
    default: // a route to the neighbours, no prefix
        auto here = eth(2, {{ip("192.168.20.5"), 32}});
        here.routes = {ip_prefix::parse("192.168.20.0/25").value()};
        return interface_table{{lo(), here}};
    }
}
constexpr std::size_t networks = 10;

device second_device()
{
    using namespace literals;
    device other{{.type = "urn:schemas-upnp-org:device:Basic:1"_device_type,
                  .udn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c7"_udn,
                  .friendly_name = "Shelf",
                  .manufacturer = "Example Lamps",
                  .model_name = "S-1"}};
    service status{{.type = "urn:example-com:service:Status:1"_service_type,
                    .id = "urn:example-com:serviceId:Status"_service_id,
                    .paths = {"/st/scpd.xml", "/st/control", "/st/event"}},
                   scpd::build().state("Status", data_type::boolean, {.initial = false}).done().value()};
    other.add(status);
    return other;
}

} // namespace

limits runtime_script::tight_limits()
{
    limits few;
    few.ssdp.max_pending_searches = 6;
    few.ssdp.max_sources = peers.size();
    few.ssdp.search_burst = 4;
    few.ssdp.searches_per_second = 1;
    few.ssdp.answer_burst = 16;
    few.ssdp.answers_per_second = 4;
    few.ssdp.total_answer_burst = 48;
    few.ssdp.total_answers_per_second = 8;
    few.ssdp.max_tcp_answers = 2;
    few.http.max_header = 1024;
    few.http.max_target = 128;
    few.http.max_body = 1024;
    few.http.max_transfers = 2;
    few.http.max_transfers_per_peer = 1;
    few.control.max_running = 2;
    few.control.max_running_per_peer = 1;
    few.eventing.max_subscriptions = 8;
    few.eventing.max_subscriptions_per_peer = 5;
    few.eventing.max_subscriptions_per_target = 4;
    few.eventing.max_subscriptions_per_endpoint = 3;
    few.eventing.notify_connect_burst = 6;
    few.eventing.max_callbacks = 2;
    few.eventing.max_queued_events = 3;
    few.eventing.max_deliveries = 4;
    few.eventing.max_deliveries_per_target = 2;
    few.eventing.max_kept_connections = 2;
    few.eventing.multicast_burst = 3;
    few.eventing.max_failures = 3;
    few.interfaces.max_interfaces = 4;
    few.interfaces.max_served_addresses = 3;
    few.interfaces.max_known_interfaces = 8;
    few.interfaces.max_addresses = 8;
    few.interfaces.max_routes = 8;
    few.interfaces.max_neighbours = 16;
    few.max_root_devices = 2;
    return few;
}

runtime_script::runtime_script(std::string_view script, limits const& bounds)
    : script_(script),
      bounds_(bounds),
      power_(lamp_host::switch_power()),
      health_(lamp_host::lamp_health()),
      lamp_(lamp_host::lamp(power_, health_)),
      second_(second_device()),
      clock_(100h),
      date_(std::chrono::sys_days{std::chrono::year{2023} / 11 / 15}),
      options_(lamp_host::golden_options()),
      watch_([&]() -> host_options const& {
          options_.limits = bounds;
          auto const how = take();
          options_.policies.initial_event_delay = how & 1 ? 100ms : 0ms;
          options_.policies.multicast_event_repeats = how & 2 ? 1 : 0;
          options_.policies.overflow =
              how & 4 ? overflow_rule::drop_oldest : overflow_rule::coalesce_to_latest;
          options_.policies.byebye_at_start = (how & 8) != 0;
          options_.policies.uda = how & 16 ? uda_version::v1_0 : uda_version::v2_0;
          if (how & 32)
              options_.policies.callback = callback_admission::same_host;
          if (how & 64)
              options_.policies.binding = subscription_binding::same_host;
          options_.policies.serve_state_queries = (how & 128) != 0;
          options_.policies.compress = false; // for speed; it is decided once and never looked at again
          options_.random = std::make_shared<seeded_random>(7);
          return options_;
      }())
{
    runtime_ = std::make_unique<device_runtime>(std::vector<device>{lamp_}, options_, now());
    host()->set_interfaces(now(), network(0));
    reopen();
    host()->start(now());
    obey();
}

runtime_script::~runtime_script() = default;

unsigned runtime_script::take()
{
    if (script_.empty())
        return 0;
    auto const byte = static_cast<unsigned char>(script_.front());
    script_.remove_prefix(1);
    return byte;
}

unsigned runtime_script::take_two()
{
    auto const high = take();
    return high << 8 | take();
}

std::size_t runtime_script::below(std::size_t count) { return take() % count; }

std::string runtime_script::take_text()
{
    std::size_t const wanted = take();
    auto const length = std::min(wanted, script_.size());
    std::string text{script_.substr(0, length)};
    script_.remove_prefix(length);
    return text;
}

/// Up to three bytes are others, and now and then it ends early or more follows.
std::string runtime_script::changed(std::string message)
{
    auto const how = take();
    for (unsigned change = 0; change < (how & 3) && !message.empty(); ++change) {
        auto const at = take_two() % message.size();
        message[at] = static_cast<char>(take());
    }
    if ((how & 0x1c) == 0x1c)
        message.resize(take_two() % (message.size() + 1));
    if ((how & 0xe0) == 0xe0)
        message += take_text();
    return message;
}

void runtime_script::run(std::function<void()> const& after_step)
{
    // Longer scripts show nothing that short ones do not.
    constexpr unsigned most_steps = 400;
    for (unsigned steps = 0; steps < most_steps && step(); ++steps)
        after_step();
    // Whatever it was: left alone, a host comes to rest.
    clock_ += 24h;
    watch_.slept();
    host()->advance(now());
    obey();
    watch_.check(*runtime_);
}

bool runtime_script::step()
{
    if (script_.empty())
        return false;
    switch (below(16)) {
    case 0:
    case 1:
        send_datagram();
        break;
    case 2:
    case 3:
    case 4:
    case 5:
        send_requests();
        break;
    case 6:
        settle_delivery();
        break;
    case 7:
        progress_delivery();
        break;
    case 8:
        hang_up();
        break;
    case 9:
        change_state();
        break;
    case 10:
        change_interfaces();
        break;
    case 11:
        end_call();
        end_transfer();
        end_search_answers();
        break;
    case 12:
        change_devices();
        break;
    case 13:
    case 14:
        pass_time();
        break;
    default:
        restart();
    }
    obey();
    watch_.check(*runtime_);
    return true;
}

void runtime_script::send_datagram()
{
    auto const which = below(datagrams().size() + 1);
    auto const bytes = which < datagrams().size() ? changed(datagrams()[which]) : take_text();
    auto const how = take();
    received_datagram datagram;
    datagram.interface_index = 2 + (how >> 6 & 1);
    datagram.multicast = (how & 0x80) == 0;
    datagram.source = {ip(peers[(how & 0x0f) % peers.size()]), 50123};
    datagram.bytes = bytes;
    if (how & 0x20)
        datagram.arrived_on = 1 + take() % 3;
    if (!datagram.multicast)
        datagram.local = ip("192.168.20.5");
    host()->on_datagram(now(), datagram);
    watch_.heard(datagram.source.address, *runtime_, clock_);
}

void runtime_script::send_requests()
{
    if (runtime_->served().empty())
        return;
    auto const& at = runtime_->served()[below(runtime_->served().size())];
    connection from{at.interface_index,
                    at.interface_name,
                    {at.address, at.http_port},
                    {ip(peers[below(peers.size())]), 40000}};
    if (!host()->admit_connection(from))
        return;
    watch_.admitted(from, *runtime_);

    auto const which = below(requests().size() + 1);
    std::string bytes;
    if (which < requests().size()) {
        bytes = requests()[which];
        auto const put = [&](std::string const& part, std::string const& instead) {
            if (auto const found = bytes.find(part); found != bytes.npos)
                bytes.replace(found, part.size(), instead);
        };
        put("192.168.20.5:49300", to_authority(from.local));
        put(golden_callback, callbacks[below(callbacks.size())]);
        if (!sids_.empty())
            put(golden_sid, sids_[below(sids_.size())]);
        bytes = changed(std::move(bytes));
    } else {
        bytes = take_text();
    }

    std::string_view rest = bytes;
    while (!rest.empty()) {
        request_parser parser{bounds_.http,
                              [this](http_request const& head) { return host()->plan_body(head).most; }};
        auto progress = parser.feed(rest);
        if (progress.expects_continue) {
            rest.remove_prefix(progress.consumed);
            progress = parser.feed(rest);
        }
        rest.remove_prefix(progress.consumed);
        if (progress.state == request_parser::state::failed)
            host()->on_bad_request(now(), from, refusal_reason::request_malformed, parser.status());
        if (progress.state != request_parser::state::complete)
            return;
        auto const request = parser.take();
        auto reply = host()->on_request(now(), from, request);
        on_reply(from, request, std::move(reply));
        if (!request.keep_alive())
            return;
    }
}

void runtime_script::on_reply(connection const& from, http_request const& request, http_reply reply)
{
    if (auto* call = std::get_if<invocation>(&reply.what)) {
        calls_.push_back({from, std::move(*call)});
        if (take() & 1) // a handler that takes its time
            return;
        auto const last = std::move(calls_.back());
        calls_.pop_back();
        answer(last.from, last.call);
        return;
    }
    if (auto const* wanted = std::get_if<wanted_file>(&reply.what)) {
        (void)wanted;
        host()->on_no_file(now(), from, request);
        transfers_.push_back(from);
        return;
    }
    if (std::holds_alternative<wanted_exchange>(reply.what)) {
        transfers_.push_back(from);
        return;
    }
    auto const& response = std::get<http_response>(reply.what);
    auto const bytes = write_response(response, request.version, request.method == http_method::head);
    auto const read = read_response(bytes, bytes.size());
    if (!read || !*read || (*read)->status != response.status)
        throw broken_rule{"an answer that cannot be read:\n" + bytes};
    ++answered_[static_cast<std::size_t>(response.status / 100)];
    if (reply.subscribed) {
        if (sids_.size() == 16)
            sids_.erase(sids_.begin());
        sids_.push_back(reply.subscribed->to_string());
        watch_.accepted(*reply.subscribed, request, from);
        bool const sent = (take() & 7) != 7;
        host()->on_answered(now(), *reply.subscribed, sent);
        if (!sent)
            watch_.unanswered(*reply.subscribed);
    }
}

void runtime_script::answer(connection const& from, invocation const& call)
{
    auto const result = (*call.immediate())(call.call);
    auto const response = host()->on_action_done(now(), from, call, result);
    ++answered_[static_cast<std::size_t>(response.status / 100)];
    for (std::size_t i = 0; i < runtime_->tree().services.size(); ++i)
        host()->on_state_change(now(), i);
}

void runtime_script::settle_delivery()
{
    auto const how = take();
    auto const which = below(8);
    auto const& all = watch_.under_way();
    if (all.empty()) {               // of no delivery, or of one long past
        if (watch_.expects_losses()) // it may be one that was lost on its way here
            return;
        host()->on_delivery(now(), which, delivery_outcome::delivered(true));
        return;
    }
    auto const number = std::next(all.begin(), static_cast<std::ptrdiff_t>(which % all.size()))->first;
    bool const kept = (how & 1) != 0;
    auto const settle = [&](delivery_outcome outcome) {
        watch_.settled(number, outcome.what == delivery_outcome::kind::delivered, outcome.kept);
        host()->on_delivery(now(), number, std::move(outcome));
    };
    switch (how / 2 % 5) {
    case 0:
    case 1:
        return settle(delivery_outcome::delivered(kept));
    case 2:
        return settle(delivery_outcome::failed("connection refused", false));
    case 3:
        return settle(delivery_outcome::sid_unknown(kept));
    default:
        return settle(delivery_outcome::stale());
    }
}

void runtime_script::progress_delivery()
{
    auto const how = take();
    auto const& all = watch_.under_way();
    auto const number =
        all.empty() ? how : std::next(all.begin(), static_cast<std::ptrdiff_t>(how / 4 % all.size()))->first;
    host()->on_delivery_step(now(), number, static_cast<delivery_step>(how % 3));
}

void runtime_script::hang_up()
{
    auto const which = take();
    auto const& all = watch_.kept();
    if (all.empty())
        return;
    auto const one = *std::next(all.begin(), static_cast<std::ptrdiff_t>(which % all.size()));
    watch_.hung_up(one);
    host()->on_connection_closed(one);
}

void runtime_script::change_state()
{
    auto const how = take();
    if (how & 1)
        power_.state().set("Status", (how & 2) != 0);
    if (how & 4)
        health_.state().set("LampState", how & 8 ? "OK" : "BURNT_OUT");
    host()->on_state_change(now(), how >> 4 & 1);
    if (how & 0x20) // of a service that there may not be
        host()->on_state_change(now(), runtime_->tree().services.size() - 1);
}

void runtime_script::change_interfaces()
{
    auto const which = below(networks);
    host()->set_interfaces(now(), network(which));
    if (take() & 1)
        host()->on_containment_gap(2, containment::hop_limit, "not here");
    (void)host()->exposure();
}

void runtime_script::end_call()
{
    if (calls_.empty())
        return;
    auto const one = std::move(calls_.front());
    calls_.erase(calls_.begin());
    answer(one.from, one.call);
}

void runtime_script::end_transfer()
{
    if (transfers_.empty())
        return;
    host()->on_transfer_ended(transfers_.back());
    transfers_.pop_back();
}

void runtime_script::end_search_answers()
{
    if (searches_.empty())
        return;
    host()->on_search_answers_sent(searches_.back().interface_index, searches_.back().to, (take() & 1) != 0,
                                   "refused");
    searches_.pop_back();
}

void runtime_script::change_devices()
{
    switch (below(4)) {
    case 0:
        (void)host()->add(now(), second_);
        break;
    case 1:
        (void)host()->remove(now(), second_.description().udn);
        break;
    case 2:
        (void)host()->replace(now(), lamp_);
        break;
    default:
        (void)host()->add(now(), lamp_); // there already
    }
}

/// From a millisecond to some hours; every deadline on the way is met, or, as after a suspend, all at its
/// end.
void runtime_script::pass_time()
{
    auto const how = take();
    auto const end = clock_ + std::chrono::milliseconds{1 + (how & 7)} * (1 << (how >> 3 & 0x0f) * 3 / 2);
    if (how & 0x80) {
        clock_ = end;
        if (take() & 1) // and somebody sets the clock
            date_ -= 1000h;
        watch_.slept();
        host()->advance(now());
        return;
    }
    pass(end - clock_);
}

/// Meets every deadline on the way.
void runtime_script::pass(duration how_long)
{
    auto const end = clock_ + how_long;
    for (unsigned turns = 0; turns < 100000; ++turns) {
        auto const next = runtime_->next_deadline();
        if (!next || *next > end) {
            clock_ = end;
            return;
        }
        date_ += std::chrono::floor<std::chrono::seconds>(std::max(clock_, *next) - clock_);
        clock_ = std::max(clock_, *next);
        host()->advance(now());
        obey();
    }
    throw broken_rule{"the runtime never rests"};
}

void runtime_script::restart()
{
    watch_.all_closed();
    if (!stopping_) {
        stopping_ = true;
        host()->stop(now());
        return;
    }
    host()->on_closed();
    searches_.clear();
    reopen();
    host()->start(now());
    stopping_ = false;
}

/// What a shell would open; some addresses the system does not let it have.
void runtime_script::reopen()
{
    auto wanted = host()->wanted_endpoints().endpoints;
    for (auto& at : wanted)
        at.http_port = static_cast<std::uint16_t>(49300 + at.interface_index - 2);
    host()->serve(now(), std::move(wanted));
}

void runtime_script::obey()
{
    constexpr unsigned most_turns = 1000;
    for (unsigned turn = 0; turn < most_turns; ++turn) {
        auto const items = host()->drain(now());
        if (items.empty())
            return;
        for (auto const& item : items) // before any of it changes what is served
            watch_.see(item, *runtime_, clock_);
        for (auto const& item : items) {
            if (auto const* datagram = std::get_if<onlink::send_datagram>(&item))
                search_answers_ += datagram->bytes.starts_with("HTTP/1.1 200 ");
            if (std::holds_alternative<reopen_endpoints>(item) && !stopping_)
                reopen();
            else if (auto const* answers = std::get_if<send_answers>(&item))
                searches_.push_back(answers->what);
        }
    }
    throw broken_rule{"there is always more to do"};
}

void runtime_script::out_of_memory()
{
    expect_losses();
    auto const try_to = [](auto what) {
        try {
            what();
        } catch (std::bad_alloc const&) {
        }
    };
    try_to([&] { host()->on_refusal({}, refusal_reason::internal_error, 0); });
    try_to([&] { obey(); });
}

/// The status that a request of a neighbour is answered with; a call is run to its end.
int runtime_script::ask(std::string const& request)
{
    auto const& at = runtime_->served().front();
    connection const from{
        at.interface_index, at.interface_name, {at.address, at.http_port}, {ip("192.168.20.9"), 40000}};
    if (!host()->admit_connection(from))
        return 0;
    request_parser parser{limits{}.http};
    if (parser.feed(request).state != request_parser::state::complete)
        return 0;
    auto const parsed = parser.take();
    auto reply = host()->on_request(now(), from, parsed);
    int status = 0;
    if (auto const* call = std::get_if<invocation>(&reply.what)) {
        auto const before = answered_[2];
        answer(from, *call);
        status = answered_[2] != before ? 200 : 500;
    } else {
        status = std::get<http_response>(reply.what).status;
    }
    if (reply.subscribed) {
        sids_ = {reply.subscribed->to_string()};
        watch_.accepted(*reply.subscribed, parsed, from);
        host()->on_answered(now(), *reply.subscribed, true);
    }
    obey();
    return status;
}

void runtime_script::prove_well()
{
    auto const require = [](bool holds, char const* what) {
        if (!holds)
            throw broken_rule{std::string{"not well: "} + what};
    };
    obey();
    if (stopping_)
        restart();
    while (!calls_.empty())
        end_call();
    while (!transfers_.empty())
        end_transfer();
    while (!searches_.empty()) {
        host()->on_search_answers_sent(searches_.back().interface_index, searches_.back().to, true, {});
        searches_.pop_back();
    }
    for (auto const kept : std::set{watch_.kept()}) {
        watch_.hung_up(kept);
        host()->on_connection_closed(kept);
    }
    (void)host()->remove(now(), second_.description().udn);
    if (runtime_->tree().roots.empty())
        require(host()->add(now(), lamp_).has_value(), "it takes no device");
    host()->set_interfaces(now(), network(0));
    obey();
    pass(25h);
    require(runtime_->served().size() == 1, "it is not served");
    auto const quiet = runtime_->snapshot();
    require(quiet.subscriptions == 0 && quiet.queued_events == 0, "subscriptions do not end");
    require(quiet.deliveries_under_way == 0 && watch_.under_way().empty(), "deliveries do not end");
    require(quiet.kept_connections == 0 && watch_.kept().empty(), "connections do not end");
    require(quiet.running_actions == 0 && quiet.running_transfers == 0, "places are lost");
    watch_.expect_no_more_losses(*runtime_);

    search_answers_ = 0;
    for (auto const& search :
         {wire("g09_search_unicast_uuid.datagram"), wire("g11_search_all_mx3.datagram")}) {
        auto const before = search_answers_;
        bool const unicast = search.find("239.255") == search.npos;
        host()->on_datagram(now(), {2, !unicast, {ip("192.168.20.9"), 50123}, search});
        obey();
        pass(5s);
        require(search_answers_ > before, "it is not found");
    }
    auto const description = ask(wire("g12_get_description.request"));
    require(description == 200, ("no description: " + std::to_string(description)).c_str());
    for (unsigned i = 0; i < 2 * bounds_.control.max_running; ++i)
        require(ask(wire("g17_set_target.request")) == 200, "no control");
    auto const before = watch_.deliveries();
    for (unsigned i = 0; i < bounds_.eventing.max_subscriptions_per_endpoint; ++i) {
        require(ask(wire("g25_subscribe_statevar.request")) == 200, "no subscription");
        pass(1s);
    }
    for (bool const on : {true, false}) {
        while (!watch_.under_way().empty()) {
            auto const number = watch_.under_way().begin()->first;
            watch_.settled(number, true, false);
            host()->on_delivery(now(), number, delivery_outcome::delivered());
            obey();
        }
        power_.state().set("Status", on);
        host()->on_state_change(now(), 0);
        obey();
    }
    require(watch_.deliveries() > before + 2, "no events");
    require(ask(with(wire("g31_unsubscribe.request"), golden_sid, sids_.back())) == 200, "no end");
    watch_.check(*runtime_);
}

} // namespace onlink::test
