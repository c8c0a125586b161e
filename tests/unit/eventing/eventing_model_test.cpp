// SPDX-License-Identifier: BSL-1.0
// Random lives of subscribers, in virtual time, against a model that is too plain to be wrong.
#include "unit/eventing/lamp_engine.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using content = std::map<std::string, std::string>; ///< names and values of an event

/// What a subscriber is owed.
struct owed {
    std::size_t service = 0;
    std::string peer;
    std::set<std::string> wanted;
    time_point expiry;
    bool begun = false;
    bool cancelled = false;
    bool ended = false;
    std::uint32_t next_seq = 0;
    unsigned lost_in_row = 0;

    struct event {
        std::uint32_t seq;
        content tells;
    };
    std::deque<event> waiting;
    std::optional<event> current; ///< its SEQ was seen, and it is not settled
    bool in_flight = false;
    std::size_t urls = 1;
    std::size_t url = 0;
};

class random_life : public test::lamp_engine {
protected:
    unsigned pick(unsigned below) { return static_cast<unsigned>(random.up_to(below - 1)); }
    bool one_in(unsigned n) { return pick(n) == 0; }

    content values_of(std::size_t service, std::set<std::string> const& names)
    {
        content all;
        auto const& state = tree.services[service].service.state();
        for (std::size_t i = 0; i < state.variables().size(); ++i)
            if (auto const& v = state.variables()[i]; names.contains(v.name))
                all[v.name] = format_value(v.type, state.at(i)).value();
        return all;
    }

    static content read(event_body const& body)
    {
        content all;
        for (std::string const name : {"Level", "Mode", "Left", "Target"}) {
            auto const from = body->find("<" + name + ">");
            if (from == body->npos)
                continue;
            auto const text = from + name.size() + 2;
            all[name] = body->substr(text, body->find("</", text) - text);
        }
        return all;
    }

    void subscribe_someone()
    {
        auto const service = pick(2) == 0 ? test::dimmer : test::timer;
        auto const peer = "192.168.20." + std::to_string(10 + pick(6));
        std::vector<std::string> urls;
        for (unsigned i = 0; i < 1 + pick(2); ++i)
            urls.push_back("http://" + peer + ":" + std::to_string(50200 + pick(3)) + "/");
        std::vector<std::string> names;
        if (service == test::dimmer && one_in(2))
            names.push_back(one_in(2) ? "Level" : "Mode");
        auto const granted = ask(peer, urls, names, service);
        if (!granted) {
            EXPECT_EQ(granted.error().status, 503);
            return;
        }
        owed o;
        o.service = service;
        o.peer = peer;
        o.wanted =
            service == test::timer ? std::set<std::string>{"Left"} : std::set<std::string>{"Level", "Mode"};
        if (!names.empty())
            o.wanted = {names[0]};
        o.expiry = now + granted->duration;
        o.urls = urls.size();
        model.emplace(granted->id.to_string(), o);
        if (one_in(10)) { // its connection broke
            events->answered(now, granted->id, false);
            model.at(granted->id.to_string()).ended = true;
            return;
        }
        events->answered(now, granted->id, true);
        begin(model.at(granted->id.to_string()));
    }

    void begin(owed& o)
    {
        o.begun = true;
        o.waiting.push_back({o.next_seq++, values_of(o.service, o.wanted)});
    }

    void change_something()
    {
        auto const service = pick(2) == 0 ? test::dimmer : test::timer;
        auto& state = tree.services[service].service.state();
        std::set<std::string> changed;
        auto const set = [&](std::string const& name, value v) {
            if (state.try_set(name, std::move(v)).value() && name != "Target")
                changed.insert(name);
        };
        if (service == test::timer) {
            set("Left", pick(1000));
        } else {
            if (one_in(2))
                set("Level", pick(256));
            if (one_in(2))
                set("Mode", "M" + std::to_string(pick(50)));
            if (one_in(4))
                set("Target", pick(256));
        }
        events->publish(now, service);
        for (auto& [id, o] : model)
            if (o.service == service)
                owe(o, changed);
    }

