// SPDX-License-Identifier: BSL-1.0
// How queued events go out: turns, slots, connections, deadlines, pauses.
#include "unit/eventing/lamp_engine.hpp"

#include <algorithm>
#include <map>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using kind = event_notice::kind;
using test::candidates;
using test::dimmer;
using test::ip;
using test::seq_of;
using test::sid_of;
using test::start;
using test::timer;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct dispatch : test::lamp_engine {
    static std::string peer(int number) { return "192.168.20." + std::to_string(10 + number); }

    /// Subscribers that have had their initial event.
    void settle_all(std::vector<event_delivery> const& all, bool kept = false)
    {
        for (auto const& one : all)
            settle(one, delivery_outcome::delivered(kept));
    }
    void settled_subscribers(std::string const& target, int count)
    {
        for (int i = 0; i < count; ++i)
            settled_subscriber(target);
    }
    void change() { lamp_engine::change(++level); }
    /// Of another service.
    void change_timer()
    {
        tree.services[timer].service.state().set("Left", ++level);
        events->publish(now, timer);
    }

    std::uint8_t level = 0;
};

std::map<std::string, int> by_target(std::vector<event_delivery> const& all)
{
    std::map<std::string, int> count;
    for (auto const& one : all)
        ++count[one.to().where().address.to_string()];
    return count;
}

// ---- Turns

TEST_F(dispatch, GENA_42_targets_take_turns_whatever_they_have_waiting)
{
    bounds.max_deliveries = 4;
    restart();
    for (int i = 0; i < 6; ++i)
        subscribe("192.168.20.9");
    subscribe(peer(1));
    settle_all(deliveries());
    while (events->has_waiting_events())
        settle_all(deliveries());

    change();
    EXPECT_EQ(by_target(deliveries()), (std::map<std::string, int>{{"192.168.20.9", 3}, {peer(1), 1}}))
        << "the single one comes second, not seventh";
}

TEST_F(dispatch, limits_eventing_max_deliveries_per_target_is_reached)
{
    bounds.max_deliveries_per_target = 3;
    restart();
    for (int i = 0; i < 6; ++i)
        subscribe("192.168.20.9");
    while (events->has_waiting_events())
        settle_all(deliveries());
    change();
    auto const first = deliveries();
    EXPECT_THAT(first, SizeIs(3));
    EXPECT_THAT(deliveries(), IsEmpty());
    settle(first[0]);
    EXPECT_THAT(deliveries(), SizeIs(1));
}

TEST_F(dispatch, GENA_42_subscribers_who_have_yet_to_take_an_event_leave_half_of_the_slots_to_the_others)
{
    bounds.max_deliveries = 6;
    restart();
    auto const proven = settled_subscriber(peer(0));
    for (int i = 1; i <= 8; ++i)
        subscribe(peer(i));
    EXPECT_THAT(deliveries(), SizeIs(3)) << "half of six";
    change();
    auto const event = delivery();
    EXPECT_EQ(sid_of(event), proven.to_string());
    settle(event);
    change();
    EXPECT_EQ(sid_of(delivery()), proven.to_string()) << "as long as they hang";
}

TEST_F(dispatch, GENA_42_so_does_who_lost_the_last_event)
{
    bounds.max_deliveries = 2;
    restart();
    for (int i = 0; i < 3; ++i)
        settled_subscriber(peer(i));
    change();
    auto first = deliveries();
    ASSERT_THAT(first, SizeIs(2));
    settle(first[0], delivery_outcome::failed("refused"));
    settle(first[1], delivery_outcome::failed("refused"));
    settle(delivery()); // the third
    change();
    auto const next = deliveries();
    ASSERT_THAT(next, SizeIs(2));
    change();
    EXPECT_THAT(deliveries(), IsEmpty());
    auto const healthy = std::find_if(next.begin(), next.end(), [](event_delivery const& d) {
        return d.to().where().address == ip(peer(2));
    });
    ASSERT_NE(healthy, next.end());
    settle(*healthy);
    EXPECT_EQ(delivery().to().where().address, ip(peer(2))) << "the other doubtful one still waits";
}

TEST_F(dispatch, GENA_42_the_same_within_one_target)
{
    bounds.max_deliveries_per_target = 4;
    restart();
    auto const proven = settled_subscriber("192.168.20.9");
    for (int i = 0; i < 6; ++i)
        subscribe("192.168.20.9");
    EXPECT_THAT(deliveries(), SizeIs(2)) << "half of four";
    change();
    EXPECT_EQ(sid_of(delivery()), proven.to_string());
}

