// SPDX-License-Identifier: BSL-1.0
#include "simulation/segment_life.hpp"

#include "http/request_parser.hpp"
#include "ssdp/ssdp_group.hpp"
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace onlink::test {

namespace {

constexpr unsigned eth = 2;
constexpr std::uint16_t event_port = 50200;
constexpr char const* golden_sid = "uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa";
constexpr auto renewal_after = 15min; // half of what is granted

/// Who is where on the segment.
constexpr std::size_t wires_at = 60000;
// No subscriber or intruder shares its first 24 bits with a product.
constexpr unsigned smaller_segment = 24;
std::size_t place_of_product(std::size_t number, std::size_t moves) { return 100 + 20 * number + moves % 20; }
std::size_t place_of_subscriber(std::size_t number) { return 2000 + number; }
address address_of_intruder(std::size_t number, std::size_t which)
{
    return simulated_segment::address_of(3000 + 3 * number + which);
}

/// Changed without complaint if the part is not there.
std::string exchanged(std::string message, std::string const& part, std::string const& instead)
{
    auto const at = message.find(part);
    return at == message.npos ? message : message.replace(at, part.size(), instead);
}

/// A golden message, read from its file once.
std::string const& golden(std::string const& name)
{
    static std::map<std::string, std::string> read;
    auto const [known, is_new] = read.try_emplace(name);
    if (is_new)
        known->second = wire(name);
    return known->second;
}

std::string for_host(std::string const& name, endpoint const& to)
{
    return with(golden(name), "192.168.20.5:49300", to_authority(to));
}

udn udn_of(std::size_t number)
{
    udn::bytes_type octets{0x6d, 0x0a, 0x1f, 0x2e, 0x3b, 0x4c, 0x4d, 0x5e, 0x8f, 0x60};
    octets[15] = static_cast<std::uint8_t>(number);
    return udn{octets};
}

} // namespace

life_plan life_plan::draw(std::uint64_t seed)
{
    dice chance{seed ^ 0x5eed};
    auto const up_to = [&](std::size_t most) { return static_cast<std::size_t>(chance.next() % (most + 1)); };
    life_plan plan;
    plan.products = 1 + up_to(2);
    plan.control_points = 1 + up_to(2);
    plan.intruders = up_to(2);
    plan.link.loss = chance.chance(0.5) ? 0.1 * chance.unit() : 0;
    plan.link.duplication = chance.chance(0.5) ? 0.1 * chance.unit() : 0;
    plan.link.reordering = chance.chance(0.5) ? 0.3 * chance.unit() : 0;
    plan.broken_connections = chance.chance(0.5) ? 0.2 * chance.unit() : 0;
    plan.silent_subscribers = chance.chance(0.5) ? 0.2 * chance.unit() : 0;
    plan.accidents = 0.02 + 0.1 * chance.unit();
    if (seed % 50 == 0) { // now and then a crowd
        plan.products = 1 + up_to(11);
        plan.control_points = 1 + up_to(11);
        plan.intruders = up_to(6);
    }
    return plan;
}

// ---- Wires

simulated_wires::simulated_wires(simulated_segment& segment) : segment_(segment)
{
    segment.attach(*this, simulated_segment::address_of(wires_at));
}

void simulated_wires::after(duration delay, std::function<void()> what)
{
    events_.push(
        {segment_.now() + delay, order_++, std::make_shared<std::function<void()>>(std::move(what))});
    segment_.reschedule(*this);
}

void simulated_wires::wake()
{
    while (!events_.empty() && events_.top().when <= segment_.now()) {
        auto const next = events_.top();
        events_.pop();
        (*next.what)();
    }
}

std::optional<time_point> simulated_wires::next_deadline() const
{
    return events_.empty() ? std::nullopt : std::optional{events_.top().when};
}

// ---- Products

simulated_product::simulated_product(segment_life& life, std::size_t number)
    : life_(life), number_(number), where_(simulated_segment::address_of(place_of_product(number, 0)))
{
    life.segment.attach(*this, where_);
}

simulated_product::~simulated_product() = default;

/// An intruder wants more than it may have; each limit is the one in its way now and then.
void simulated_product::make_scarce(limits& few)
{
    auto& chance = life_.chance();
    auto& e = few.eventing;
    auto const subscriptions = chance.next() % 3;
    e.max_subscriptions_per_peer = subscriptions == 0 ? 4 : e.max_subscriptions;
    e.max_subscriptions_per_target = subscriptions == 1 ? 4 : e.max_subscriptions;
    e.max_subscriptions_per_endpoint = subscriptions == 2 ? 4 : e.max_subscriptions;
    auto& ssdp = few.ssdp;
    bool const searches = chance.chance(0.5);
    ssdp.search_burst = searches ? 8 : 1000;
    ssdp.searches_per_second = 2;
    ssdp.answer_burst = searches ? 1000 : 24;
    ssdp.answers_per_second = 8;
    ssdp.total_answer_burst = searches ? 4000 : 96;
    ssdp.total_answers_per_second = 32;
}

void simulated_product::power_up()
{
    ++lives_;
    leaving_ = false;
    power_ = std::make_unique<service>(lamp_host::switch_power());
    auto description = hall_lamp_description();
    description.udn = udn_of(number_);
    description.icons.clear();
    description.presentation_url.clear();
    device lamp{std::move(description)};
    lamp.add(*power_);
    host_options options;
    options.operating_system = product_token{"ExampleOS", "3.2"};
    options.policies.families = ip_families::ipv4_only;
    options.policies.compress = false;
    options.policies.byebye_at_start = number_ % 2 == 1;
    options.random = std::make_shared<seeded_random>(life_.chance().next());
    // Room for everybody, and for some subscriptions that nobody knows of any more.
    options.limits.eventing.max_subscriptions = std::max<std::size_t>(8, 2 * life_.plan.control_points + 2);
    options.limits.eventing.max_duration = 30min; // what nobody knows of is over in time for the end
    options.limits.eventing.max_queued_events = 3;
    options.limits.eventing.max_deliveries = 4;
    options.limits.eventing.max_deliveries_per_target = 2;
    options.limits.eventing.max_kept_connections = 2;
    options.limits.ssdp.max_pending_searches = 16;
    make_scarce(options.limits);
    watch_ = std::make_unique<runtime_watch>(options);
    runtime_ = std::make_unique<device_runtime>(std::vector<device>{lamp}, options, life_.segment.moment(),
                                                kept_boot_id_.value_or(0));
    follow_network();
    reopen();
    runtime_->start(life_.segment.moment());
    done();
}

/// Without a word, as when the plug is pulled.
void simulated_product::crash()
{
    if (!runtime_)
        return;
    ++lives_;
    deliveries_ += watch_->deliveries();
    runtime_.reset();
    watch_.reset();
    power_.reset();
    life_.wires.after(life_.chance().between(1s, 20s), [this] {
        if (!runtime_)
            power_up();
    });
}

void simulated_product::restart()
{
    if (!runtime_ || leaving_)
        return;
    leaving_ = true;
    watch_->all_closed();
    runtime_->stop(life_.segment.moment());
    done();
    life_.wires.after(2s, [this, life = lives_] {
        if (!runtime_ || life != lives_)
            return;
        leaving_ = false;
        runtime_->on_closed();
        ++lives_;
        reopen();
        runtime_->start(life_.segment.moment());
        done();
    });
}

void simulated_product::move()
{
    if (!runtime_)
        return;
    where_ = simulated_segment::address_of(place_of_product(number_, ++moves_));
    life_.segment.move(*this, where_);
    follow_network();
    done();
}

void simulated_product::set_cable(bool in)
{
    if (std::exchange(cable_, in) == in || !runtime_)
        return;
    follow_network();
    done();
}

void simulated_product::set_prefix(unsigned length)
{
    if (std::exchange(prefix_, length) == length || !runtime_)
        return;
    follow_network();
    done();
}

void simulated_product::follow_network()
{
    network_interface const here{.index = eth,
                                 .name = "eth0",
                                 .up = cable_,
                                 .multicast = true,
                                 .loopback = false,
                                 .addresses = {{where_, prefix_}}};
    runtime_->set_interfaces(life_.segment.moment(), interface_table{{here}});
}

void simulated_product::reopen()
{
    auto wanted = runtime_->wanted_endpoints().endpoints;
    for (auto& at : wanted)
        at.http_port = 49300;
    runtime_->serve(life_.segment.moment(), std::move(wanted));
}

void simulated_product::switch_light(bool on)
{
    if (!runtime_)
        return;
    power_->state().set("Status", on);
    runtime_->on_state_change(life_.segment.moment(), 0);
    done();
}

bool simulated_product::light() const { return power_->state().get<bool>("Status"); }

bool simulated_product::reachable() const
{
    return runtime_ && cable_ && !leaving_ && !runtime_->served().empty() &&
           same_address(runtime_->served().front().address, where_);
}

std::optional<std::string> simulated_product::serve(endpoint const& from, std::string_view bytes)
{
    if (!reachable())
        return std::nullopt;
    auto& host = *runtime_;
    auto const now = life_.segment.moment();
    connection const at{eth, "eth0", http(), from};
    if (!host.admit_connection(at)) {
        done();
        return std::nullopt;
    }
    watch_->admitted(at, host);
    std::string out;
    bool open = true;
    while (open && !bytes.empty()) {
        request_parser parser{limits{}.http,
                              [&](http_request const& head) { return host.plan_body(head).most; }};
        auto step = parser.feed(bytes);
        if (step.expects_continue) {
            bytes.remove_prefix(step.consumed);
            step = parser.feed(bytes);
        }
        bytes.remove_prefix(step.consumed);
        if (step.state == request_parser::state::need_more)
            break;
        if (step.state == request_parser::state::failed) {
            out += write_response(
                host.on_bad_request(now, at, refusal_reason::request_malformed, parser.status()),
                parser.version(), false);
            break;
        }
        auto const request = parser.take();
        auto reply = host.on_request(now, at, request);
        http_response response;
        if (auto const* call = std::get_if<invocation>(&reply.what)) {
            auto const result = (*call->immediate())(call->call);
            response = host.on_action_done(now, at, *call, result);
            host.on_state_change(now, 0);
        } else {
            response = std::get<http_response>(reply.what);
        }
        out += write_response(response, request.version, request.method == http_method::head);
        if (reply.subscribed) {
            watch_->accepted(*reply.subscribed, request, at);
            host.on_answered(now, *reply.subscribed, true);
        }
        open = request.keep_alive() && !response.close;
    }
    done();
    return out;
}

void simulated_product::receive(carried_datagram const& datagram, bool)
{
    if (!runtime_ || !cable_)
        return;
    bool const multicast = datagram.to.address.is_multicast();
    runtime_->on_datagram(life_.segment.moment(),
                          {eth, multicast, datagram.from, datagram.bytes, 0, multicast ? address{} : where_});
    watch_->heard(datagram.from.address, *runtime_, life_.segment.now());
    done();
}

void simulated_product::wake()
{
    if (!runtime_)
        return;
    runtime_->advance(life_.segment.moment());
    done();
}

std::optional<time_point> simulated_product::next_deadline() const
{
    return runtime_ ? runtime_->next_deadline() : std::nullopt;
}

void simulated_product::done()
{
    obey();
    watch_->check(*runtime_);
    life_.segment.reschedule(*this);
}

void simulated_product::obey()
{
    constexpr unsigned most_turns = 100;
    for (unsigned turn = 0; turn < most_turns; ++turn) {
        auto items = runtime_->drain(life_.segment.moment());
        if (items.empty())
            return;
        for (auto const& item : items)
            watch_->see(item, *runtime_, life_.segment.now());
        for (auto& item : items) {
            if (auto* datagram = std::get_if<send_datagram>(&item)) {
                if (cable_)
                    life_.segment.send({datagram->from, ssdp_port}, datagram->to, std::move(datagram->bytes));
            } else if (auto* event = std::get_if<send_event>(&item)) {
                deliver(std::move(event->what));
            } else if (std::holds_alternative<reopen_endpoints>(item)) {
                reopen();
            } else if (auto const* kept = std::get_if<keep_boot_id>(&item)) {
                kept_boot_id_ = kept->value;
            } else if (auto const* answers = std::get_if<send_answers>(&item)) {
                runtime_->on_search_answers_sent(answers->what.interface_index, answers->what.to, true, {});
            }
        }
    }
    throw broken_rule{"there is always more to do"};
}

/// To whoever listens there; what becomes of it comes back, unless this life is over by then.
void simulated_product::deliver(event_delivery what)
{
    auto const to = what.to().where();
    auto const number = what.number();
    auto message = what.header() + *what.body();
    auto const settle = [this, number, life = lives_](delivery_outcome outcome) {
        if (!runtime_ || life != lives_)
            return;
        watch_->settled(number, outcome.what == delivery_outcome::kind::delivered, outcome.kept);
        runtime_->on_delivery(life_.segment.moment(), number, std::move(outcome));
        done();
    };
    auto& chance = life_.chance();
    auto const there = chance.between(1ms, 20ms);
    bool const breaks = chance.chance(life_.peace ? 0 : life_.plan.broken_connections);
    bool const kept = chance.chance(0.5);
    life_.wires.after(
        there, [this, to, settle, breaks, kept, from = where_, message = std::move(message)]() mutable {
            auto* listener = to.port == event_port ? life_.subscriber_at(to.address) : nullptr;
            if (breaks || !listener || !cable_)
                return settle(delivery_outcome::failed("connection refused"));
            auto const answer = listener->take_event(message);
            if (!answer)
                return; // the deadline is the runtime's
            auto const back = life_.chance().between(1ms, 20ms);
            life_.wires.after(back, [settle, kept, status = *answer] {
                settle(status == "200"   ? delivery_outcome::delivered(kept)
                       : status == "412" ? delivery_outcome::sid_unknown(kept)
                                         : delivery_outcome::failed("status " + status));
            });
        });
}

// ---- Control points

simulated_subscriber::simulated_subscriber(segment_life& life, std::size_t number)
    : life_(life),
      where_(simulated_segment::address_of(place_of_subscriber(number))),
      next_act_(life.segment.now() + life.chance().between(0s, 3s))
{
    life.segment.attach(*this, where_);
}

void simulated_subscriber::receive(carried_datagram const& datagram, bool)
{
    auto* product = life_.product_at(datagram.from.address);
    if (!product || datagram.kind == ssdp_kind::byebye)
        return;
    for (std::size_t i = 0; i < life_.products.size(); ++i)
        if (life_.products[i].get() == product) {
            auto& known = contacts_[i];
            auto const http = endpoint{datagram.from.address, 49300};
            if (!(known.http == http)) { // it has moved: what was there is void
                by_sid_.erase(known.sid);
                known = {.http = http};
            }
        }
}

void simulated_subscriber::wake()
{
    if (next_act_ > life_.segment.now())
        return;
    act();
    next_act_ = life_.segment.now() + life_.chance().between(500ms, 8s);
}

void simulated_subscriber::act()
{
    auto& chance = life_.chance();
    if (contacts_.empty() || chance.chance(0.2)) {
        life_.segment.send({where_, 50123}, {group_address(ssdp_group::ipv4), ssdp_port},
                           search_message(chance.chance(0.5) ? "ssdp:all" : "upnp:rootdevice", 2s));
        return;
    }
    for (auto const& [product, one] : contacts_) // in time, however many they are
        if (!one.sid.empty() && !one.asking && one.renew_by <= life_.segment.now())
            return renew(product);
    auto at = contacts_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(chance.next() % contacts_.size()));
    auto const product = at->first;
    auto& known = at->second;
    if (known.asking)
        return;
    if (known.sid.empty())
        return subscribe(product);
    if (chance.chance(0.3))
        return renew(product);
    if (!life_.peace && chance.chance(0.05))
        return cancel(product);
    if (chance.chance(0.2)) {
        life_.request({where_, 40001}, known.http, for_host("g12_get_description.request", known.http),
                      [](std::optional<std::string> const& answer) {
                          if (answer && !answer->starts_with("HTTP/1.1 200 "))
                              throw broken_rule{"no description: " + answer->substr(0, 200)};
                      });
        return;
    }
    auto message = for_host("g17_set_target.request", known.http);
    if (chance.chance(0.5))
        message = with(message, "<newTargetValue>1<", "<newTargetValue>0<");
    life_.request({where_, 40002}, known.http, std::move(message),
                  [](std::optional<std::string> const& answer) {
                      if (answer && !answer->starts_with("HTTP/1.1 200 "))
                          throw broken_rule{"no control: " + answer->substr(0, 200)};
                  });
}

