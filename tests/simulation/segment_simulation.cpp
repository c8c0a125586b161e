// SPDX-License-Identifier: BSL-1.0
#include "simulation/segment_simulation.hpp"

#include "ssdp/ssdp_group.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace onlink::test {

namespace {

/// The value of a header line, of messages that were written by us.
std::string_view field(std::string_view message, std::string_view line_start)
{
    auto const at = message.find(line_start);
    if (at == std::string_view::npos)
        return {};
    message.remove_prefix(at + line_start.size());
    return message.substr(0, message.find('\r'));
}

std::uint32_t number_of(auto& numbering, std::string_view text)
{
    if (auto const known = numbering.find(text); known != numbering.end())
        return known->second;
    auto const fresh = static_cast<std::uint32_t>(numbering.size());
    numbering.emplace(text, fresh);
    return fresh;
}

/// The element of a table that grows as it is asked.
decltype(auto) at(auto& table, std::size_t index)
{
    if (index >= table.size())
        table.resize(index + 1);
    return table[index];
}

host_options options_of(simulated_segment& segment, limits const& bounds)
{
    host_options options;
    options.limits = bounds;
    options.operating_system = product_token{"ExampleOS", "3.2"};
    options.product = product_token{"LampStack", "0.1"};
    options.policies.families = ip_families::ipv4_only;
    options.random = std::make_shared<seeded_random>(segment.chance().next());
    return options;
}

udn make_udn(std::uint32_t number, std::uint32_t embedded)
{
    udn::bytes_type octets{0x6d, 0x0a, 0x1f, 0x2e, 0x3b, 0x4c, 0x4d, 0x5e};
    for (unsigned i = 0; i < 4; ++i) {
        octets[8 + i] = static_cast<std::uint8_t>(embedded >> (24 - 8 * i));
        octets[12 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    }
    return udn{octets};
}

scpd const& status_only()
{
    static scpd const contract =
        scpd::build().state("Status", data_type::boolean, {.evented = true, .initial = false}).done().value();
    return contract;
}

service a_service(std::string const& name)
{
    return {{.type = service_type::parse("urn:example-com:service:" + name + ":1").value(),
             .id = service_id::parse("urn:example-com:serviceId:" + name).value()},
            status_only()};
}

device_description a_description(udn const& name, char const* type)
{
    return {.type = device_type::parse(type).value(),
            .udn = name,
            .friendly_name = "Lamp",
            .manufacturer = "Example Lamps",
            .model_name = "CL-1"};
}

} // namespace

std::uint64_t dice::next() noexcept
{
    state_ += 0x9e3779b97f4a7c15U;
    auto word = state_;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9U;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebU;
    return word ^ (word >> 31);
}

double dice::unit() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

duration dice::between(duration least, duration most) noexcept
{
    return least + std::chrono::duration_cast<duration>((most - least) * unit());
}

void traffic_meter::count(time_point now, std::size_t bytes)
{
    while (!recent_.empty() && now - recent_.front() >= window_)
        recent_.pop_front();
    recent_.push_back(now);
    ++total_;
    bytes_ += bytes;
    peak_ = std::max(peak_, recent_.size());
}

simulated_host::~simulated_host() = default;

// ---- The segment

simulated_segment::simulated_segment(std::uint64_t seed, link_quality quality)
    : quality_(quality), chance_(seed)
{}

address simulated_segment::address_of(std::size_t n)
{
    assert(n < 64000);
    // No byte is 0 or 255, which would be an edge of the segment.
    auto const low = static_cast<std::uint32_t>((n / 250 << 8) + n % 250 + 1);
    return boost::asio::ip::address_v4{(10u << 24) + (20u << 16) + low};
}

moment simulated_segment::moment() const
{
    auto const begin = std::chrono::sys_days{std::chrono::year{2023} / 11 / 15};
    return {now_, begin + std::chrono::floor<std::chrono::seconds>(now_.time_since_epoch())};
}

void simulated_segment::attach(simulated_host& host, address const& where)
{
    auto const number = static_cast<std::uint32_t>(hosts_.size());
    hosts_.push_back({&host, where, std::nullopt});
    host_at_[where.to_v4().to_uint()] = number;
    for (std::size_t kind = 0; kind < ssdp_kinds; ++kind)
        if (host.listens_for(static_cast<ssdp_kind>(kind)))
            listeners_[kind].push_back(number);
    schedule_wake(number);
}

void simulated_segment::reschedule(simulated_host const& host)
{
    for (std::uint32_t i = 0; i < hosts_.size(); ++i)
        if (hosts_[i].host == &host)
            schedule_wake(i);
}

void simulated_segment::move(simulated_host const& host, address const& where)
{
    for (std::uint32_t i = 0; i < hosts_.size(); ++i) {
        if (hosts_[i].host != &host)
            continue;
        host_at_.erase(hosts_[i].where.to_v4().to_uint());
        hosts_[i].where = where;
        host_at_[where.to_v4().to_uint()] = i;
    }
}

void simulated_segment::schedule_wake(std::uint32_t host)
{
    auto& h = hosts_[host];
    auto due = h.host->next_deadline();
    if (due)
        due = std::max(*due, now_);
    if (due == h.wakes)
        return;
    h.wakes = due;
    if (due)
        events_.push({*due, decided_++, host, a_wake, false});
}

void simulated_segment::read(carried_datagram& datagram)
{
    std::string_view const bytes = datagram.bytes;
    if (bytes.starts_with("M-SEARCH "))
        datagram.kind = ssdp_kind::search;
    else if (bytes.starts_with("HTTP/1.1 200 "))
        datagram.kind = ssdp_kind::answer;
    else if (bytes.starts_with("NOTIFY ")) {
        auto const nts = field(bytes, "\r\nNTS: ");
        datagram.kind = nts == "ssdp:alive"    ? ssdp_kind::alive
                        : nts == "ssdp:update" ? ssdp_kind::update
                        : nts == "ssdp:byebye" ? ssdp_kind::byebye
                                               : ssdp_kind::other;
    }
    auto const usn = field(bytes, "\r\nUSN: ");
    if (usn.empty())
        return;
    datagram.usn = number_of(usns_, usn);
    if (datagram.usn == device_of_.size())
        device_of_.push_back(number_of(devices_, usn.substr(0, usn.find("::"))));
    datagram.device = device_of_[datagram.usn];
}

void simulated_segment::send(endpoint const& from, endpoint const& to, std::string bytes)
{
    std::uint32_t number;
    if (free_.empty()) {
        number = static_cast<std::uint32_t>(carried_.size());
        carried_.emplace_back();
    } else {
        number = free_.back();
        free_.pop_back();
    }
    auto& slot = carried_[number];
    slot.datagram = {from, to, std::move(bytes), now_};
    slot.receivers = 0;
    read(slot.datagram);
    note(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
    note(std::hash<std::string>{}(slot.datagram.bytes));
    if (on_sent)
        on_sent(slot.datagram);

    if (to.address.is_multicast()) {
        for (auto const host : listeners_[static_cast<std::size_t>(slot.datagram.kind)])
            if (hosts_[host].where != from.address)
                carry(number, host);
    } else if (auto const host = host_at_.find(to.address.to_v4().to_uint()); host != host_at_.end()) {
        carry(number, host->second);
    }
    if (slot.receivers == 0)
        free_.push_back(number);
}

void simulated_segment::carry(std::uint32_t datagram, std::uint32_t host)
{
    if (chance_.chance(quality_.loss))
        return;
    auto const delay_of_this = [&] {
        auto delay = chance_.between(quality_.least_delay, quality_.most_delay);
        if (chance_.chance(quality_.reordering))
            delay += chance_.between({}, quality_.detour);
        return delay;
    };
    auto& slot = carried_[datagram];
    events_.push({now_ + delay_of_this(), decided_++, host, datagram, false});
    ++slot.receivers;
    if (chance_.chance(quality_.duplication)) {
        events_.push({now_ + delay_of_this(), decided_++, host, datagram, true});
        ++slot.receivers;
    }
}

void simulated_segment::happen(event const& e)
{
    auto& h = hosts_[e.host];
    if (e.datagram == a_wake) {
        if (h.wakes != e.when)
            return; // it has found something better to do
        h.wakes.reset();
        h.host->wake();
    } else {
        auto& slot = carried_[e.datagram];
        h.host->receive(slot.datagram, e.repeated);
        if (--slot.receivers == 0)
            free_.push_back(e.datagram);
    }
    schedule_wake(e.host);
}

void simulated_segment::run_until(time_point end)
{
    unsigned idle_turns = 0;
    while (!events_.empty() && events_.top().when <= end) {
        auto const next = events_.top();
        events_.pop();
        idle_turns = next.when == now_ ? idle_turns + 1 : 0;
        if (idle_turns > 10'000'000)
            throw std::runtime_error{"time stands still"};
        now_ = next.when;
        happen(next);
    }
    now_ = end;
}

// ---- Devices

simulated_device::simulated_device(simulated_segment& segment, address const& where,
                                   std::vector<device> const& roots, limits const& bounds)
    : segment_(segment), where_(where), runtime_(roots, options_of(segment, bounds), segment.moment())
{
    network_interface const here{.index = eth,
                                 .name = "eth0",
                                 .up = true,
                                 .multicast = true,
                                 .loopback = false,
                                 .addresses = {{where, 16}}};
    runtime_.set_interfaces(segment.moment(), interface_table{{here}});
    segment.attach(*this, where);
}

void simulated_device::power_up()
{
    on_ = true;
    runtime_.serve(segment_.moment(), {{eth, "eth0", where_, 49300}});
    runtime_.start(segment_.moment());
    obey();
    segment_.reschedule(*this);
}

void simulated_device::power_down()
{
    runtime_.stop(segment_.moment());
    obey();
    segment_.reschedule(*this);
}

void simulated_device::receive(carried_datagram const& datagram, bool)
{
    if (!on_)
        return;
    runtime_.on_datagram(segment_.moment(),
                         {eth, datagram.to.address.is_multicast(), datagram.from, datagram.bytes});
    obey();
}

void simulated_device::wake()
{
    runtime_.advance(segment_.moment());
    obey();
}

std::optional<time_point> simulated_device::next_deadline() const
{
    return on_ ? runtime_.next_deadline() : std::nullopt;
}

void simulated_device::obey()
{
    for (auto& item : runtime_.drain(segment_.moment()))
        if (auto* datagram = std::get_if<send_datagram>(&item))
            segment_.send({datagram->from, ssdp_port}, datagram->to, std::move(datagram->bytes));
}

// ---- Control points

simulated_control_point::simulated_control_point(simulated_segment& segment, address const& where)
    : segment_(segment), at_{where, 50123}
{
    segment.attach(*this, where);
}

void simulated_control_point::search(time_point when, std::string target, std::chrono::seconds mx)
{
    assert(!searching());
    search_ = search_message(target, mx);
    mx_ = mx;
    sent_ = 0;
    next_copy_ = when;
    segment_.reschedule(*this);
}

std::optional<time_point> simulated_control_point::next_deadline() const
{
    return searching() ? std::optional{next_copy_} : std::nullopt;
}

void simulated_control_point::wake()
{
    if (!searching() || next_copy_ > segment_.now())
        return;
    if (sent_ == 0)
        rounds_.emplace_back();
    ++sent_;
    rounds_.back().copies.push_back(segment_.now());
    rounds_.back().end = segment_.now() + mx_;
    next_copy_ = segment_.now() + segment_.chance().between(100ms, 200ms);
    segment_.send(at_, {group_address(ssdp_group::ipv4), ssdp_port}, search_);
}

std::size_t simulated_control_point::known() const
{
    return static_cast<std::size_t>(std::count(known_.begin(), known_.end(), true));
}

std::size_t simulated_control_point::found_in(std::size_t count) const
{
    std::vector<bool> found(segment_.devices());
    for (std::size_t i = 0; i < std::min(count, rounds_.size()); ++i)
        for (std::size_t device = 0; device < rounds_[i].found.size(); ++device)
            found[device] = found[device] || rounds_[i].found[device];
    return static_cast<std::size_t>(std::count(found.begin(), found.end(), true));
}

void simulated_control_point::take_answer(carried_datagram const& datagram)
{
    if (rounds_.empty())
        return;
    auto& r = rounds_.back();
    auto const now = segment_.now();
    ++r.answers;
    if (now > r.end && !searching())
        ++r.late;
    if (at(r.answers_of, datagram.usn)++ == 0) {
        r.longest_to_first = std::max(r.longest_to_first, now - r.copies.front());
        at(r.found, datagram.device) = true;
    }
    r.longest_to_any = std::max(r.longest_to_any, now - r.copies.back());
}

void simulated_control_point::receive(carried_datagram const& datagram, bool repeated)
{
    switch (datagram.kind) {
    case ssdp_kind::answer:
        at(known_, datagram.device) = true;
        if (!repeated)
            take_answer(datagram);
        break;
    case ssdp_kind::alive: {
        at(known_, datagram.device) = true;
        if (repeated)
            break;
        auto& l = at(heard_, datagram.usn);
        if (l.alive++ != 0)
            l.longest_gap = std::max(l.longest_gap, segment_.now() - l.last_alive);
        l.last_alive = segment_.now();
        break;
    }
    case ssdp_kind::byebye:
        if (!repeated)
            ++at(heard_, datagram.usn).byebye;
        break;
    default:
        break;
    }
}

// ---- What they say and what they are

std::string search_message(std::string_view target, std::chrono::seconds mx)
{
    return "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: " +
           std::to_string(mx.count()) + "\r\nST: " + std::string{target} + "\r\n\r\n";
}

device small_device(std::uint32_t number)
{
    device d{a_description(make_udn(number, 0), "urn:schemas-upnp-org:device:BinaryLight:1")};
    d.add(a_service("SwitchPower")).add(a_service("LampHealth"));
    return d;
}

device big_device(std::uint32_t number, unsigned embedded)
{
    device d{a_description(make_udn(number, 0), "urn:example-com:device:LampRack:1")};
    for (unsigned i = 1; i <= embedded; ++i) {
        device inner{a_description(make_udn(number, i), "urn:schemas-upnp-org:device:BinaryLight:1")};
        inner.add(a_service("SwitchPower"));
        d.add(std::move(inner));
    }
    return d;
}

} // namespace onlink::test