TEST_F(dispatch, GENA_42_limits_eventing_give_way_after_where_others_wait_the_slowest_gives_way)
{
    bounds.max_deliveries = 2;
    restart();
    subscribe(peer(0));
    auto const slow = delivery();
    now += 400ms;
    auto const newcomer = subscribe(peer(1));
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), start + 1s);
    now = start + 999ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    now = start + 1s;
    auto const initial = delivery();
    EXPECT_EQ(sid_of(initial), newcomer.to_string());
    EXPECT_THAT(take_closings(), ElementsAre(slow.connection()));
    auto const told = events->take_notices();
    ASSERT_THAT(told, SizeIs(1));
    EXPECT_EQ(told[0].what, kind::lost);
    EXPECT_EQ(told[0].why, "too slow while others waited");
    settle(slow);
    EXPECT_THAT(events->take_notices(), IsEmpty()) << "what comes of it now is nobody's";
}

TEST_F(dispatch, GENA_42_nobody_gives_way_while_nobody_waits)
{
    subscribe(peer(0));
    auto const slow = delivery();
    now += 4s;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(take_closings(), IsEmpty());
    settle(slow);
    EXPECT_THAT(notices(), ElementsAre(kind::delivered));
}

TEST_F(dispatch, GENA_42_the_slowest_gives_way_to_its_own_neighbours_at_one_target_too)
{
    bounds.max_deliveries_per_target = 2;
    restart();
    subscribe("192.168.20.9");
    subscribe("192.168.20.9");
    auto const slow = delivery(); // one is half of two
    now += 1s;
    auto const next = delivery();
    EXPECT_NE(sid_of(next), sid_of(slow));
    EXPECT_THAT(take_closings(), ElementsAre(slow.connection()));
}

TEST_F(dispatch, GENA_42_a_hundred_hung_subscribers_cost_a_healthy_one_nothing)
{
    bounds.max_subscriptions = 200;
    restart();
    settled_subscriber(peer(0));
    for (int i = 1; i <= 100; ++i)
        subscribe(peer(i));
    (void)deliveries(); // they take what they can get, and nothing comes back
    for (int round = 0; round < 300; ++round) {
        now += 100ms;
        change();
        auto const all = deliveries();
        auto const healthy = std::count_if(all.begin(), all.end(), [](event_delivery const& d) {
            return d.to().where().address == ip(peer(0));
        });
        ASSERT_EQ(healthy, 1) << "round " << round;
        for (auto const& one : all)
            if (one.to().where().address == ip(peer(0)))
                settle(one);
        ASSERT_LE(events->deliveries_under_way(), bounds.max_deliveries);
        (void)take_closings();
        (void)events->take_notices();
    }
}

TEST_F(dispatch, GENA_42_who_holds_a_slot_gives_way_to_nobody_who_holds_as_many)
{
    bounds.max_deliveries = 8;
    bounds.max_deliveries_per_target = 4;
    restart();
    settled_subscriber(peer(0));
    settled_subscribers(peer(1), 8);
    settled_subscribers(peer(2), 8);
    change();
    auto const first = deliveries();
    EXPECT_EQ(by_target(first), (std::map<std::string, int>{{peer(0), 1}, {peer(1), 4}, {peer(2), 3}}));
    (void)events->take_notices();
    now += 500ms; // the others answer and begin anew, so that theirs are younger
    for (auto const& one : first)
        if (one.to().where().address != ip(peer(0)))
            settle(one);
    EXPECT_THAT(deliveries(), SizeIs(7));
    now += 600ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(take_closings(), IsEmpty()) << "it has one, and those who wait have more";
    EXPECT_EQ(events->next_deadline(), start + 1500ms);
    settle(first[0]);
    EXPECT_THAT(notices(), Not(Contains(kind::lost)));
}

TEST_F(dispatch, GENA_42_of_who_holds_most_the_slowest_gives_way_though_others_are_slower)
{
    bounds.max_deliveries = 4;
    restart();
    subscribe(peer(0), {}, timer);
    settle(delivery());
    settled_subscribers(peer(1), 3);
    change_timer();
    (void)delivery();
    now += 100ms;
    change();
    auto const of_many = deliveries();
    ASSERT_THAT(of_many, SizeIs(3));
    now += 100ms;
    auto const newcomer = subscribe(peer(2));
    now = start + 1s;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), start + 1100ms);
    now = start + 1100ms;
    EXPECT_EQ(sid_of(delivery()), newcomer.to_string());
    EXPECT_THAT(take_closings(), ElementsAre(of_many[0].connection()));
}