void simulated_subscriber::subscribe(std::size_t product)
{
    auto& known = contacts_[product];
    known.asking = true;
    auto message =
        with(for_host("g25_subscribe_statevar.request", known.http), "<http://192.168.20.9:50200/ev/1>",
             "<http://" + to_authority({where_, event_port}) + "/ev>");
    life_.request({where_, 40003}, known.http, std::move(message),
                  [this, product, to = known.http](std::optional<std::string> const& answer) {
                      auto& now_known = contacts_[product];
                      now_known.asking = false;
                      if (!answer || !(now_known.http == to) || !answer->starts_with("HTTP/1.1 200 "))
                          return;
                      now_known.sid = field(*answer, "SID");
                      now_known.renew_by = life_.segment.now() + renewal_after;
                      by_sid_[now_known.sid] = product;
                  });
}

void simulated_subscriber::renew(std::size_t product)
{
    auto& known = contacts_[product];
    known.asking = true;
    auto message = with(for_host("g30_renew.request", known.http), golden_sid, known.sid);
    life_.request({where_, 40004}, known.http, std::move(message),
                  [this, product, sid = known.sid](std::optional<std::string> const& answer) {
                      auto& now_known = contacts_[product];
                      now_known.asking = false;
                      bool const valid = answer && answer->starts_with("HTTP/1.1 200 ");
                      if (valid)
                          now_known.renew_by = life_.segment.now() + renewal_after;
                      if (!valid && now_known.sid == sid)
                          forget(now_known); // expired, or the product was away: from the beginning
                  });
}

