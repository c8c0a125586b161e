// SPDX-License-Identifier: BSL-1.0
#include "ssdp/discovery.hpp"

#include "base/earliest.hpp"
#include "http/http_date.hpp"
#include "ssdp/search_matcher.hpp"

#include <algorithm>

namespace onlink {

namespace {

bool same_group(served_endpoint const& a, served_endpoint const& b) noexcept
{
    return a.interface_index == b.interface_index && group_of(a.address) == group_of(b.address);
}

/// Of messages that are out: enough for those of one turn, where there are not very many.
constexpr std::size_t max_spare_buffers = 16;
constexpr std::size_t max_spare_size = 1024;
/// What is reserved for outgoing messages stays, if it is no more than these.
constexpr std::size_t kept_outgoing = 64;

std::string base_of(served_endpoint const& at)
{
    return "http://" + to_authority({at.address, at.http_port});
}

bool contains(std::vector<served_endpoint> const& all, served_endpoint const& one)
{
    return std::find(all.begin(), all.end(), one) != all.end();
}

} // namespace

discovery::discovery(limits::ssdp_limits const& bounds, policies const& policy, segment_map segments,
                     std::string server, std::uint32_t first_boot_id, random_source& random, time_point now)
    : bounds_(bounds),
      policy_(policy),
      random_(random),
      identity_{std::move(server), policy.uda, bounds.max_age, 0, 0, std::nullopt, 0},
      boot_ids_(first_boot_id),
      gate_(bounds, now, std::move(segments)),
      pacer_(bounds.announcement_burst, bounds.announcements_per_second, now),
      answers_(bounds, directory_)
{
    spare_buffers_.reserve(max_spare_buffers);
}

void discovery::begin(root& r, time_point now)
{
    r.life.start(now, r.first_boot_id, policy_.byebye_at_start, random_);
}

void discovery::start(time_point now, std::uint32_t least_boot_id)
{
    started_ = true;
    auto const boot_id = std::exchange(restarts_, true) ? boot_ids_.next(least_boot_id) : boot_ids_.last();
    for (auto& r : roots_) {
        r.first_boot_id = boot_id;
        if (!served_.empty())
            begin(r, now);
    }
}

void discovery::stop(time_point now)
{
    started_ = false;
    answers_.clear();
    for (auto& r : roots_)
        r.life.stop(now);
}

bool discovery::stopped() const noexcept
{
    return std::all_of(roots_.begin(), roots_.end(), [](root const& r) { return r.life.finished(); });
}

void discovery::close() noexcept
{
    served_.clear();
    standings_.clear();
    outgoing_.clear();
    recent_.clear();
    answers_.clear();
    roots_.remove_if([](root const& r) { return r.leaving; });
    for (auto& r : roots_)
        r.life = announcer{bounds_, r.what.set->all().size()};
}

std::uint32_t discovery::add(time_point now, discoverable_root what)
{
    auto const number = next_number_++;
    // A BOOTID of its own, as nobody knows when a device of that name was last seen.
    auto const boot_id = restarts_ ? boot_ids_.next() : boot_ids_.last();
    auto set = what.set;
    auto const count = set->all().size();
    std::list<root> fresh;
    fresh.push_back({number, std::move(what), announcer{bounds_, count}, boot_id, false});
    directory_.add(number, std::move(set));
    roots_.splice(roots_.end(), fresh); // both, or, without memory, neither
    auto& r = roots_.back();
    if (started_ && !served_.empty())
        begin(r, now);
    return number;
}

void discovery::remove(time_point now, std::uint32_t number) noexcept
{
    directory_.remove(number);
    for (auto& r : roots_)
        if (r.number == number) {
            r.leaving = true;
            r.life.stop(now);
        }
    roots_.remove_if([](root const& r) { return r.leaving && r.life.finished(); });
}

discovery::continuity discovery::serve(time_point now, std::vector<served_endpoint> endpoints,
                                       interface_table const& table, std::optional<std::uint16_t> search_port)
{
    std::vector<standing> fresh(endpoints.size());
    for (std::size_t i = 0; i < endpoints.size(); ++i)
        fresh[i].base = base_of(endpoints[i]);
    std::vector<served_endpoint> gone; // and announced
    gone.reserve(served_.size());
    auto const before = std::exchange(served_, std::move(endpoints));
    auto const known = std::exchange(standings_, std::move(fresh));
    identity_.search_port = search_port;

    for (std::size_t i = 0; i < before.size(); ++i) {
        auto const at = std::find(served_.begin(), served_.end(), before[i]);
        if (at != served_.end())
            standings_[static_cast<std::size_t>(at - served_.begin())].announced = known[i].announced;
        else if (known[i].announced)
            gone.push_back(before[i]);
    }
    bool any_kept = false;
    bool any_revokes = false;
    bool any_new = false;
    for (std::size_t i = 0; i < served_.size(); ++i) {
        auto const in_group = [&](served_endpoint const& other) { return same_group(other, served_[i]); };
        auto& here = standings_[i];
        here.kept = here.announced;
        // A byebye is about all addresses of a group, so there must be none that stays.
        bool const group_stays = std::any_of(before.begin(), before.end(), [&](auto const& other) {
            return in_group(other) && contains(served_, other);
        });
        here.revokes = !group_stays && std::any_of(gone.begin(), gone.end(), in_group);
        any_kept = any_kept || here.kept;
        any_revokes = any_revokes || here.revokes;
        any_new = any_new || !contains(before, served_[i]);
    }
    if (!started_)
        return continuity::kept;
    try {
        say_farewell(gone, table);
    } catch (...) { // no memory: max-age will tell
    }

    if (served_.empty()) {
        for (auto& r : roots_)
            r.life.pause();
        return continuity::kept; // perhaps the same address comes back before anyone has noticed
    }
    bool const announced =
        std::any_of(roots_.begin(), roots_.end(), [](root const& r) { return r.life.announced(); });
    if (!any_new) {
        if (gone.empty())
            return continuity::kept;
        // Who heard of an address that is gone hears of those that stayed. The BOOTID stays too (UDA 2.0,
        // 1.2), but for IPv6 the configuration is another (A.4.1).
        ++identity_.silent_changes;
        bool const heard = std::any_of(gone.begin(), gone.end(), [&](served_endpoint const& g) {
            return std::any_of(served_.begin(), served_.end(), [&](served_endpoint const& stays) {
                return stays.interface_index == g.interface_index;
            });
        });
        if (heard)
            for (auto& r : roots_)
                r.life.refresh(now, random_);
        return continuity::kept;
    }

    network_change change{0, any_revokes, any_kept && policy_.uda != uda_version::v1_0};
    if (announced) {
        change.boot_id = boot_ids_.next();
        identity_.silent_changes = 0;
    }
    for (auto& r : roots_) {
        if (r.life.announced())
            r.life.change(now, change, random_);
        else
            begin(r, now);
    }
    return announced && !any_kept ? continuity::broken : continuity::kept;
}

/// A byebye for all, at once, where an address has to go that can still send and nobody stands in for it.
void discovery::say_farewell(std::vector<served_endpoint> const& gone, interface_table const& table)
{
    for (auto const& at : gone) {
        auto const* interface = table.find(at.interface_index);
        bool const can = interface && interface->up && interface->owns(at.address);
        bool const group_goes_on =
            std::any_of(served_.begin(), served_.end(),
                        [&](served_endpoint const& other) { return same_group(other, at); });
        if (!can || group_goes_on)
            continue;
        for (auto const& r : roots_)
            for (std::size_t index = 0; index < r.what.set->all().size(); ++index)
                outgoing_.emplace_back(
                    send_datagram{at.interface_index,
                                  at.address,
                                  {group_address(group_of(at.address)), ssdp_port},
                                  write(r, {announcement::kind::byebye, index, r.life.boot_id(), 0},
                                        group_of(at.address), base_of(at))});
    }
}

bool discovery::waits_for_a_namesake(root const& r) const noexcept
{
    return std::any_of(roots_.begin(), roots_.end(), [&](root const& other) {
        return other.leaving && other.number < r.number && other.what.udn == r.what.udn;
    });
}

discovery::root* discovery::next_to_announce() noexcept
{
    root* first = nullptr;
    for (auto& r : roots_) {
        auto const due = r.life.next_due();
        if (due && (!first || *due < *first->life.next_due()) && !waits_for_a_namesake(r))
            first = &r;
    }
    return first;
}

ssdp_identity const& discovery::identity_of(root const& r, std::uint32_t boot_id)
{
    identity_.boot_id = boot_id;
    identity_.config_id = r.what.config_id;
    return identity_;
}

discovery::root const* discovery::find(std::uint32_t number) const noexcept
{
    auto const found = std::find_if(roots_.begin(), roots_.end(),
                                    [&](root const& r) { return r.number == number && !r.leaving; });
    return found == roots_.end() ? nullptr : &*found;
}

std::string discovery::location(std::uint32_t number, served_endpoint const& at) const
{
    auto const* r = find(number);
    return r ? base_of(at) + r->what.description_path : std::string{};
}

std::uint32_t discovery::boot_id(std::uint32_t number) const noexcept
{
    auto const* r = find(number);
    return r ? r->life.boot_id() : 0;
}

std::string discovery::write(root const& r, announcement const& what, ssdp_group group, std::string_view base)
{
    auto const& id = identity_of(r, what.boot_id);
    auto const& ad = r.what.set->all()[what.index];
    ssdp_subject const subject{ad.nt, ad.device, base, r.what.description_path};
    switch (what.what) {
    case announcement::kind::alive:
        return write_alive(id, group, subject, spare_buffer());
    case announcement::kind::update:
        return write_update(id, group, subject, what.next_boot_id, spare_buffer());
    default:
        return write_byebye(id, group, subject, spare_buffer());
    }
}

void discovery::announce(root& r, announcement const& what)
{
    for (std::size_t i = 0; i < served_.size(); ++i) {
        auto& here = standings_[i];
        bool wanted = true;
        switch (what.what) {
        case announcement::kind::alive:
            here.announced = true;
            break;
        case announcement::kind::update:
            wanted = here.kept;
            break;
        case announcement::kind::revoke:
            wanted = here.revokes || !r.life.announced();
            break;
        case announcement::kind::byebye:
            wanted = here.announced;
            break;
        }
        if (!wanted)
            continue;
        auto const& at = served_[i];
        outgoing_.emplace_back(send_datagram{at.interface_index,
                                             at.address,
                                             {group_address(group_of(at.address)), ssdp_port},
                                             write(r, what, group_of(at.address), here.base)});
    }
}

std::optional<discovery::refusal> discovery::on_datagram(moment now, received_datagram const& datagram,
                                                         network_interface const& ingress, bool may_connect)
{
    auto const& source = datagram.source;
    if (auto const reason = gate_.check(datagram.bytes.size(), source, ingress))
        return refusal{*reason, {}};
    if (!ssdp_message::looks_like_search(datagram.bytes))
        return std::nullopt; // other devices' advertisements: nothing wrong with them
    if (!started_)
        return std::nullopt;
    if (auto const reason = gate_.check_search_rate(source.address, now.at))
        return refusal{*reason, {}};

    auto const message = ssdp_message::parse(datagram.bytes, bounds_.max_headers);
    if (!message)
        return refusal{refusal_reason::datagram_malformed, {}};
    auto const st = message->one("ST").value_or("");
    auto const request = search_request::parse(*message, datagram.multicast, bounds_);
    if (!request)
        return refusal{refusal_reason::search_invalid, st};

    // Who was asked at one of our addresses is answered from it (UDA 2.0, 1.3.3).
    served_endpoint const* own = nullptr;
    for (auto const& at : served_)
        if (!datagram.multicast && at.interface_index == ingress.index &&
            same_address(at.address, datagram.local))
            own = &at;
    if (!own)
        own = choose_source(served_, ingress.index, source.address);
    auto const matches = directory_.count(request->target);
    if (!own || matches == 0 || answers_.waits(source, request->target))
        return std::nullopt;

    search_origin const origin{ingress.index, own->address, source};
    bool const by_tcp =
        request->tcp_port && may_connect && policy_.answer_over_tcp && policy_.uda == uda_version::v2_0;
    if (by_tcp) {
        endpoint const to{source.address, *request->tcp_port};
        std::erase_if(recent_, [&](recent_search const& r) { return r.until <= now.at; });
        bool const repeated = std::any_of(recent_.begin(), recent_.end(), [&](recent_search const& r) {
            return r.from == to && r.target == request->target;
        });
        if (repeated)
            return std::nullopt;
    }
    if (!by_tcp && !answers_.has_room()) // before anybody is charged
        return refusal{refusal_reason::search_queue_full, st};
    if (auto const reason = gate_.check_answer_rate(source.address, matches, now.at))
        return refusal{*reason, st};
    if (by_tcp && answer_over_tcp(now, origin, *request))
        return std::nullopt;
    if (answers_.add(now.at, origin, *request, matches, random_) == response_scheduler::outcome::full)
        return refusal{refusal_reason::search_queue_full, st};
    send_due_answers(now); // where nothing is to be waited for
    return std::nullopt;
}

/// All answers on one connection, one message for each: how several go into one message, UDA 2.0 does not
/// say.
bool discovery::answer_over_tcp(moment now, search_origin const& origin, search_request const& request)
{
    auto const* at = choose_source(served_, origin.interface_index, origin.local);
    if (!at || tcp_answers_ == bounds_.max_tcp_answers || recent_.size() == bounds_.max_pending_searches)
        return false;
    std::string messages;
    for (advertisement_directory::position next;;) {
        auto const where = directory_.find(request.target, next);
        if (!where)
            break;
        auto const& match = *directory_.at(*where);
        auto one = write_answer(now, where->root, *at, answered_target(match, request.target), match.device);
        messages += one;
        reuse(std::move(one));
        next = {where->root, where->index + 1};
    }
    endpoint const to{origin.from.address, *request.tcp_port};
    outgoing_.emplace_back(
        send_search_answers{origin.interface_index, origin.local, to, std::move(messages)});
    ++tcp_answers_;
    recent_.push_back({to, request.target, now.at + request.window});
    return true;
}

std::string discovery::write_answer(moment now, std::uint32_t number, served_endpoint const& at,
                                    search_target const& st, udn const& device)
{
    auto const* r = find(number);
    if (!r)
        return {};
    if (date_text_.empty() || date_ != now.date) {
        date_text_ = http_date(now.date);
        date_ = now.date;
    }
    auto const& base = standings_[static_cast<std::size_t>(&at - served_.data())].base;
    return write_search_response(identity_of(*r, r->life.boot_id()), at.address.is_v6(),
                                 {st, device, base, r->what.description_path}, date_text_, spare_buffer());
}

void discovery::answer(moment now, search_answer const& due)
{
    auto const& origin = due.origin;
    // The best address of now: that of then may be gone.
    auto const* at = choose_source(served_, origin.interface_index, origin.from.address);
    for (auto const& own : served_)
        if (own.interface_index == origin.interface_index && same_address(own.address, origin.local))
            at = &own;
    if (!at)
        return;
    auto message = write_answer(now, due.root, *at, due.st, due.device);
    if (!message.empty())
        outgoing_.emplace_back(
            send_datagram{origin.interface_index, at->address, origin.from, std::move(message)});
}

void discovery::advance(moment now)
{
    paced_until_.reset();
    for (;;) {
        auto* r = next_to_announce();
        if (!r || *r->life.next_due() > now.at)
            break;
        if (auto const free = pacer_.available_at(now.at); free > now.at) {
            paced_until_ = free;
            break;
        }
        auto const before = outgoing_.size();
        if (auto const what = r->life.resume(now.at, random_))
            announce(*r, *what);
        if (outgoing_.size() != before)
            pacer_.spend(outgoing_.size() - before, now.at);
        roots_.remove_if([](root const& gone) { return gone.leaving && gone.life.finished(); });
    }
    send_due_answers(now);
}

void discovery::send_due_answers(moment now)
{
    for (auto const& due : answers_.pop_due(now.at, random_))
        answer(now, due);
}

std::optional<time_point> discovery::next_deadline() const noexcept
{
    earliest announcement;
    for (auto const& r : roots_)
        if (!waits_for_a_namesake(r))
            announcement.of(r.life.next_due());
    auto paced = announcement.when();
    if (paced && paced_until_)
        paced = std::max(*paced, *paced_until_);
    return earliest{}.of(paced).of(answers_.next_due()).when();
}

void discovery::forget_sent() noexcept
{
    if (outgoing_.capacity() > kept_outgoing)
        outgoing_ = std::vector<outgoing>{};
    outgoing_.clear();
}

void discovery::reuse(std::string&& sent) noexcept
{
    if (spare_buffers_.size() < spare_buffers_.capacity() && sent.capacity() <= max_spare_size)
        spare_buffers_.push_back(std::move(sent));
}

std::string discovery::spare_buffer() noexcept
{
    if (spare_buffers_.empty())
        return {};
    auto buffer = std::move(spare_buffers_.back());
    spare_buffers_.pop_back();
    return buffer;
}

} // namespace onlink