TEST_F(dispatch, GENA_42_of_who_holds_as_many_the_doubtful_give_way_first)
{
    bounds.max_deliveries = 4;
    restart();
    settled_subscriber(peer(0));
    settled_subscriber(peer(1));
    subscribe(peer(2), {}, timer);
    settle(delivery());
    change();
    EXPECT_THAT(deliveries(), SizeIs(2));
    now += 100ms;
    subscribe(peer(3));
    subscribe(peer(4));
    auto const doubtful = deliveries();
    ASSERT_THAT(doubtful, SizeIs(2));
    now += 1s;
    change_timer();
    EXPECT_EQ(delivery().to().where().address, ip(peer(2)));
    EXPECT_THAT(take_closings(), ElementsAre(doubtful[0].connection()));
}

TEST_F(dispatch, GENA_42_where_each_has_one_slot_the_slowest_give_way_to_who_has_none)
{
    bounds.max_deliveries = 4;
    restart();
    for (int i = 0; i < 6; ++i)
        settled_subscriber(peer(i));
    change();
    auto const hung = deliveries();
    ASSERT_THAT(hung, SizeIs(4));
    EXPECT_EQ(events->next_deadline(), start + 1s);
    now += 1s;
    EXPECT_EQ(by_target(deliveries()), (std::map<std::string, int>{{peer(4), 1}, {peer(5), 1}}));
    EXPECT_THAT(take_closings(), ElementsAre(hung[0].connection(), hung[1].connection()));
}

TEST_F(dispatch, GENA_42_who_has_none_does_not_wait_behind_who_has_many_in_line)
{
    bounds.max_deliveries = 4;
    restart();
    settled_subscribers(peer(0), 4);
    settled_subscribers(peer(1), 4);
    subscribe(peer(2), {}, timer);
    settle(delivery());
    change();
    EXPECT_EQ(by_target(deliveries()), (std::map<std::string, int>{{peer(0), 2}, {peer(1), 2}}));
    change_timer();
    EXPECT_THAT(deliveries(), IsEmpty());
    now += 1s;
    EXPECT_EQ(by_target(deliveries())[peer(2)], 1);
}

TEST_F(dispatch, GENA_42_nobody_gives_way_to_a_doubtful_one_while_the_doubtful_have_their_half)
{
    bounds.max_deliveries = 4;
    restart();
    settled_subscriber(peer(0));
    settled_subscriber(peer(1));
    (void)events->take_notices();
    change();
    EXPECT_THAT(deliveries(), SizeIs(2)); // hang
    now += 900ms;
    for (int i = 2; i <= 6; ++i)
        subscribe(peer(i));
    EXPECT_THAT(deliveries(), SizeIs(2)) << "half of four";
    now += 200ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(take_closings(), IsEmpty()) << "nobody could take its place";
    EXPECT_THAT(notices(), Not(Contains(kind::lost)));
    EXPECT_EQ(events->next_deadline(), start + 1900ms);
}

TEST_F(dispatch, GENA_42_nobody_gives_way_to_one_whose_target_has_its_share)
{
    bounds.max_deliveries = 4;
    bounds.max_deliveries_per_target = 2;
    restart();
    settled_subscribers(peer(0), 2);
    settled_subscribers(peer(1), 4);
    change();
    auto const first = deliveries();
    EXPECT_EQ(by_target(first), (std::map<std::string, int>{{peer(0), 2}, {peer(1), 2}}));
    now += 900ms;
    for (auto const& one : first)
        if (one.to().where().address == ip(peer(1)))
            settle(one);
    change();
    EXPECT_EQ(by_target(deliveries()), (std::map<std::string, int>{{peer(1), 2}}));
    now += 200ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(take_closings(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), start + 1900ms);
}

TEST_F(dispatch, GENA_42_nobody_gives_way_to_one_who_has_no_connection_left)
{
    bounds.max_deliveries = 1;
    bounds.notify_connect_burst = 1;
    bounds.notify_connects_per_second = 1;
    bounds.give_way_after = 500ms;
    restart();
    subscribe(peer(0));
    settle(delivery(), delivery_outcome::delivered(true));
    now += 500ms;
    settled_subscriber(peer(1));
    change();
    auto const slow = delivery();
    now += 500ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(take_closings(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), start + 1500ms);
    now += 500ms;
    EXPECT_EQ(delivery().to().where().address, ip(peer(1)));
    EXPECT_THAT(take_closings(), ElementsAre(slow.connection()));
}