void simulated_subscriber::cancel(std::size_t product)
{
    auto& known = contacts_[product];
    known.asking = true;
    life_.request({where_, 40005}, known.http,
                  with(for_host("g31_unsubscribe.request", known.http), golden_sid, known.sid),
                  [this, product](std::optional<std::string> const& answer) {
                      contacts_[product].asking = false;
                      if (answer && !answer->starts_with("HTTP/1.1 200 ") &&
                          !answer->starts_with("HTTP/1.1 412 "))
                          throw broken_rule{"no end: " + answer->substr(0, 200)};
                  });
    forget(known);
}

void simulated_subscriber::forget(contact& known)
{
    by_sid_.erase(known.sid);
    known.sid.clear();
    known.seq.reset();
    known.light.reset();
}

std::optional<std::string> simulated_subscriber::take_event(std::string const& message)
{
    auto& chance = life_.chance();
    if (!life_.peace && chance.chance(life_.plan.silent_subscribers))
        return std::nullopt;
    auto const found = by_sid_.find(field(message, "SID"));
    if (found == by_sid_.end()) // its answer is still on the way, or it was given up
        return "412";
    auto& known = contacts_[found->second];
    std::uint64_t seq = 0;
    auto const digits = field(message, "SEQ");
    std::from_chars(digits.data(), digits.data() + digits.size(), seq);
    if (known.seq && seq <= *known.seq) {
        if (seq == *known.seq) // our answer to it was lost
            return "200";
        throw broken_rule{"SEQ " + digits + " after " + std::to_string(*known.seq)};
    }
    ++events_;
    known.seq = seq;
    if (message.find("<Status>1</Status>") != message.npos)
        known.light = true;
    else if (message.find("<Status>0</Status>") != message.npos)
        known.light = false;
    return "200";
}

