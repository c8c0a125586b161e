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

/// The network's own address or its broadcast address, by some on-link prefix that has them (RFC 3021: one of
/// two addresses has not).
bool is_edge(network_interface const& interface, address const& a)
{
    auto const edge_of = [&](address const& network, unsigned length) {
        if (!a.is_v4() || length > 30 || !shares_prefix(network, a, length))
            return false;
        auto const host_bits = a.to_v4().to_uint() & (0xffffffffU >> length);
        return host_bits == 0 || host_bits == 0xffffffffU >> length;
    };
    return std::any_of(interface.addresses.begin(), interface.addresses.end(),
                       [&](auto const& own) { return edge_of(own.address, own.prefix_length); }) ||
           std::any_of(interface.routes.begin(), interface.routes.end(),
                       [&](auto const& route) { return edge_of(route.network, route.length); });
}

/// Events that were counted as lost and may never have been sent: only those leave a gap.
std::uint64_t lost_events(device_runtime const& host)
{
    auto const& counted = host.refusals();
    return counted[refusal_reason::event_overflow] + counted[refusal_reason::event_target_left];
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

/// `http://` and an address, with or without port and path, as in `<http://[fe80::9%25eth0]:50200/ev>`.
template <class Target>
std::vector<Target> targets_in(std::string_view text)
{
    std::vector<Target> all;
    for (auto begin = text.find('<'); begin != text.npos; begin = text.find('<', begin + 1)) {
        auto url = text.substr(begin + 1, text.find('>', begin) - begin - 1);
        constexpr std::string_view scheme = "http://";
        if (url.size() < scheme.size())
            continue;
        url.remove_prefix(scheme.size());
        auto const authority = url.substr(0, url.find_first_of("/?"));
        auto path = std::string{url.substr(authority.size())};
        if (!path.starts_with('/'))
            path.insert(0, "/");
        auto const bracket = authority.find(']');
        auto const colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
        auto host = authority.substr(0, colon);
        std::uint16_t port = 80;
        if (colon != authority.npos)
            std::from_chars(authority.data() + colon + 1, authority.data() + authority.size(), port);
        if (bracket != authority.npos)
            host = host.substr(1, std::min(host.find('%'), host.find(']')) - 1);
        boost::system::error_code failed;
        auto const where = boost::asio::ip::make_address(std::string{host}, failed);
        if (!failed)
            all.push_back({{where, port}, std::move(path)});
    }
    return all;
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

bool runtime_watch::share::take(time_point now, double burst, double per_second) noexcept
{
    auto const gained = std::chrono::duration<double>{now - at}.count() * per_second;
    taken = std::max(0.0, taken - gained) + 1;
    at = now;
    return taken <= burst;
}

void runtime_watch::admitted(connection const& from, device_runtime const& host)
{
    auto const* interface = host.interfaces().find(from.interface_index);
    require(interface != nullptr, "a connection over an interface that is not there");
    auto const& peer = from.peer.address;
    require(is_neighbour(*interface, peer) || is_ours(host, peer),
            "a connection from off the segment, from " + to_authority(from.peer));
}

void runtime_watch::accepted(sid const& id, http_request const& request, connection const& from)
{
    auto const callback = request.fields.one("CALLBACK");
    if (!callback) {
        auto const renewed = subscribers_.find(id.to_string());
        require(losses_ || (renewed != subscribers_.end() && !renewed->second.leaves),
                "what there is not is renewed");
        return;
    }
    auto const fresh = subscribers_.try_emplace(
        id.to_string(), subscriber{from.peer.address, targets_in<wanted_target>(*callback)});
    require(fresh.second, "a SID is given away twice");
    auto const& targets = fresh.first->second.targets;
    require(!targets.empty(), "a subscription to nowhere");
}

void runtime_watch::unanswered(sid const& id) { subscribers_.erase(id.to_string()); }

void runtime_watch::heard(address const& source, device_runtime const& host, time_point now)
{
    auto const pending = host.snapshot().pending_searches;
    if (pending > pending_searches_)
        require(searches_[source].take(now, bounds_.ssdp.search_burst, bounds_.ssdp.searches_per_second),
                "too many searches of " + source.to_string());
    pending_searches_ = pending;
}

void runtime_watch::see_end(subscription_note const& note)
{
    if (note.change == subscription_change::accepted || note.change == subscription_change::renewed)
        return;
    // Who cancels stays until the event is through that is under way, or the initial one.
    if (auto const known = subscribers_.find(note.sid);
        known != subscribers_.end() && note.change == subscription_change::cancelled)
        known->second.leaves = true;
    else
        subscribers_.erase(note.sid);
}

void runtime_watch::see(action_item const& item, device_runtime const& host, time_point now)
{
    if (auto const* event = std::get_if<send_event>(&item)) {
        see_delivery(*event, host);
    } else if (auto const* datagram = std::get_if<send_datagram>(&item)) {
        see_datagram(*datagram, host, now);
    } else if (auto const* note = std::get_if<subscription_note>(&item)) {
        see_end(*note);
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
    require(!is_edge(*interface, target.address), "an event to a whole network, " + text);

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
    if (auto const known = subscribers_.find(sid); known != subscribers_.end()) {
        auto const& [requester, targets, leaves] = known->second;
        require(!is_ours(host, target.address) || same_address(target.address, requester),
                "an event to ourselves for somebody else, to " + text);
        require(std::any_of(targets.begin(), targets.end(),
                            [&](wanted_target const& one) {
                                return same_address(one.where.address, target.address) &&
                                       one.where.port == target.port &&
                                       what.header().starts_with("NOTIFY " + one.path + " HTTP/1.");
                            }),
                "an event to where its subscriber did not want it, " + text + "\n" + what.header());
    } else {
        require(losses_, "an event of a subscription that there is not");
    }
    std::uint64_t seq = 0;
    auto const digits = field(what.header(), "SEQ");
    std::from_chars(digits.data(), digits.data() + digits.size(), seq);
    for (auto const& [number, other] : under_way_) {
        require(other.sid != sid, "two events under way to " + sid);
        require(other.connection != what.connection(), "two events over one connection");
    }
    auto const [last, first] = last_.try_emplace(sid);
    if (first) {
        require(seq == 0 || losses_, "the first event has SEQ " + digits);
        last->second = {.seq = seq};
    } else {
        auto& before = last->second;
        require(seq > before.seq || (seq == before.seq && !before.taken),
                "SEQ " + digits + " after " + std::to_string(before.seq));
        left_out_ += seq - std::min(seq, before.seq + 1);
        require(losses_ || left_out_ <= lost_events(host) - lost_before_,
                "SEQ " + digits + " after " + std::to_string(before.seq) +
                    ", which leaves out more than is counted as lost");
        before.seq = seq;
        before.taken = false;
    }
    require(field(what.header(), "CONTENT-LENGTH") == std::to_string(what.body()->size()),
            "a length that is not that of its body");
    require(under_way_.try_emplace(what.number(), delivery{sid, target.address, what.connection()}).second,
            "a number of a delivery comes back");
}

void runtime_watch::see_datagram(send_datagram const& item, device_runtime const& host, time_point now)
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
    require(!is_edge(*interface, item.to.address), "an answer to a whole network, " + to_authority(item.to));
    if (slept_)
        return;
    // A source is charged for a search as a whole when it comes; the answers leave within the longest MX.
    constexpr double largest_search = 32;
    auto const& rates = bounds_.ssdp;
    auto const lag = std::chrono::duration<double>{rates.max_mx}.count() + 1;
    require(answers_[item.to.address].take(
                now, rates.answer_burst + largest_search + lag * rates.answers_per_second,
                rates.answers_per_second),
            "too many answers to " + to_authority(item.to));
    require(all_answers_.take(now, rates.total_answer_burst + lag * rates.total_answers_per_second,
                              rates.total_answers_per_second),
            "too many answers to all");
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
    subscribers_.clear();
}

void runtime_watch::expect_no_more_losses(device_runtime const& host)
{
    losses_ = false;
    subscribers_.clear();
    last_.clear();
    left_out_ = 0;
    lost_before_ = lost_events(host);
}

/// As many as there may be of one peer, to one address, and to one port there.
void runtime_watch::check_subscriptions(device_runtime const& host)
{
    auto const leaves = [](auto const& one) { return one.second.leaves; };
    auto const leaving =
        static_cast<std::size_t>(std::count_if(subscribers_.begin(), subscribers_.end(), leaves));
    auto const held = host.snapshot().subscriptions;
    require(held <= subscribers_.size(), "subscriptions that nobody made");
    require(held + leaving >= subscribers_.size(), "subscriptions that are lost");
    if (held + leaving == subscribers_.size())
        std::erase_if(subscribers_, leaves); // all of them are through
    auto const& e = bounds_.eventing;
    std::map<address, std::size_t> of_peer;
    std::map<address, std::size_t> to_address;
    std::map<std::pair<address, std::uint16_t>, std::size_t> to_endpoint;
    for (auto const& [sid, one] : subscribers_) {
        if (one.leaves)
            continue;
        std::set<address> addresses;
        std::set<std::pair<address, std::uint16_t>> endpoints;
        for (auto const& target : one.targets) {
            addresses.insert(target.where.address);
            endpoints.insert({target.where.address, target.where.port});
        }
        require(++of_peer[one.requester] <= e.max_subscriptions_per_peer,
                "too many subscriptions of one peer");
        for (auto const& a : addresses)
            require(++to_address[a] <= e.max_subscriptions_per_target,
                    "too many subscriptions to one address");
        for (auto const& a : endpoints)
            require(++to_endpoint[a] <= e.max_subscriptions_per_endpoint,
                    "too many subscriptions to one port");
    }
}

void runtime_watch::check(device_runtime const& host)
{
    auto const now = host.snapshot();
    pending_searches_ = now.pending_searches;
    slept_ = false;
    require(now.pending_searches <= bounds_.ssdp.max_pending_searches, "too many searches wait");
    if (!losses_)
        check_subscriptions(host);
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