TEST_F(dispatch, GENA_42_nobody_gives_way_to_one_whose_segment_is_gone_for_the_moment)
{
    bounds.max_deliveries = 1;
    bounds.give_way_after = 500ms;
    restart();
    settled_subscriber(peer(0));
    new_subscription const wanted{candidates({"http://10.8.0.9:50200/"}), 1800s, {}};
    auto const other = events->subscribe(now, timer, wanted, at("10.8.0.9", test::eth1), table, random);
    ASSERT_TRUE(other);
    events->answered(now, other->id, true);
    settle(delivery());
    change();
    auto const slow = delivery();
    change_timer();
    now += 400ms;
    auto interfaces = test::home().all();
    interfaces.pop_back();
    table = interface_table{interfaces};
    events->interfaces_changed(now);
    now += 100ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(take_closings(), IsEmpty());
    table = test::home();
    events->interfaces_changed(now);
    EXPECT_EQ(sid_of(delivery()), other->id.to_string());
    EXPECT_THAT(take_closings(), ElementsAre(slow.connection()));
}

// ---- Connections

TEST_F(dispatch, GENA_44_a_connection_that_the_subscriber_allows_is_used_again)
{
    subscribe();
    auto const initial = delivery();
    EXPECT_TRUE(initial.connects());
    settle(initial, delivery_outcome::delivered(true));
    change();
    auto const event = delivery();
    EXPECT_FALSE(event.connects());
    EXPECT_EQ(event.connection(), initial.connection());
    settle(event, delivery_outcome::delivered(false));
    change();
    auto const last = delivery();
    EXPECT_TRUE(last.connects());
    EXPECT_NE(last.connection(), initial.connection());
}

TEST_F(dispatch, GENA_44_subscriptions_of_one_place_share_its_connections_and_no_others)
{
    subscribe("192.168.20.9");
    settle_all(deliveries(), true);
    subscribe("192.168.20.9", {}, timer);
    EXPECT_FALSE(delivery().connects());
    subscribe(peer(1));
    EXPECT_TRUE(delivery().connects());
    auto const other_port = ask("192.168.20.9", {"http://192.168.20.9:50201/"});
    events->answered(now, other_port->id, true);
    EXPECT_TRUE(delivery().connects());
}

TEST_F(dispatch, GENA_44_limits_eventing_max_kept_connections_is_reached)
{
    bounds.max_kept_connections = 2;
    restart();
    for (int i = 0; i < 3; ++i)
        subscribe(peer(i));
    auto const all = deliveries();
    settle_all(all, true);
    EXPECT_THAT(take_closings(), ElementsAre(all[2].connection()));
    EXPECT_EQ(events->dispatcher().kept_connections(), 2U);
    change();
    auto const next = deliveries();
    EXPECT_EQ(std::count_if(next.begin(), next.end(), [](auto const& d) { return d.connects(); }), 1);
}

TEST_F(dispatch, GENA_44_limits_eventing_kept_connection_idle_closes_it)
{
    subscribe();
    auto const initial = delivery();
    settle(initial, delivery_outcome::delivered(true));
    EXPECT_EQ(events->next_deadline(), now + bounds.kept_connection_idle);
    now += bounds.kept_connection_idle;
    events->advance(now);
    EXPECT_THAT(take_closings(), ElementsAre(initial.connection()));
    change();
    EXPECT_TRUE(delivery().connects());
}

TEST_F(dispatch, GENA_11_GENA_44_no_kept_connection_outlasts_a_change_of_the_interfaces)
{
    subscribe();
    auto const initial = delivery();
    settle(initial, delivery_outcome::delivered(true));
    events->interfaces_changed(now);
    EXPECT_THAT(take_closings(), ElementsAre(initial.connection()));
    change();
    EXPECT_TRUE(delivery().connects());
}

TEST_F(dispatch, GENA_11_GENA_44_nor_does_one_that_is_in_use_just_then)
{
    subscribe();
    auto const initial = delivery();
    events->interfaces_changed(now);
    settle(initial, delivery_outcome::delivered(true));
    EXPECT_THAT(take_closings(), ElementsAre(initial.connection()));
    EXPECT_EQ(events->dispatcher().kept_connections(), 0U);
}