std::optional<bool> simulated_subscriber::belief(std::size_t product) const
{
    auto const found = contacts_.find(product);
    return found == contacts_.end() || found->second.sid.empty() ? std::nullopt : found->second.light;
}

// ---- Intruders

simulated_intruder::simulated_intruder(segment_life& life, std::size_t number)
    : life_(life), number_(number), where_(address_of_intruder(number, 0)), next_act_(life.segment.now() + 1s)
{
    life.segment.attach(*this, where_);
}

std::string simulated_intruder::changed(std::string message)
{
    auto& chance = life_.chance();
    for (auto changes = chance.next() % 4; changes != 0; --changes)
        message[chance.next() % message.size()] = static_cast<char>(chance.next());
    if (chance.chance(0.1))
        message.resize(chance.next() % message.size());
    return message;
}

void simulated_intruder::wake()
{
    if (next_act_ > life_.segment.now())
        return;
    auto& chance = life_.chance();
    next_act_ = life_.segment.now() + (life_.peace ? duration{1h} : chance.between(10ms, 2s));
    if (life_.peace)
        return;
    auto& product = *life_.products[chance.next() % life_.products.size()];
    static char const* const forged[] = {"203.0.113.7", "10.21.0.9", "10.20.0.0", "10.20.255.255",
                                         "127.0.0.1"};
    endpoint const me{where_, static_cast<std::uint16_t>(chance.next() | 1)};
    auto const victim = life_.subscribers[chance.next() % life_.subscribers.size()]->where();
    switch (chance.next() % 6) {
    case 0:
    case 1: { // searches, as itself, as a neighbour, or as somebody far away
        auto source = chance.chance(0.3)   ? endpoint{ip(forged[chance.next() % 5]), 50123}
                      : chance.chance(0.5) ? endpoint{victim, 50123}
                                           : me;
        for (auto burst = 1 + chance.next() % 30; burst != 0; --burst, ++source.port) // each is another one
            life_.segment.send(source, {group_address(ssdp_group::ipv4), ssdp_port},
                               changed(golden("g11_search_all_mx3.datagram")));
        return;
    }
    case 2: { // subscriptions to where no events may go, or should not
        static char const* const callbacks[] = {"<http://203.0.113.7/>",       "<http://10.21.0.9:80/>",
                                                "<http://10.20.0.101:49300/>", "<http://10.20.255.255/>",
                                                "<http://127.0.0.1:8080/>",    "<http://device.example/>"};
        auto const subscribe = [&](endpoint const& from, std::string const& where) {
            life_.request(from, product.http(),
                          changed(exchanged(for_host("g25_subscribe_statevar.request", product.http()),
                                            "<http://192.168.20.9:50200/ev/1>", where)),
                          {});
        };
        if (chance.chance(0.5))
            return subscribe(me, callbacks[chance.next() % 6]);
        // All of them to one victim, at two of its ports, from several addresses.
        for (auto burst = chance.chance(0.2) ? 1 + chance.next() % 16 : 1; burst != 0; --burst) {
            endpoint const to{victim, static_cast<std::uint16_t>(event_port + chance.next() % 2)};
            subscribe({address_of_intruder(number_, chance.next() % 3), me.port},
                      "<http://" + to_authority(to) + "/>");
        }
        return;
    }
    case 3:
        life_.request(me, product.http(), changed(for_host("g17_set_target.request", product.http())), {});
        return;
    case 4: // from beyond the router
        life_.request({ip(forged[chance.next() % 5]), 40000}, product.http(),
                      for_host("g17_set_target.request", product.http()), {});
        return;
    default: { // noise
        std::string noise(chance.next() % 600, '\0');
        for (auto& c : noise)
            c = static_cast<char>(chance.next());
        life_.segment.send(me, {product.where(), ssdp_port}, noise);
        life_.request(me, product.http(), std::move(noise), {});
    }
    }
}