    void owe(owed& o, std::set<std::string> const& changed)
    {
        std::set<std::string> mine;
        std::set_intersection(changed.begin(), changed.end(), o.wanted.begin(), o.wanted.end(),
                              std::inserter(mine, mine.end()));
        if (!o.begun || o.cancelled || o.ended || mine.empty())
            return;
        bool const full = o.waiting.size() >= bounds.max_queued_events;
        if (full && o.waiting.back().seq == 0) {
            o.waiting.back().tells = values_of(o.service, o.wanted);
            return;
        }
        if (full && policy.overflow == overflow_rule::coalesce_to_latest) {
            for (auto const& [name, text] : o.waiting.back().tells)
                mine.insert(name);
            o.waiting.pop_back();
        } else if (full) {
            o.waiting.erase(o.waiting.begin() + (o.waiting.front().seq == 0 ? 1 : 0));
        }
        o.waiting.push_back({o.next_seq++, values_of(o.service, mine)});
    }

    std::vector<std::string> live()
    {
        std::vector<std::string> all;
        for (auto const& [id, o] : model)
            if (!o.cancelled && !o.ended)
                all.push_back(id);
        return all;
    }

    void cancel_someone()
    {
        auto const all = live();
        if (all.empty())
            return;
        auto const& id = all[pick(static_cast<unsigned>(all.size()))];
        auto& o = model.at(id);
        ASSERT_TRUE(cancel(sid::parse(id).value(), o.service, o.peer));
        ASSERT_FALSE(cancel(sid::parse(id).value(), o.service, o.peer)) << "once";
        o.cancelled = true;
        // What is under way cannot be called back; of the rest only the initial event still goes.
        if (o.current && !o.in_flight && o.current->seq != 0)
            o.current.reset();
        std::erase_if(o.waiting, [](owed::event const& e) { return e.seq != 0; });
        end_if_done(o);
    }

    static void end_if_done(owed& o)
    {
        if (o.cancelled && !o.current && o.waiting.empty())
            o.ended = true;
    }

    void renew_someone()
    {
        auto const all = live();
        if (all.empty())
            return;
        auto const& id = all[pick(static_cast<unsigned>(all.size()))];
        auto& o = model.at(id);
        auto const seconds = std::chrono::seconds{1 + pick(3000)};
        ASSERT_TRUE(renew({sid::parse(id).value(), seconds}, o.service, o.peer));
        o.expiry = now + seconds;
    }

    void start_what_may()
    {
        auto started = deliveries();
        auto const told = events->take_notices();
        auto const given_up = std::count_if(told.begin(), told.end(), [](event_notice const& n) {
            return n.why == "too slow while others waited";
        });
        ASSERT_LE(given_up, std::ssize(started)) << "who is given up is given up for somebody";
        if (auto const next = events->next_deadline())
            ASSERT_GT(*next, now) << "nobody wakes in circles";
        follow_closings(); // before what took their place
        for (auto& d : started) {
            auto const found = model.find(test::sid_of(d));
            ASSERT_NE(found, model.end());
            auto& o = found->second;
            ASSERT_FALSE(o.ended) << "nothing is sent after the end";
            ASSERT_FALSE(o.in_flight) << "GENA-40: one at a time";
            o.in_flight = true;
            if (!o.current) {
                ASSERT_FALSE(o.waiting.empty());
                o.current = o.waiting.front();
                o.waiting.pop_front();
                o.url = 0;
            }
            ASSERT_EQ(test::seq_of(d), std::to_string(o.current->seq));
            ASSERT_EQ(read(d.body()), o.current->tells) << test::sid_of(d) << " SEQ " << test::seq_of(d);
            if (o.cancelled)
                ASSERT_EQ(o.current->seq, 0U) << "GENA-30: nothing but the initial event after the end";
            under_way.push_back(std::move(d));
        }
        check_limits();
    }

    void check_limits()
    {
        ASSERT_LE(events->subscriptions(), bounds.max_subscriptions);
        ASSERT_LE(events->deliveries_under_way(), bounds.max_deliveries);
        ASSERT_LE(events->dispatcher().kept_connections(), bounds.max_kept_connections);
        std::map<std::string, std::size_t> to_target;
        for (auto const& d : under_way)
            ASSERT_LE(++to_target[d.to().where().address.to_string()], bounds.max_deliveries_per_target);
    }