TEST_F(dispatch, GENA_44_one_that_was_closed_at_the_other_end_is_forgotten)
{
    subscribe();
    auto const initial = delivery();
    settle(initial, delivery_outcome::delivered(true));
    events->connection_closed(initial.connection());
    change();
    EXPECT_TRUE(delivery().connects());
    EXPECT_THAT(take_closings(), IsEmpty());
}

TEST_F(dispatch, GENA_44_one_that_proves_dead_costs_no_event_and_no_failure)
{
    bounds.max_failures = 1;
    restart();
    subscribe();
    settle(delivery(), delivery_outcome::delivered(true));
    change();
    auto const over_dead = delivery();
    settle(over_dead, delivery_outcome::stale());
    auto const again = delivery();
    EXPECT_TRUE(again.connects());
    EXPECT_EQ(again.header(), over_dead.header());
    EXPECT_EQ(again.body(), over_dead.body());
    settle(again, delivery_outcome::stale()); // only a kept one can be
    EXPECT_THAT(notices(), ElementsAre(kind::delivered, kind::lost, kind::dropped));
}

TEST_F(dispatch, GENA_20_GENA_44_nor_is_an_event_sent_again_that_nobody_wants_any_more)
{
    auto const id = subscribe();
    settle(delivery(), delivery_outcome::delivered(true));
    change();
    auto const over_dead = delivery();
    ASSERT_TRUE(cancel(id));
    settle(over_dead, delivery_outcome::stale());
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 0U);
}

TEST_F(dispatch, GENA_44_with_it_go_the_others_of_that_place)
{
    subscribe("192.168.20.9");
    subscribe("192.168.20.9", {}, timer);
    auto const both = deliveries();
    settle_all(both, true);
    change();
    auto const dead = delivery();
    settle(dead, delivery_outcome::stale());
    EXPECT_THAT(take_closings(), SizeIs(1));
    EXPECT_TRUE(delivery().connects());
}

TEST_F(dispatch, limits_eventing_notify_connect_burst_counts_connections_not_events)
{
    bounds.notify_connect_burst = 1;
    bounds.notify_connects_per_second = 1;
    restart();
    subscribe();
    settle(delivery(), delivery_outcome::delivered(true));
    for (int i = 0; i < 20; ++i) {
        change();
        settle(delivery(), delivery_outcome::delivered(true));
    }
    change();
    settle(delivery(), delivery_outcome::delivered(false));
    change();
    now += 999ms;
    EXPECT_THAT(deliveries(), IsEmpty()) << "the second connection within the second";
    now += 1ms;
    EXPECT_TRUE(delivery().connects());
}

// ---- Deadlines

TEST_F(dispatch, GENA_41_each_step_has_its_deadline)
{
    struct row {
        std::optional<delivery_step> reached;
        std::chrono::seconds limit;
        char const* why;
    };
    for (auto const& [reached, limit, why] :
         {row{std::nullopt, bounds.notify_connect_deadline, "no connection in time"},
          row{delivery_step::writing, bounds.notify_write_deadline, "not read in time"},
          row{delivery_step::awaiting_answer, bounds.notify_answer_deadline, "no answer in time"}}) {
        restart();
        subscribe();
        auto const initial = delivery();
        now += 2s;
        if (reached)
            events->progress(now, initial.number(), *reached);
        else
            now -= 2s;
        now += limit - 1ms;
        events->advance(now);
        EXPECT_THAT(events->take_notices(), IsEmpty()) << why;
        now += 1ms;
        events->advance(now);
        EXPECT_THAT(take_closings(), ElementsAre(initial.connection())) << why;
        auto const told = events->take_notices();
        ASSERT_THAT(told, SizeIs(1)) << why;
        EXPECT_EQ(told[0].what, kind::lost);
        EXPECT_EQ(told[0].why, why);
        EXPECT_EQ(events->deliveries_under_way(), 0U);
    }
    EXPECT_EQ(bounds.notify_connect_deadline + bounds.notify_write_deadline + bounds.notify_answer_deadline,
              30s)
        << "UDA 2.0, 4.3.2";
}

TEST_F(dispatch, GENA_41_over_a_kept_connection_there_is_nothing_to_connect)
{
    subscribe();
    settle(delivery(), delivery_outcome::delivered(true));
    change();
    (void)delivery();
    EXPECT_EQ(events->next_deadline(), now + bounds.notify_write_deadline);
}