// ---- All of them

segment_life::segment_life(std::uint64_t seed)
    : segment(seed, life_plan::draw(seed).link), plan(life_plan::draw(seed)), wires(segment)
{
    segment.on_sent = [](carried_datagram const&) {};
    for (std::size_t i = 0; i < plan.products; ++i) {
        products.push_back(std::make_unique<simulated_product>(*this, i));
        wires.after(chance().between(0s, 5s), [this, i] { products[i]->power_up(); });
        plan_accident(i);
    }
    for (std::size_t i = 0; i < plan.control_points; ++i)
        subscribers.push_back(std::make_unique<simulated_subscriber>(*this, i));
    for (std::size_t i = 0; i < plan.intruders; ++i)
        intruders.push_back(std::make_unique<simulated_intruder>(*this, i));
}

simulated_product* segment_life::product_at(address const& where)
{
    for (auto const& one : products)
        if (one->where() == where)
            return one.get();
    return nullptr;
}

simulated_subscriber* segment_life::subscriber_at(address const& where)
{
    for (auto const& one : subscribers)
        if (one->where() == where)
            return one.get();
    return nullptr;
}

void segment_life::note(std::string const& what)
{
    for (char const c : what)
        heard_ = (heard_ ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
}

void segment_life::request(endpoint from, endpoint to, std::string bytes,
                           std::function<void(std::optional<std::string>)> answered)
{
    bool const breaks = chance().chance(peace ? 0 : plan.broken_connections);
    wires.after(chance().between(1ms, 20ms),
                [this, from, to, breaks, bytes = std::move(bytes), answered = std::move(answered)] {
                    auto* product = product_at(to.address);
                    auto answer = product ? product->serve(from, bytes) : std::nullopt;
                    if (answer)
                        note(*answer);
                    if (breaks)
                        answer.reset();
                    if (answered)
                        wires.after(chance().between(1ms, 20ms),
                                    [answered, answer = std::move(answer)] { answered(answer); });
                });
}

void segment_life::plan_accident(std::size_t product)
{
    auto const mean = 1 / plan.accidents;
    wires.after(chance().between(1s, std::chrono::milliseconds{static_cast<long>(2000 * mean)}),
                [this, product] {
                    if (peace)
                        return;
                    have_accident(product);
                    plan_accident(product);
                });
}

void segment_life::have_accident(std::size_t number)
{
    auto& product = *products[number];
    switch (chance().next() % 9) {
    case 0:
        return product.crash();
    case 1:
        return product.restart();
    case 2:
        return product.move();
    case 3:
        product.set_cable(false);
        wires.after(chance().between(100ms, 20s), [&product] { product.set_cable(true); });
        return;
    case 4:
        product.set_prefix(smaller_segment);
        wires.after(chance().between(100ms, 20s), [&product] { product.set_prefix(whole_segment); });
        return;
    default:
        return product.switch_light(chance().chance(0.5));
    }
}

void segment_life::run()
{
    segment.run_for(3min);
    peace = true;
    segment.run_for(30s); // whoever is away comes back
    for (auto const& product : products) {
        product->set_cable(true);
        product->set_prefix(whole_segment);
        product->switch_light(chance().chance(0.5));
    }
    // Half an hour: subscriptions that nobody knows of end, announcements are heard, everything is found.
    segment.run_for(45min);
    for (auto const& product : products)
        product->switch_light(chance().chance(0.5));
    segment.run_for(2min);
    check_peace();
}

void segment_life::check_peace()
{
    for (std::size_t i = 0; i < products.size(); ++i) {
        auto const& product = *products[i];
        auto const who = "product " + std::to_string(i);
        if (!product.reachable())
            throw broken_rule{who + " is not served"};
        auto now = product.runtime().snapshot();
        // Somebody may just have subscribed anew.
        for (int more = 0; more < 10 && now.deliveries_under_way + now.queued_events != 0; ++more) {
            segment.run_for(1s);
            now = product.runtime().snapshot();
        }
        if (now.deliveries_under_way + now.queued_events != 0)
            throw broken_rule{who + " does not come to rest: " + std::to_string(now.deliveries_under_way) +
                              " deliveries, " + std::to_string(now.queued_events) + " events"};
        if (now.running_actions != 0 || now.running_transfers != 0)
            throw broken_rule{who + " has lost places"};
        for (std::size_t s = 0; s < subscribers.size(); ++s) {
            auto const believed = subscribers[s]->belief(i);
            auto const whose = " of control point " + std::to_string(s);
            if (!believed)
                throw broken_rule{who + " has no subscription" + whose};
            if (*believed != product.light())
                throw broken_rule{who + " is not as a subscription" + whose + " has it"};
        }
    }
}

} // namespace onlink::test
