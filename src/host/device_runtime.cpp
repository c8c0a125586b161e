// SPDX-License-Identifier: BSL-1.0
#include "host/device_runtime.hpp"

#include "base/ascii.hpp"
#include "base/at_exit.hpp"
#include "base/earliest.hpp"
#include "host/event_notes.hpp"
#include "host/web_fit.hpp"
#include "http/http_date.hpp"
#include "http/product_tokens.hpp"

#include <onlink/version.hpp>

#include <algorithm>
#include <iterator>

namespace onlink {

namespace {

constexpr std::string_view no_memory = "no memory"; ///< why a delivery was given up

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

/// Seconds since 1970 grow from start to start; 31 bits of them last until 2038.
std::uint32_t seconds_of(moment now)
{
    return static_cast<std::uint32_t>(now.date.time_since_epoch().count() & boot_id_counter::max);
}

/// Of the first start; later ones count on.
std::uint32_t first_boot_id(host_options const& options, std::optional<std::uint32_t> kept, moment now)
{
    if (kept && *kept < boot_id_counter::max)
        return std::max(*kept + 1, seconds_of(now));
    return options.boot_id.value_or(seconds_of(now));
}

/// Whether all of `a` are at places of `b`.
bool all_within(std::vector<served_endpoint> const& a, std::vector<served_endpoint> const& b)
{
    return std::all_of(a.begin(), a.end(), [&](served_endpoint const& one) {
        return std::any_of(b.begin(), b.end(),
                           [&](served_endpoint const& other) { return same_place(one, other); });
    });
}

/// What is reserved for so many items stays for the next ones.
constexpr std::size_t kept_items = 64;

std::string_view name_of(network_interface const* interface) noexcept
{
    return interface ? std::string_view{interface->name} : std::string_view{};
}

bool same_places(std::vector<served_endpoint> const& a, std::vector<served_endpoint> const& b)
{
    return all_within(a, b) && all_within(b, a);
}

} // namespace

device_runtime::device_runtime(std::vector<device> const& roots, host_options options, moment now,
                               std::optional<std::uint32_t> kept_boot_id)
    : options_(checked_options(std::move(options))),
      segments_(options_.extra_segments),
      tree_(device_tree::of(roots).value()),
      documents_(options_.policies.uda, options_.policies.compress),
      server_(server_of(options_)),
      discovery_(options_.limits.ssdp, options_.policies, segments_, server_,
                 first_boot_id(options_, kept_boot_id, now), *options_.random, now.at),
      events_(tree_, options_.limits.eventing, options_.policies, now.at, segments_),
      requests_(tree_, documents_, events_, options_, server_, *options_.random),
      exposure_(segments_, options_.policies),
      calls_(options_.limits.control.max_running, options_.limits.control.max_running_per_peer),
      transfers_(options_.limits.http.max_transfers, options_.limits.http.max_transfers_per_peer)
{
    if (tree_.roots.size() > options_.limits.max_root_devices)
        throw configuration_error{defect{errc::full, "limits.max_root_devices"}};
    if (auto const fits = check_web_fit(tree_, options_.web); !fits)
        throw configuration_error{fits.error()};
    for (auto const root : tree_.roots)
        host(now, root);
}

bool device_runtime::serves(unsigned interface_index) const noexcept
{
    auto const& all = served();
    return std::any_of(all.begin(), all.end(),
                       [&](served_endpoint const& at) { return at.interface_index == interface_index; });
}

std::string device_runtime::location(std::size_t root, served_endpoint const& at) const
{
    return "http://" + to_authority({at.address, at.http_port}) +
           tree_.devices[root].description.description_path;
}

std::string device_runtime::service_type_text(std::size_t service) const
{
    return tree_.services[service].service.identity().type.to_string();
}

/// Without memory for the note, the count alone tells of it.
void device_runtime::note(refusal_reason reason, address const& peer, std::string_view interface_name,
                          int status, std::string_view detail) noexcept
{
    counters_.count(reason);
    tell([&] {
        return refusal_note{reason, peer, std::string{interface_name}, status, ascii::printable(detail)};
    });
}

/// What is only to be told, and lost where memory is.
template <class Make>
void device_runtime::tell(Make make) noexcept
{
    if (!observed_)
        return;
    try {
        pending_.emplace_back(make());
    } catch (...) {
    }
}

// ---- Root devices

void device_runtime::host(moment now, std::size_t root)
{
    for (auto const& d : tree_.devices)
        if (tree_.is_under(d, root))
            for (auto const index : d.services)
                events_.begin_service(index);
    // A number given by hand still has to change with the documents (UDA 2.0, 1.2.2).
    auto given = options_.config_id;
    if (given)
        *given = (*given + config_changes_) & 0xffffffu;
    auto const config_id = documents_.add(tree_, root, given);
    auto const& description = tree_.devices[root].description;
    roots_.reserve(roots_.size() + 1);
    roots_.push_back(
        {root, discovery_.add(now.at, {description.udn, std::make_shared<advertisement_set>(tree_, root),
                                       description.description_path, config_id})});
}

/// Undoes host(), as far as that came, and takes the root device out of the tree.
void device_runtime::unhost(moment now, std::size_t root) noexcept
{
    for (auto const& d : tree_.devices)
        if (tree_.is_under(d, root))
            for (auto const service : d.services)
                events_.end_service(service);
    take_event_notices(); // while the tree still knows their names
    auto const hosted =
        std::find_if(roots_.begin(), roots_.end(), [&](hosted_root const& r) { return r.device == root; });
    if (hosted != roots_.end()) {
        discovery_.remove(now.at, hosted->number);
        roots_.erase(hosted);
    }
    documents_.remove(tree_, root);
    tree_.remove(root);
}

checked<void> device_runtime::add(moment now, device const& root)
{
    if (tree_.roots.size() >= options_.limits.max_root_devices)
        return defect{errc::full, "limits.max_root_devices"};
    auto const added = tree_.add(root);
    if (!added)
        return added.error();
    try {
        if (auto const fits = check_web_fit(tree_, options_.web); !fits) {
            tree_.remove(*added);
            return fits.error();
        }
        route_table routes{tree_, options_.web};
        ++config_changes_;
        host(now, *added);
        requests_.follow(std::move(routes));
    } catch (...) { // no memory: as if it had never been asked for
        unhost(now, *added);
        throw;
    }
    note_serving(*added);
    note_other_exposure();
    return {};
}

result<void> device_runtime::remove(moment now, udn const& name)
{
    auto const found = std::find_if(roots_.begin(), roots_.end(), [&](hosted_root const& r) {
        return tree_.devices[r.device].description.udn == name;
    });
    if (found == roots_.end())
        return errc::not_found;
    auto rest = tree_;
    rest.remove(found->device);
    route_table routes{rest, options_.web};
    unhost(now, found->device);
    requests_.follow(std::move(routes));
    note_other_exposure();
    return {};
}

checked<void> device_runtime::replace(moment now, device const& root)
{
    auto const& name = root.description().udn;
    auto trial = tree_;
    auto const old = std::find_if(trial.roots.begin(), trial.roots.end(), [&](std::size_t index) {
        return trial.devices[index].description.udn == name;
    });
    if (old == trial.roots.end())
        return defect{errc::not_found, name.to_string()};
    trial.remove(*old);
    if (auto const fits = trial.add(root); !fits)
        return fits.error();
    if (auto const fits = check_web_fit(trial, options_.web); !fits)
        return fits.error();
    (void)remove(now, name);
    return add(now, root);
}

// ---- Where, and from when to when

void device_runtime::note_serving(std::size_t root)
{
    for (auto const& at : served())
        tell([&] {
            return serving_note{at.interface_name, at.address, tree_.devices[root].description.friendly_name,
                                location(root, at)};
        });
}

void device_runtime::start(moment now)
{
    running_ = true;
    events_.clear();                           // what is left of before is nobody's
    discovery_.start(now.at, seconds_of(now)); // BOOTID grows with every return (UDA 2.0, 1.2.2)
}

void device_runtime::stop(moment now)
{
    running_ = false;
    reopen_at_.reset();
    keep_again_at_.reset();
    discovery_.stop(now.at);
    events_.clear();
    // Where memory ran out in drain(), some were not handed on; nobody waits for them now.
    std::erase_if(pending_, [](action_item const& item) { return std::holds_alternative<send_event>(item); });
    advance(now);
}

void device_runtime::on_closed()
{
    exposure_.keep_gaps_of({});
    discovery_.close();
    note_exposure();
}

void device_runtime::set_interfaces(moment now, interface_table table)
{
    bool const changed = table.all() != table_.all(); // neighbours come and go all the time
    table_ = std::move(table);
    if (!changed)
        return;
    events_.interfaces_changed(now.at);
    auto const settled = now.at + options_.limits.interfaces.settle_time;
    if (running_)
        reopen_at_ = std::min(reopen_at_.value_or(settled), settled); // also if what follows throws
    note_other_exposure();
    if (running_ && same_places(wanted_endpoints().endpoints, served()))
        reopen_at_.reset();
}

void device_runtime::serve(moment now, std::vector<served_endpoint> endpoints,
                           std::optional<std::uint16_t> search_port)
{
    reopen_at_ = now.at + options_.limits.interfaces.retry_period; // also if what follows throws
    auto const before = served();
    if (discovery_.serve(now.at, std::move(endpoints), table_, search_port) == discovery::continuity::broken)
        events_.end_all();
    exposure_.keep_gaps_of(served());
    note_exposure();
    for (auto const& at : served())
        if (std::find(before.begin(), before.end(), at) == before.end())
            for (auto const root : tree_.roots)
                tell([&] {
                    return serving_note{at.interface_name, at.address,
                                        tree_.devices[root].description.friendly_name, location(root, at)};
                });
    if (same_places(wanted_endpoints().endpoints, served()))
        reopen_at_.reset();
}

void device_runtime::on_unavailable(served_endpoint const& at, std::string_view why)
{
    note(refusal_reason::endpoint_unavailable, {}, at.interface_name, 0,
         to_url_host(at.address) + ": " + std::string{why});
}

void device_runtime::on_boot_id_not_kept(moment now, std::string_view why)
{
    constexpr auto pause = std::chrono::minutes{1}; // a disk that is full wears no less
    if (running_)
        keep_again_at_ = now.at + pause;
    note(refusal_reason::boot_id_not_kept, {}, {}, 0, why);
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

/// Whether a datagram says that it comes from this host, and may come from the link all the same: not every
/// system throws those away, and one of ours that went to the group looks no different.
bool device_runtime::may_be_forged_as_own(received_datagram const& datagram) const noexcept
{
    auto const loops = [&](unsigned interface_index) {
        auto const* interface = table_.find(interface_index);
        return interface && interface->loopback;
    };
    return table_.is_own(datagram.source.address) && !loops(datagram.interface_index) &&
           !loops(datagram.arrived_on);
}

void device_runtime::on_containment_gap(unsigned interface_index, containment what, std::string_view why)
{
    if (exposure_.add_gap(interface_index, what, why))
        note_exposure();
}

/// They came with UDA 1.1 (4.2.3 there).
bool device_runtime::has_multicasts() const noexcept
{
    return options_.policies.uda != uda_version::v1_0 &&
           std::any_of(tree_.services.begin(), tree_.services.end(), [](hosted_service const& s) {
               auto const& variables = s.service.contract().variables();
               return !s.vacant && std::any_of(variables.begin(), variables.end(),
                                               [](state_variable const& v) { return v.multicast; });
           });
}

std::vector<exposed_endpoint> device_runtime::exposure() const
{
    return exposure_.of(served(), table_, discovery_.search_port().value_or(ssdp_port), has_multicasts());
}

void device_runtime::note_exposure() noexcept
{
    tell([&] {
        pending_.reserve(pending_.size() + 1); // or it would be taken for told
        // What was not handed on yet is not so any more; and there is never a second one in memory.
        std::erase_if(pending_,
                      [](action_item const& item) { return std::holds_alternative<exposure_note>(item); });
        told_.reset();
        told_ = std::make_shared<std::vector<exposed_endpoint> const>(exposure());
        return exposure_note{told_};
    });
}

void device_runtime::note_other_exposure() noexcept
{
    if (!observed_)
        return;
    try {
        if (!told_ || exposure() != *told_)
            note_exposure();
    } catch (...) { // no memory to look
    }
}

void device_runtime::on_datagram(moment now, received_datagram const& datagram)
{
    auto const* ingress = table_.find(datagram.interface_index);
    if (!running_ || !ingress || !serves(datagram.interface_index))
        return;
    auto const refuse = [&](refusal_reason reason, std::string_view detail) {
        note(reason, datagram.source.address, ingress->name, 0, detail);
    };
    if (arrived_elsewhere(datagram.interface_index, datagram.arrived_on, datagram.source.address))
        return refuse(refusal_reason::datagram_wrong_interface, {});
    if (auto const refused = discovery_.on_datagram(now, datagram, *ingress, !may_be_forged_as_own(datagram)))
        refuse(refused->reason, refused->detail);
}

void device_runtime::on_search_answers_sent(unsigned interface_index, endpoint const& to, bool delivered,
                                            std::string_view why)
{
    discovery_.on_search_answers_sent();
    if (delivered)
        return;
    auto const* interface = table_.find(interface_index);
    note(refusal_reason::search_tcp_undelivered, to.address, name_of(interface), 0, why);
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

namespace {

/// RFC 9110, 6.6.1: every answer of a server that has a clock says when it was given.
void add_date(http_response& response, moment now)
{
    if (!response.dated_fields && !response.fields.has("DATE"))
        response.fields.add("DATE", http_date(now.date));
}

} // namespace

http_reply device_runtime::on_request(moment now, connection const& from, http_request const& request)
{
    auto reply = requests_.handle(now, from, request, table_);
    // Once a place is taken nothing throws: who gets no answer gives none back.
    if (auto const* called = std::get_if<invocation>(&reply.what)) {
        if (called->deferred() && !calls_.begin(from.peer.address))
            turn_away(reply, refusal_reason::action_limit);
    } else if (!std::holds_alternative<http_response>(reply.what)) {
        if (!transfers_.begin(from.peer.address))
            turn_away(reply, refusal_reason::transfer_limit);
    }
    if (auto* response = std::get_if<http_response>(&reply.what)) {
        try {
            add_date(*response, now);
        } catch (...) { // no memory
            if (reply.subscribed)
                events_.answered(now.at, *reply.subscribed, false);
            throw;
        }
    }
    if (reply.refused)
        note(*reply.refused, from.peer.address, from.interface_name,
             std::get<http_response>(reply.what).status, reply.detail);
    if (reply.changed)
        tell([&] {
            return subscription_note{*reply.changed, reply.changed_sid, service_type_text(reply.service),
                                     from.peer.address};
        });
    return reply;
}

void device_runtime::turn_away(http_reply& reply, refusal_reason why) const
{
    reply.what = refusal_response(503, why, options_.policies.explain_refusals);
    reply.refused = why;
}

http_response device_runtime::on_bad_request(moment now, connection const& from, refusal_reason reason,
                                             int status)
{
    on_refusal(from, reason, status);
    auto response = refusal_response(status, reason, options_.policies.explain_refusals);
    add_date(response, now);
    response.close = true;
    return response;
}

http_response device_runtime::on_no_file(moment now, connection const& from, http_request const& request)
{
    auto reply = requests_.resources().no_file(request);
    auto response = std::get<http_response>(std::move(reply.what));
    add_date(response, now);
    note(*reply.refused, from.peer.address, from.interface_name, response.status, reply.detail);
    return response;
}

http_response device_runtime::on_action_done(moment now, connection const& from, invocation const& call,
                                             action_result const& result, bool threw)
{
    int error = 0;
    auto response = requests_.control().finish(now, call, result, error);
    if (!result)
        counters_.count(refusal_reason::action_fault); // told by the note below
    // A handler that broke its own contract is a bug of the application: say so, and not to the peer.
    if (threw || (result && error != 0))
        on_refusal(from, refusal_reason::internal_error, response.status, call.call.action());
    tell([&] { return action_note{call.call, error}; });
    return response;
}

void device_runtime::on_refusal(connection const& from, refusal_reason reason, int status,
                                std::string_view detail)
{
    note(reason, from.peer.address, from.interface_name, status, detail);
}

void device_runtime::advance(moment now)
{
    if (reopen_at_ && *reopen_at_ <= now.at) {
        pending_.emplace_back(reopen_endpoints{});
        reopen_at_ = now.at + options_.limits.interfaces.retry_period; // until serve() says otherwise
    }
    if (keep_again_at_ && *keep_again_at_ <= now.at) {
        keep_again_at_.reset();
        discovery_.keep_boot_id_again();
    }
    discovery_.advance(now);
    events_.advance(now.at);
}

std::optional<time_point> device_runtime::next_deadline() const noexcept
{
    return earliest{}
        .of(reopen_at_)
        .of(keep_again_at_)
        .of(discovery_.next_deadline())
        .of(events_.next_deadline())
        .when();
}

/// Whether whoever has searched still is on the segment: answers wait for seconds, and the network may be
/// another one by then.
bool device_runtime::is_searcher(unsigned interface_index, endpoint const& from)
{
    auto const* interface = table_.find(interface_index);
    if (interface && (segments_.on_segment(*interface, from.address) || table_.is_own(from.address)))
        return true;
    note(refusal_reason::datagram_off_segment, from.address, name_of(interface), 0,
         "no answer: its segment is gone");
    return false;
}

void device_runtime::take_outgoing()
{
    if (!discovery_.has_work())
        return;
    auto& all = discovery_.to_send();
    pending_.reserve(pending_.size() + all.size() + 1); // so that none is lost on the way
    if (auto const number = discovery_.take_boot_id_to_keep()) {
        keep_again_at_.reset();
        pending_.emplace_back(keep_boot_id{*number});
    }
    at_exit const taken{[&] { discovery_.forget_sent(); }};
    for (auto& one : all) {
        if (auto* datagram = std::get_if<send_datagram>(&one)) {
            if (datagram->to.address.is_multicast() || is_searcher(datagram->interface_index, datagram->to))
                pending_.emplace_back(std::move(*datagram));
            continue;
        }
        auto& answers = std::get<send_search_answers>(one);
        if (!is_searcher(answers.interface_index, answers.to)) {
            discovery_.on_search_answers_sent();
            continue;
        }
        auto const* interface = table_.find(answers.interface_index);
        delivery_path by{answers.interface_index, interface ? interface->name : std::string{}, answers.from,
                         table_.is_own(answers.to.address), contained(answers.interface_index)};
        pending_.emplace_back(send_answers{std::move(answers), std::move(by)});
    }
}

/// UDA 2.0, 4.3.3: on every address, the same but for HOST.
void device_runtime::take_multicasts(moment now)
{
    std::size_t lost = 0;
    auto const all = events_.take_multicasts(now.at, lost);
    if (!running_ || options_.policies.uda == uda_version::v1_0) // it came with UDA 1.1
        return;
    for (auto const& event : all) {
        auto const& hosted = tree_.services[event.service];
        auto const& device = tree_.devices[hosted.device];
        auto const root = std::find_if(roots_.begin(), roots_.end(),
                                       [&](hosted_root const& r) { return r.device == device.root; });
        if (root == roots_.end())
            continue;
        ++multicast_events_;
        for (auto const& at : served()) {
            auto const group = multicast_event_group(at.address);
            pending_.emplace_back(send_datagram{at.interface_index, at.address, group,
                                                write_multicast_event(event, group, device.description.udn,
                                                                      hosted.service.identity(),
                                                                      discovery_.boot_id(root->number))});
        }
    }
    for (; lost != 0; --lost)
        note(refusal_reason::multicast_event_lost, {}, {}, 0, {});
}

void device_runtime::take_event_notices() noexcept
{
    for (auto failed = events_.take_log_failures(); failed != 0; --failed)
        note(refusal_reason::internal_error, {}, {}, 0, "change_log");
    for (auto& notice : events_.take_notices()) {
        if (auto const reason = refusal_of(notice.what))
            counters_.count(*reason);
        try {
            for (auto& one : notes_of(std::move(notice), tree_, table_))
                pending_.push_back(std::move(one));
        } catch (...) { // no memory to tell of it; it is counted
        }
    }
}

host_snapshot device_runtime::snapshot() const
{
    host_snapshot now;
    now.root_devices = tree_.roots.size();
    now.served_addresses = served().size();
    now.pending_searches = discovery_.pending_searches();
    now.running_actions = calls_.size();
    now.running_transfers = transfers_.size();
    auto const& subscriptions = events_.table().all();
    now.subscriptions = subscriptions.size();
    for (auto const& s : subscriptions) {
        now.queued_events += s.queued();
        now.queued_bytes += s.queued_bytes();
    }
    auto const& dispatcher = events_.dispatcher();
    now.deliveries_under_way = dispatcher.under_way();
    now.kept_connections = dispatcher.kept_connections();
    now.events_delivered = dispatcher.delivered();
    now.multicast_events = multicast_events_;
    now.refusals = counters_;
    return now;
}

std::optional<delivery_path> device_runtime::path_of(callback_url const& to) const
{
    auto const* interface = table_.find(to.interface_index());
    if (!interface || !serves(interface->index))
        return std::nullopt;
    auto const& target = to.where().address;
    bool const to_this_host = table_.is_own(target);
    auto const* from = to_this_host ? &target : interface->source_for(target);
    if (!from)
        return std::nullopt;
    return delivery_path{interface->index, interface->name, *from, to_this_host, contained(interface->index)};
}

bool device_runtime::idle() const noexcept
{
    return pending_.empty() && events_.quiet() && !discovery_.has_work();
}

/// What cannot be handed on is given up: its subscriber would have to wait until its deadline.
void device_runtime::start_deliveries(moment now, std::vector<action_item>& events)
{
    for (bool again = true; again;) {
        again = false;
        for (auto& delivery : events_.start_deliveries(now.at, table_)) {
            auto const number = delivery.number();
            try {
                auto path = delivery.connects() ? path_of(delivery.to()) : delivery_path{};
                if (path) {
                    events.emplace_back(send_event{std::move(delivery), *std::move(path)});
                    continue;
                }
                events_.settle(now.at, number, delivery_outcome::failed("no address of ours to send from"));
            } catch (...) {
                events_.give_up(now.at, number, no_memory);
            }
            again = true; // the next URL, or the next event; each turn uses one up
        }
    }
}

std::vector<action_item> device_runtime::drain(moment now, bool interfaces_known)
{
    std::vector<action_item> items;
    drain(now, interfaces_known, items);
    return items;
}

void device_runtime::drain(moment now, bool interfaces_known, std::vector<action_item>& items)
{
    std::vector<action_item> events;
    if (interfaces_known)
        start_deliveries(now, events);
    try {
        pending_.reserve(pending_.size() + events_.closings().size() + events.size());
    } catch (...) {
        for (auto const& item : events)
            events_.give_up(now.at, std::get<send_event>(item).what.number(), no_memory);
        throw;
    }
    // What one connection gives up, the next may take on: never more of them than there are slots.
    for (auto const which : events_.closings())
        pending_.emplace_back(close_connection{which});
    events_.forget_closings();
    std::move(events.begin(), events.end(), std::back_inserter(pending_));
    take_event_notices();
    take_multicasts(now);
    take_outgoing();
    items.clear();
    if (items.capacity() > kept_items) // not what many at a time have taken
        items = std::vector<action_item>{};
    std::swap(items, pending_);
}

} // namespace onlink