// ---- Failures

TEST_F(dispatch, GENA_43_limits_eventing_retry_pause_doubles_with_each_lost_event_up_to_the_longest)
{
    bounds.max_failures = 0;
    bounds.retry_pause = 1s;
    restart();
    subscribe();
    for (auto const pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        settle(delivery(), delivery_outcome::failed("refused"));
        change();
        now += pause - 1ms;
        EXPECT_THAT(deliveries(), IsEmpty()) << pause.count();
        EXPECT_EQ(events->next_deadline(), now + 1ms);
        now += 1ms;
    }
    settle(delivery()); // and is forgotten
    change();
    settle(delivery(), delivery_outcome::failed("refused"));
    change();
    now += 1s;
    EXPECT_THAT(deliveries(), SizeIs(1));
}

TEST_F(dispatch, GENA_42_limits_eventing_max_failures_of_0_keeps_it_until_it_expires)
{
    bounds.max_failures = 0;
    bounds.notify_connect_burst = 1000;
    restart();
    subscribe();
    for (int i = 0; i < 100; ++i) {
        settle(delivery(), delivery_outcome::failed("refused"));
        change();
    }
    EXPECT_EQ(events->subscriptions(), 1U);
    now = start + 1800s;
    events->advance(now);
    EXPECT_EQ(events->subscriptions(), 0U);
}

TEST_F(dispatch, GENA_43_a_subscriber_that_does_not_know_its_SID_is_none_any_more)
{
    subscribe();
    settle(delivery(), delivery_outcome::sid_unknown());
    EXPECT_EQ(events->subscriptions(), 1U) << "the initial event may come before it has read the answer";
    change();
    now += 1s;
    settle(delivery(), delivery_outcome::sid_unknown());
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_THAT(notices(), ElementsAre(kind::lost, kind::lost, kind::dropped));
}

TEST_F(dispatch, GENA_42_policies_end_on_unknown_sid_off_it_is_a_failure_as_any_other)
{
    policy.end_on_unknown_sid = false;
    restart();
    settled_subscriber();
    change();
    settle(delivery(), delivery_outcome::sid_unknown());
    EXPECT_EQ(events->subscriptions(), 1U);
}

TEST_F(dispatch, GENA_43_412_at_the_first_URL_leaves_the_second)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9:50201/", "http://192.168.20.9:50202/"});
    events->answered(now, granted->id, true);
    settle(delivery());
    change();
    settle(delivery(), delivery_outcome::sid_unknown());
    auto const second = delivery();
    EXPECT_EQ(second.to().where().port, 50202);
    settle(second);
    EXPECT_EQ(events->subscriptions(), 1U);
}

// ---- Ends

TEST_F(dispatch, what_is_under_way_when_its_subscription_ends_keeps_its_slot_until_it_is_settled)
{
    bounds.max_deliveries = 1;
    restart();
    subscribe(peer(0));
    auto const initial = delivery();
    events->end_all();
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_EQ(events->deliveries_under_way(), 1U);
    subscribe(peer(1));
    EXPECT_THAT(deliveries(), IsEmpty());
    settle(initial);
    EXPECT_THAT(deliveries(), SizeIs(1));
    EXPECT_THAT(notices(), ElementsAre(kind::segment_left));
}

TEST_F(dispatch, an_end_while_it_waits_in_line_or_pauses_leaves_nothing_behind)
{
    bounds.max_deliveries = 1;
    bounds.retry_pause = 1s;
    restart();
    subscribe(peer(0));
    auto const initial = delivery();
    subscribe(peer(1)); // in line
    settle(initial, delivery_outcome::failed("refused"));
    EXPECT_TRUE(events->has_waiting_events());
    events->end_all(); // the first pauses
    EXPECT_FALSE(events->has_waiting_events());
    now += 100s;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), std::nullopt);
}

TEST_F(dispatch, numbers_for_the_snapshot)
{
    subscribe(peer(0));
    settle(delivery(), delivery_outcome::delivered(true));
    EXPECT_EQ(events->dispatcher().delivered(), 1U);
    EXPECT_EQ(events->dispatcher().kept_connections(), 1U);
    change();
    auto const first = delivery();
    change();
    change();
    auto const& s = events->table().all().front();
    EXPECT_EQ(s.queued(), 2U);
    EXPECT_EQ(s.queued_bytes(), 2 * first.body()->size());
}

} // namespace
} // namespace onlink
