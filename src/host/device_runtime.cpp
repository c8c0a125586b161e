// SPDX-License-Identifier: BSL-1.0
#include "host/device_runtime.hpp"

#include "base/ascii.hpp"
#include "http/product_tokens.hpp"

#include <onlink/version.hpp>

#include <algorithm>

namespace onlink {

namespace {

endpoint const ssdp_group_v4{boost::asio::ip::make_address_v4(0xeffffffaU),
                             1900}; // UDA 2.0, 1: 239.255.255.250

host_options checked_options(host_options options)
{
    options.check().value();
    return options;
}

std::string server_of(host_options const& options)
{
    return server_tokens(options.operating_system.value_or(product_token{"OS", "0"}), options.policies.uda,
                         options.product.value_or(product_token{"onlink", ONLINK_VERSION_STRING}));
}

constexpr std::uint32_t max_boot_id = 0x7fffffff; // UDA 2.0, 1.2.2: 31 bits

/// Seconds since 1970 grow from start to start; 31 bits of them last until 2038, and the mask keeps the field
/// legal after that.
std::uint32_t seconds_of(moment now)
{
    return static_cast<std::uint32_t>(now.date.time_since_epoch().count() & max_boot_id);
}

/// Of the first start; later ones count on.
std::uint32_t boot_id_of(host_options const& options, moment now)
{
    return options.boot_id.value_or(seconds_of(now));
}

} // namespace

device_runtime::device_runtime(std::vector<device> const& roots, host_options options, moment now)
    : options_(checked_options(std::move(options))),
      segments_(options_.extra_segments),
      tree_(device_tree::of(roots).value()),
      documents_(tree_, options_.policies.uda, options_.config_id),
      identity_{server_of(options_),       options_.policies.uda,  options_.limits.ssdp.max_age,
                boot_id_of(options_, now), documents_.config_id(), std::nullopt},
      advertisements_(tree_),
      gate_(options_.limits.ssdp, now.at, segments_),
      answers_(options_.limits.ssdp, advertisements_),
      events_(tree_, options_.limits.eventing, options_.policies, segments_),
      requests_(tree_, documents_, events_, options_, identity_.server, *options_.random)
{}

served_interface const* device_runtime::served_on(unsigned interface_index) const noexcept
{
    auto const found = std::find_if(served_.begin(), served_.end(),
                                    [&](served_interface const& s) { return s.index == interface_index; });
    return found == served_.end() ? nullptr : &*found;
}

std::string device_runtime::location(std::size_t root, served_interface const& at) const
{
    return "http://" + to_authority({at.address, at.http_port}) +
           tree_.devices[tree_.roots[root]].description.description_path;
}

std::string device_runtime::service_type_text(std::size_t service) const
{
    return tree_.services[service].service.identity().type.to_string();
}

void device_runtime::note(refusal_note n)
{
    counters_.count(n.reason);
    pending_.emplace_back(std::move(n));
}

void device_runtime::start(moment now, std::vector<served_interface> served)
{
    served_ = std::move(served);
    if (std::exchange(started_, true)) // BOOTID grows with every return (UDA 2.0, 1.2.2)
        identity_.boot_id = std::max(identity_.boot_id + 1, seconds_of(now)) & max_boot_id;
    leaving_ = false;
    note_exposure();
    for (auto const& at : served_)
        for (std::size_t root = 0; root < tree_.roots.size(); ++root)
            pending_.emplace_back(serving_note{at.name, at.address,
                                               tree_.devices[tree_.roots[root]].description.friendly_name,
                                               location(root, at)});
    announcer_.emplace(options_.limits.ssdp, advertisements_.all().size(), served_.size());
    announcer_->start(now.at, *options_.random);
}

void device_runtime::stop(moment now)
{
    leaving_ = true;
    answers_.clear(); // who is leaving does not say where it can be found
    events_.clear();
    if (announcer_)
        announcer_->stop(now.at);
    advance(now);
}

void device_runtime::on_closed()
{
    served_.clear();
    gaps_.clear();
    announcer_.reset();
    note_exposure();
}

void device_runtime::set_interfaces(moment now, interface_table table)
{
    bool const changed = table.all() != table_.all(); // neighbours come and go all the time
    auto const before = exposure();
    table_ = std::move(table);
    if (changed)
        events_.interfaces_changed(now.at);
    if (exposure() != before)
        note_exposure();
}

/// Whether packets for an address of one interface came in on another: the trick of a host beyond, which
/// sends to an address of ours that it should not be able to reach. A program on this host comes over
/// loopback, whichever address of ours it uses.
bool device_runtime::arrived_elsewhere(unsigned served_at, unsigned arrived_on,
                                       address const& peer) const noexcept
{
    if (arrived_on == 0 || arrived_on == served_at)
        return false;
    auto const* interface = table_.find(arrived_on);
    return !interface || !interface->loopback || !table_.is_own(peer);
}

bool device_runtime::contained(unsigned interface_index) const noexcept
{
    auto const* interface = table_.find(interface_index);
    return !interface || !segments_.is_widened(*interface);
}

void device_runtime::on_containment_gap(unsigned interface_index, containment what, std::string_view why)
{
    bool const known = std::any_of(gaps_.begin(), gaps_.end(), [&](known_gap const& g) {
        return g.interface_index == interface_index && g.gap.what == what;
    });
    if (known)
        return;
    gaps_.push_back({interface_index, {what, std::string{why}}});
    note_exposure();
}

std::vector<exposed_endpoint> device_runtime::exposure() const
{
    std::vector<exposed_endpoint> all;
    for (auto const& at : served_) {
        auto const* interface = table_.find(at.index);
        exposed_endpoint where;
        where.interface_name = at.name;
        if (interface)
            where.segment = segments_.segment(*interface);
        for (auto const what :
             {containment::bound_to_device, containment::hop_limit, containment::no_routing}) {
            auto const gap = std::find_if(gaps_.begin(), gaps_.end(), [&](known_gap const& g) {
                return g.interface_index == at.index && g.gap.what == what;
            });
            if (gap != gaps_.end())
                where.gaps.push_back(gap->gap);
            else if (what != containment::bound_to_device && !contained(at.index))
                where.gaps.push_back({what, "extra_segments"});
            else
                where.contained_by.push_back(what);
        }
        auto const add = [&](exposed_function function, endpoint const& e) {
            where.function = function;
            where.address = e.address;
            where.port = e.port;
            all.push_back(where);
        };
        // Answers keep the hop limit; announcements have that of UDA 2.0, 1.
        auto const add_discovery = [&] {
            add(exposed_function::discovery, {at.address, ssdp_group_v4.port});
            auto const ttl = options_.policies.multicast_ttl;
            if (ttl > 1 && std::erase(all.back().contained_by, containment::hop_limit) != 0)
                all.back().gaps.push_back(
                    {containment::hop_limit, "multicasts have TTL " + std::to_string(ttl)});
        };
        auto listeners = at.also;
        listeners.insert(listeners.begin(), {at.address, at.http_port});
        add_discovery();
        for (auto const& listener : listeners)
            for (auto const function :
                 {exposed_function::description, exposed_function::control, exposed_function::subscription})
                add(function, listener);
        for (auto const& listener : listeners)
            add(exposed_function::event_delivery, {listener.address, 0});
    }
    return all;
}

void device_runtime::note_exposure() { pending_.emplace_back(exposure_note{exposure()}); }

void device_runtime::on_datagram(moment now, received_datagram const& datagram)
{
    auto const* ingress = table_.find(datagram.interface_index);
    if (leaving_ || !ingress || !served_on(datagram.interface_index))
        return;
    auto const refuse = [&](refusal_reason reason, std::string_view detail) {
        note({reason, datagram.source.address, ingress->name, 0, ascii::printable(detail)});
    };
    if (arrived_elsewhere(datagram.interface_index, datagram.arrived_on, datagram.source.address))
        return refuse(refusal_reason::datagram_wrong_interface, {});
    if (auto const reason = gate_.check(datagram.bytes.size(), datagram.source, *ingress))
        return refuse(*reason, {});
    if (!ssdp_message::looks_like_search(datagram.bytes))
        return; // other devices' advertisements: nothing wrong with them
    if (auto const reason = gate_.check_rate(datagram.source.address, now.at))
        return refuse(*reason, {});

    auto const message = ssdp_message::parse(datagram.bytes, options_.limits.ssdp.max_headers);
    if (!message)
        return refuse(refusal_reason::datagram_malformed, message.error().message());
    auto const request = search_request::parse(*message, datagram.multicast, options_.limits.ssdp);
    if (!request)
        return refuse(refusal_reason::search_invalid, message->one("ST").value_or(""));
    if (answers_.add(now.at, datagram.interface_index, datagram.source, *request, *options_.random) ==
        response_scheduler::outcome::full)
        refuse(refusal_reason::search_queue_full, message->one("ST").value_or(""));
}

bool device_runtime::admit_connection(connection const& from)
{
    auto const* ingress = table_.find(from.interface_index);
    auto const& peer = from.peer.address;
    if (arrived_elsewhere(from.interface_index, from.arrived_on, peer)) {
        on_refusal(from, refusal_reason::connection_wrong_interface, 0);
        return false;
    }
    // A peer with one of our own addresses is a program on this host, whichever interface it took; loopback
    // serves loopback only, and nobody else serves it.
    if (ingress && ingress->loopback == peer.is_loopback() &&
        (segments_.on_segment(*ingress, peer) || table_.is_own(peer)))
        return true;
    on_refusal(from, refusal_reason::connection_off_segment, 0);
    return false;
}

http_reply device_runtime::on_request(moment now, connection const& from, http_request const& request)
{
    auto reply = requests_.handle(now, from, request, table_);
    if (std::holds_alternative<invocation>(reply.what)) {
        if (running_calls_ == options_.limits.control.max_running) {
            reply.refused = refusal_reason::action_limit;
            reply.what = refusal_response(503, *reply.refused, options_.policies.explain_refusals);
        } else {
            ++running_calls_;
        }
    }
    if (reply.refused)
        note({*reply.refused, from.peer.address, from.interface_name,
              std::get<http_response>(reply.what).status, reply.detail});
    if (reply.changed)
        pending_.emplace_back(subscription_note{*reply.changed, reply.changed_sid,
                                                service_type_text(reply.service), from.peer.address});
    return reply;
}

http_response device_runtime::on_action_done(moment now, connection const& from, invocation const& call,
                                             action_result const& result, bool threw)
{
    int error = 0;
    auto response = requests_.finish(now, call, result, error);
    if (!result)
        counters_.count(refusal_reason::action_fault); // told by the note below
    // A handler that broke its own contract is a bug of the application: say so, and not to the peer.
    if (threw || (result && error != 0))
        on_refusal(from, refusal_reason::internal_error, response.status, call.call.action());
    pending_.emplace_back(action_note{call.call, error});
    return response;
}

void device_runtime::on_delivery(std::uint64_t number, bool delivered, std::string_view why)
{
    events_.settle(number, delivered, why);
}

void device_runtime::on_refusal(connection const& from, refusal_reason reason, int status,
                                std::string_view detail)
{
    note({reason, from.peer.address, from.interface_name, status, ascii::printable(detail)});
}

void device_runtime::announce(announcement const& part)
{
    for (auto index = part.first; index < part.last; ++index) {
        auto const& ad = advertisements_.all()[index];
        for (auto const& at : served_) {
            auto const url = location(ad.root, at);
            ssdp_subject const subject{ad.nt, ad.device, url};
            pending_.emplace_back(send_datagram{at.index, ssdp_group_v4,
                                                part.what == announcement::kind::alive
                                                    ? write_alive(identity_, ssdp_group::ipv4, subject)
                                                    : write_byebye(identity_, ssdp_group::ipv4, subject)});
        }
    }
}

void device_runtime::answer(moment now, search_answer const& due)
{
    auto const* at = served_on(due.interface_index);
    if (!at)
        return;
    auto const url = location(due.root, *at);
    pending_.emplace_back(send_datagram{
        at->index, due.to,
        write_search_response(identity_, false, {due.st, due.device, url}, http_date(now.date))});
}

void device_runtime::advance(moment now)
{
    if (announcer_)
        while (auto const part = announcer_->resume(now.at, *options_.random))
            announce(*part);
    for (auto const& due : answers_.pop_due(now.at, *options_.random))
        answer(now, due);
    events_.advance(now.at);
}

std::optional<time_point> device_runtime::next_deadline() const noexcept
{
    std::optional<time_point> first;
    for (auto const& due :
         {announcer_ ? announcer_->next_due() : std::nullopt, answers_.next_due(), events_.next_deadline()})
        if (due && (!first || *due < *first))
            first = due;
    return first;
}

void device_runtime::take_event_notices()
{
    for (auto& n : events_.take_notices()) {
        auto const id = n.id.to_string();
        auto const refuse = [&](refusal_reason reason) {
            auto const* interface = table_.find(n.interface_index);
            note({reason, n.requester, interface ? interface->name : std::string{}, 0,
                  ascii::printable(n.url + ' ' + n.why)});
        };
        auto const changed = [&](subscription_change what) {
            pending_.emplace_back(subscription_note{what, id, service_type_text(n.service), n.requester});
        };
        switch (n.what) {
        case event_notice::kind::delivered:
            pending_.emplace_back(delivery_note{id, n.seq, n.url, true, {}});
            break;
        case event_notice::kind::lost:
            refuse(refusal_reason::event_undelivered);
            pending_.emplace_back(delivery_note{id, n.seq, n.url, false, n.why});
            break;
        case event_notice::kind::target_left:
            refuse(refusal_reason::event_target_left);
            break;
        case event_notice::kind::overflow:
            refuse(refusal_reason::event_overflow);
            break;
        case event_notice::kind::expired:
            changed(subscription_change::expired);
            break;
        case event_notice::kind::segment_left:
            refuse(refusal_reason::event_target_left);
            changed(subscription_change::segment_left);
            break;
        case event_notice::kind::dropped:
            refuse(refusal_reason::subscription_failing);
            changed(subscription_change::dropped);
            break;
        }
    }
}

std::optional<delivery_path> device_runtime::path_of(callback_url const& to) const
{
    auto const* interface = table_.find(to.interface_index());
    if (!interface || !served_on(interface->index))
        return std::nullopt;
    auto const& target = to.where().address;
    bool const to_this_host = table_.is_own(target);
    auto const* from = to_this_host ? &target : interface->source_for(target);
    if (!from)
        return std::nullopt;
    return delivery_path{interface->index, interface->name, *from, to_this_host, contained(interface->index)};
}

std::vector<action_item> device_runtime::drain(moment now, bool interfaces_known)
{
    for (bool again = interfaces_known; again;) {
        again = false;
        for (auto& delivery : events_.start_deliveries(now.at, table_)) {
            if (auto path = path_of(delivery.to())) {
                pending_.emplace_back(send_event{std::move(delivery), *std::move(path)});
            } else {
                events_.settle(delivery.number(), false, "no address of ours to send from");
                again = true; // the next URL, or the next event; each turn uses one up
            }
        }
    }
    take_event_notices();
    return std::exchange(pending_, {});
}

} // namespace onlink
