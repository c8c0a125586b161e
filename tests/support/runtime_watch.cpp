// SPDX-License-Identifier: BSL-1.0
#include "support/runtime_watch.hpp"

#include <algorithm>
#include <charconv>

namespace onlink::test {

namespace {

void require(bool holds, std::string what)
{
    if (!holds)
        throw broken_rule{std::move(what)};
}

/// The value of a header line, of messages that were written by us.
std::string field(std::string const& message, std::string const& name)
{
    auto const at = message.find("\r\n" + name + ": ");
    require(at != message.npos, name + " is missing in\n" + message);
    auto const begin = at + name.size() + 4;
    return message.substr(begin, message.find('\r', begin) - begin);
}

/// On the segment by the addresses and on-link routes of an interface, bit by bit.
bool is_neighbour(network_interface const& interface, address const& a)
{
    for (auto const& own : interface.addresses)
        if (own.prefix_on_link && shares_prefix(own.address, a, own.prefix_length))
            return true;
    return std::any_of(interface.routes.begin(), interface.routes.end(),
                       [&](ip_prefix const& route) { return shares_prefix(route.network, a, route.length); });
}

bool has(network_interface const& interface, address const& a)
{
    return std::any_of(interface.addresses.begin(), interface.addresses.end(),
                       [&](auto const& own) { return same_address(own.address, a); });
}

bool is_ours(device_runtime const& host, address const& a)
{
    auto const& all = host.interfaces().all();
    return std::any_of(all.begin(), all.end(), [&](auto const& one) { return has(one, a); });
}

bool serves(device_runtime const& host, unsigned interface_index, address const& a)
{
    auto const& all = host.served();
    return std::any_of(all.begin(), all.end(), [&](served_endpoint const& at) {
        return at.interface_index == interface_index && same_address(at.address, a);
    });
}

} // namespace

bool shares_prefix(address const& a, address const& b, unsigned length)
{
    if (a.is_v4() != b.is_v4())
        return false;
    auto const same = [length](auto const& x, auto const& y) {
        for (unsigned bit = 0; bit < length; ++bit)
            if (((x[bit / 8] ^ y[bit / 8]) >> (7 - bit % 8)) & 1)
                return false;
        return true;
    };
    return a.is_v4() ? same(a.to_v4().to_bytes(), b.to_v4().to_bytes())
                     : same(a.to_v6().to_bytes(), b.to_v6().to_bytes());
}

runtime_watch::runtime_watch(host_options const& options)
    : bounds_(options.limits),
      refused_ports_(options.policies.refused_callback_ports.begin(),
                     options.policies.refused_callback_ports.end())
{}

void runtime_watch::see(action_item const& item, device_runtime const& host)
{
    if (auto const* event = std::get_if<send_event>(&item)) {
        see_delivery(*event, host);
    } else if (auto const* datagram = std::get_if<send_datagram>(&item)) {
        see_datagram(*datagram, host);
    } else if (auto const* answers = std::get_if<send_answers>(&item)) {
        auto const* interface = host.interfaces().find(answers->what.interface_index);
        require(interface != nullptr, "answers over an interface that is not there");
        auto const& to = answers->what.to.address;
        require(is_neighbour(*interface, to) || is_ours(host, to), "answers by TCP off the segment");
        require(answers->by.contained, "answers by TCP that may be routed");
    } else if (auto const* closing = std::get_if<close_connection>(&item)) {
        kept_.erase(closing->which);
        std::erase_if(under_way_, [&](auto const& one) { return one.second.connection == closing->which; });
    }
}

void runtime_watch::see_delivery(send_event const& item, device_runtime const& host)
{
    ++deliveries_;
    auto const& what = item.what;
    auto const& target = what.to().where();
    auto const* interface = host.interfaces().find(what.to().interface_index());
    auto const text = to_authority(target);
    require(interface && interface->up, "an event over an interface that is not there, to " + text);
    require(is_ours(host, target.address) || is_neighbour(*interface, target.address),
            "an event off the segment, to " + text);
    require(target.port != 0 && !refused_ports_.contains(target.port), "an event to a refused port, " + text);
    require(!target.address.is_multicast() && !target.address.is_unspecified(), "an event to " + text);
    require(!target.address.is_loopback() || interface->loopback, "an event to loopback, " + text);

    if (what.connects()) {
        require(has(*interface, item.by.from) || is_ours(host, target.address),
                "an event from an address that is not ours");
        require(item.by.interface_index == interface->index && item.by.contained,
                "an event that may leave its link");
        require(kept_.count(what.connection()) == 0, "a connection is made twice");
    } else {
        // After a loss it may have been closed before this came out; the shell then says that it was stale.
        require(kept_.erase(what.connection()) == 1 || losses_,
                "an event over a connection that is not kept");
    }

    auto const sid = field(what.header(), "SID");
    std::uint64_t seq = 0;
    auto const digits = field(what.header(), "SEQ");
    std::from_chars(digits.data(), digits.data() + digits.size(), seq);
    for (auto const& [number, other] : under_way_) {
        require(other.sid != sid, "two events under way to " + sid);
        require(other.connection != what.connection(), "two events over one connection");
    }
    auto const [last, first] = last_.try_emplace(sid);
    if (first)
        require(seq == 0 || losses_, "the first event has SEQ " + digits);
    else
        require(seq > last->second.seq || (seq == last->second.seq && !last->second.taken),
                "SEQ " + digits + " after " + std::to_string(last->second.seq));
    last->second = {seq, false};
    require(field(what.header(), "CONTENT-LENGTH") == std::to_string(what.body()->size()),
            "a length that is not that of its body");
    require(under_way_.try_emplace(what.number(), delivery{sid, target.address, what.connection()}).second,
            "a number of a delivery comes back");
}

void runtime_watch::see_datagram(send_datagram const& item, device_runtime const& host)
{
    ++datagrams_;
    require(item.bytes.starts_with("NOTIFY * HTTP/1.1\r\n") || item.bytes.starts_with("HTTP/1.1 200 OK\r\n"),
            "a datagram that is none of SSDP:\n" + item.bytes);
    bool const whole = item.bytes.ends_with("\r\n\r\n") || item.bytes.ends_with("propertyset>\r\n") ||
                       item.bytes.ends_with("propertyset>");
    require(whole && item.bytes.size() < 65000, "a datagram that does not end");
    if (item.to.address.is_multicast())
        return; // whose last words may come from an address that has just gone
    require(serves(host, item.interface_index, item.from), "an answer from where nothing is served");
    auto const* interface = host.interfaces().find(item.interface_index);
    require(interface && (is_neighbour(*interface, item.to.address) || is_ours(host, item.to.address)),
            "an answer off the segment, to " + to_authority(item.to));
}

void runtime_watch::settled(std::uint64_t number, bool delivered, bool kept)
{
    auto const one = under_way_.find(number);
    if (one == under_way_.end())
        return;
    if (delivered)
        last_[one->second.sid].taken = true;
    if (kept)
        kept_.insert(one->second.connection);
    under_way_.erase(one);
}

void runtime_watch::hung_up(connection_number which) { kept_.erase(which); }

void runtime_watch::all_closed()
{
    under_way_.clear();
    kept_.clear();
}

void runtime_watch::check(device_runtime const& host)
{
    auto const now = host.snapshot();
    auto const& e = bounds_.eventing;
    require(now.subscriptions <= e.max_subscriptions, "too many subscriptions");
    require(now.queued_events <= now.subscriptions * e.max_queued_events, "too many events wait");
    require(now.deliveries_under_way <= e.max_deliveries, "too many deliveries");
    require(now.kept_connections <= e.max_kept_connections, "too many kept connections");
    require(now.running_actions <= bounds_.control.max_running, "too many actions");
    require(now.running_transfers <= bounds_.http.max_transfers, "too many transfers");
    require(now.root_devices <= bounds_.max_root_devices, "too many root devices");
    require(now.served_addresses <=
                bounds_.interfaces.max_interfaces * bounds_.interfaces.max_served_addresses,
            "too many addresses");
    require(losses_ ? under_way_.size() <= now.deliveries_under_way
                    : under_way_.size() == now.deliveries_under_way,
            "deliveries that nobody knows of");
    std::map<address, std::size_t> to;
    for (auto const& [number, one] : under_way_)
        require(++to[one.target] <= e.max_deliveries_per_target, "too many deliveries to one address");
    for (std::size_t i = 0; i < refusal_reason_count; ++i) {
        auto const reason = static_cast<refusal_reason>(i);
        require(now.refusals[reason] >= counted_[reason], "a counter runs backwards");
    }
    counted_ = now.refusals;
}

} // namespace onlink::test