    /// An attempt ends; what follows for whom it went to.
    void conclude(event_delivery const& d, delivery_outcome::kind what)
    {
        auto& o = model.at(test::sid_of(d));
        o.in_flight = false;
        if (o.ended)
            return;
        if (what == delivery_outcome::kind::stale) {
            if (o.cancelled && o.current->seq != 0)
                o.current.reset();
            return end_if_done(o);
        }
        if (what == delivery_outcome::kind::delivered) {
            o.current.reset();
            o.lost_in_row = 0;
            return end_if_done(o);
        }
        bool const wanted = !o.cancelled || o.current->seq == 0;
        if (wanted && o.url + 1 < o.urls) {
            ++o.url;
            return;
        }
        bool const disowned = what == delivery_outcome::kind::sid_unknown && o.current->seq != 0;
        o.current.reset();
        ++o.lost_in_row;
        if (!o.cancelled && (disowned || o.lost_in_row >= bounds.max_failures))
            o.ended = true;
        end_if_done(o);
    }

    void settle_someone(bool well)
    {
        if (under_way.empty())
            return;
        auto const at = under_way.begin() + pick(static_cast<unsigned>(under_way.size()));
        auto const d = *at;
        under_way.erase(at);
        auto outcome = delivery_outcome::delivered(one_in(2));
        if (!well && one_in(3))
            outcome = one_in(4) ? delivery_outcome::sid_unknown(one_in(2)) : delivery_outcome::failed("no");
        if (!well && !d.connects() && one_in(4))
            outcome = delivery_outcome::stale();
        auto const what = outcome.what;
        settle(d, std::move(outcome));
        conclude(d, what);
    }

    void pass_time(duration by)
    {
        now += by;
        events->advance(now);
        for (auto& [id, o] : model)
            if (o.expiry <= now)
                o.ended = true;
        follow_closings();
    }

    /// Those that were given up on the way.
    void follow_closings()
    {
        for (auto const which : take_closings()) {
            auto const at = std::find_if(under_way.begin(), under_way.end(),
                                         [&](event_delivery const& d) { return d.connection() == which; });
            if (at == under_way.end())
                continue; // it was kept
            auto const d = *at;
            under_way.erase(at);
            conclude(d, delivery_outcome::kind::failed);
        }
    }

    void step()
    {
        switch (pick(12)) {
        case 0:
        case 1:
            return subscribe_someone();
        case 2:
            return cancel_someone();
        case 3:
            return renew_someone();
        case 4:
        case 5:
        case 6:
            return change_something();
        case 7:
            return pass_time(std::chrono::milliseconds{pick(one_in(20) ? 600'000 : 3000)});
        default:
            return settle_someone(false);
        }
    }

    /// One life from that seed. Deliveries start after every step, and are given up where time is over.
    void live_once(std::uint64_t seed)
    {
        random = test::seeded_random{seed};
        bounds = {};
        bounds.max_subscriptions = 4 + pick(20);
        bounds.max_subscriptions_per_peer = 1 + pick(static_cast<unsigned>(bounds.max_subscriptions));
        bounds.max_queued_events = 1 + pick(8);
        bounds.max_deliveries = 1 + pick(12);
        bounds.max_deliveries_per_target = 1 + pick(6);
        bounds.max_kept_connections = pick(6);
        bounds.max_failures = 1 + pick(5);
        bounds.retry_pause = std::chrono::milliseconds{pick(3000)};
        policy.overflow = one_in(2) ? overflow_rule::coalesce_to_latest : overflow_rule::drop_oldest;
        model.clear();
        under_way.clear();
        now = test::start;
        restart();
        for (int i = 0; i < 300 && !HasFatalFailure(); ++i) {
            step();
            start_what_may();
        }
        // Everybody is well from now on: all that is owed arrives.
        for (int i = 0; i < 2000 && !HasFatalFailure(); ++i) {
            while (!under_way.empty())
                settle_someone(true);
            start_what_may();
            if (under_way.empty())
                pass_time(100ms);
        }
        std::size_t held = 0;
        for (auto const& [id, o] : model) {
            held += !o.ended;
            ASSERT_TRUE(o.ended || (o.waiting.empty() && !o.current)) << id << " is owed an event";
        }
        ASSERT_EQ(events->subscriptions(), held);
        ASSERT_EQ(events->deliveries_under_way(), 0U);
    }

    std::map<std::string, owed> model; ///< by SID
    std::vector<event_delivery> under_way;
};

TEST_F(random_life,
       GENA_32_GENA_37_GENA_40_GENA_42_every_event_that_is_owed_comes_in_order_with_the_right_content)
{
    for (std::uint64_t seed = 1; seed <= 200 && !HasFatalFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        live_once(seed);
    }
}

} // namespace
} // namespace onlink
