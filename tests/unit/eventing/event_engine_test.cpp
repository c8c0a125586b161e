// SPDX-License-Identifier: BSL-1.0
#include "unit/eventing/lamp_engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using kind = event_notice::kind;
using engine = test::lamp_engine;
using test::clock_face;
using test::dimmer;
using test::eth0;
using test::ip;
using test::seq_of;
using test::sid_of;
using test::start;
using test::timer;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// ---- Subscribing

TEST_F(engine, GENA_14_a_subscription_gets_a_SID_and_its_duration)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9:50200/"});
    ASSERT_TRUE(granted);
    EXPECT_EQ(granted->duration, 1800s);
    EXPECT_THAT(granted->accepted, IsEmpty());
    EXPECT_EQ(events->subscriptions(), 1U);
    EXPECT_EQ(events->next_deadline(), start + 1800s);
    auto const other = ask("192.168.20.9", {"http://192.168.20.9:50200/"});
    EXPECT_FALSE(other->id == granted->id);
}

TEST_F(engine, GENA_01_GENA_24_a_service_without_events_has_no_subscribers)
{
    auto const refused = ask("192.168.20.9", {"http://192.168.20.9:50200/"}, {}, clock_face);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 404);
    EXPECT_EQ(refused.error().reason, refusal_reason::not_found);
}

TEST_F(engine, N_40_N_41_GENA_10_GENA_11_refused_addresses_are_412_each_with_its_reason)
{
    struct row {
        std::vector<std::string> urls;
        refusal_reason reason;
    };
    for (auto const& [urls, reason] : {
             row{{"http://203.0.113.7/x"}, refusal_reason::callback_off_segment},
             row{{"http://10.8.0.9/"}, refusal_reason::callback_off_segment},
             row{{"http://[fe90::9]/"}, refusal_reason::callback_off_segment},
             row{{"http://127.0.0.1/"}, refusal_reason::callback_loopback},
             row{{"http://239.255.255.250:1900/"}, refusal_reason::callback_multicast},
             row{{"http://192.168.20.5:49300/"}, refusal_reason::callback_own_address},
             row{{"http://192.168.20.255/"}, refusal_reason::callback_broadcast},
             row{{"http://192.168.20.9/", "http://203.0.113.7/x"}, refusal_reason::callback_off_segment},
         }) {
        auto const refused = ask("192.168.20.9", urls);
        ASSERT_FALSE(refused) << urls.back();
        EXPECT_EQ(refused.error().status, 412) << urls.back();
        EXPECT_EQ(refused.error().reason, reason) << urls.back();
    }
    EXPECT_EQ(events->subscriptions(), 0U);
    change(1);
    EXPECT_THAT(deliveries(), IsEmpty());
}

TEST_F(engine, GENA_11_under_same_host_another_address_is_412)
{
    policy.callback = callback_admission::same_host;
    restart();
    auto const refused = ask("192.168.20.9", {"http://192.168.20.10/"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 412);
    EXPECT_EQ(refused.error().reason, refusal_reason::callback_not_requester);
    EXPECT_TRUE(ask("192.168.20.9", {"http://192.168.20.9/"}));
}

TEST_F(engine, N_51_GENA_03_limits_eventing_max_subscriptions_beyond_it_503)
{
    bounds.max_subscriptions = 3;
    bounds.max_subscriptions_per_peer = 2;
    restart();
    subscribe("192.168.20.9");
    subscribe("192.168.20.9", {}, timer);
    auto const own_share = ask("192.168.20.9", {"http://192.168.20.9/"});
    ASSERT_FALSE(own_share);
    EXPECT_EQ(own_share.error().status, 503);
    EXPECT_EQ(own_share.error().reason, refusal_reason::subscription_peer_limit);
    subscribe("192.168.20.10");
    auto const all = ask("192.168.20.11", {"http://192.168.20.11/"});
    ASSERT_FALSE(all);
    EXPECT_EQ(all.error().status, 503);
    EXPECT_EQ(all.error().reason, refusal_reason::subscription_limit);
    EXPECT_EQ(events->subscriptions(), 3U);
}

TEST_F(engine, GENA_03_what_has_expired_makes_room)
{
    bounds.max_subscriptions = 1;
    bounds.max_subscriptions_per_peer = 1;
    restart();
    subscribe();
    now += 1799s;
    EXPECT_FALSE(ask("192.168.20.10", {"http://192.168.20.10/"}));
    now += 1s;
    EXPECT_TRUE(ask("192.168.20.10", {"http://192.168.20.10/"}));
}

TEST_F(engine, GENA_17_STATEVAR_known_variables_are_accepted_and_only_they_are_sent)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9/"}, {"Mode"});
    ASSERT_TRUE(granted);
    EXPECT_THAT(granted->accepted, ElementsAre("Mode"));
    events->answered(now, granted->id, true);
    auto const initial = delivery();
    EXPECT_THAT(*initial.body(), AllOf(HasSubstr("<Mode>"), Not(HasSubstr("Level"))));
    settle(initial);
    change(7);
    EXPECT_THAT(deliveries(), IsEmpty());
    tree.services[dimmer].service.state().set("Mode", "Night");
    events->publish(now, dimmer);
    auto const event = delivery();
    EXPECT_EQ(seq_of(event), "1");
    EXPECT_THAT(*event.body(), HasSubstr("<Mode>Night</Mode>"));

    auto const renewed = renew({granted->id, 1800s});
    ASSERT_TRUE(renewed);
    EXPECT_THAT(renewed->accepted, ElementsAre("Mode")) << "GENA-18: answered as GENA-14";
}

TEST_F(engine, GENA_17_STATEVAR_in_any_order_or_doubled_is_accepted_as_it_is)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9/"}, {"Mode", "Level", "Mode"});
    ASSERT_TRUE(granted);
    EXPECT_THAT(granted->accepted, testing::UnorderedElementsAre("Mode", "Level"));
}

TEST_F(engine, N_44_GENA_17_STATEVAR_with_anything_unknown_or_not_evented_covers_all)
{
    for (auto const& names : std::vector<std::vector<std::string>>{
             {"Mode", "Nope"}, {"Nope"}, {"Target"}, {"Mode", "Target"}, {"mode"}, {"Mode "}}) {
        restart();
        auto const granted = ask("192.168.20.9", {"http://192.168.20.9/"}, names);
        ASSERT_TRUE(granted);
        EXPECT_THAT(granted->accepted, IsEmpty());
        events->answered(now, granted->id, true);
        EXPECT_THAT(*delivery().body(),
                    AllOf(HasSubstr("<Level>"), HasSubstr("<Mode>"), Not(HasSubstr("Target"))));
        EXPECT_THAT(renew({granted->id, 1800s})->accepted, IsEmpty());
    }
}

// ---- The initial event

TEST_F(engine, GENA_31_the_initial_event_waits_for_the_answer)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9:50200/"});
    change(3);
    EXPECT_THAT(deliveries(), IsEmpty());
    events->answered(now, granted->id, true);
    auto const initial = delivery();
    EXPECT_EQ(seq_of(initial), "0");
    EXPECT_EQ(sid_of(initial), granted->id.to_string());
    EXPECT_THAT(*initial.body(), HasSubstr("<Level>3</Level>"));
    EXPECT_THAT(deliveries(), IsEmpty());
    settle(initial);
    EXPECT_THAT(deliveries(), IsEmpty()) << "the change is in the initial event";
}

TEST_F(engine, GENA_31_policies_initial_event_delay_the_initial_event_waits_that_long_behind_the_answer)
{
    policy.initial_event_delay = 100ms;
    restart();
    auto const id = subscribe();
    EXPECT_EQ(events->next_deadline(), start + 100ms);
    change(3);
    events->advance(start + 99ms);
    EXPECT_THAT(deliveries(), IsEmpty());
    events->advance(start + 100ms);
    auto const initial = delivery();
    EXPECT_EQ(sid_of(initial), id.to_string());
    EXPECT_EQ(seq_of(initial), "0");
    EXPECT_THAT(*initial.body(), HasSubstr("<Level>3</Level>")) << "the values of the time it goes";
    settle(initial);
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), start + 1800s);
}

TEST_F(engine, N_47_GENA_30_cancelled_while_the_initial_event_waits_for_its_delay)
{
    policy.initial_event_delay = 100ms;
    restart();
    auto const id = subscribe();
    ASSERT_TRUE(cancel(id));
    EXPECT_EQ(events->next_deadline(), start + 100ms);
    EXPECT_FALSE(renew({id, 1800s}));
    change(3);
    events->advance(start + 100ms);
    auto const initial = delivery();
    EXPECT_EQ(seq_of(initial), "0");
    settle(initial);
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_EQ(events->next_deadline(), std::nullopt);
}

TEST_F(engine, a_subscription_whose_answer_could_not_leave_is_dropped)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9:50200/"});
    events->answered(now, granted->id, false);
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_THAT(deliveries(), IsEmpty());
    events->answered(now, granted->id, true);
    EXPECT_THAT(deliveries(), IsEmpty());
}

TEST_F(engine, answered_counts_once)
{
    auto const id = settled_subscriber();
    events->answered(now, id, true);
    EXPECT_THAT(deliveries(), IsEmpty());
    events->answered(now, id, false);
    EXPECT_EQ(events->subscriptions(), 1U);
}

TEST_F(engine, N_47_GENA_30_cancelled_at_once_the_initial_event_still_goes_and_nothing_else)
{
    auto const id = subscribe();
    ASSERT_TRUE(cancel(id));
    change(1);
    auto const initial = delivery();
    EXPECT_EQ(seq_of(initial), "0");
    settle(initial);
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_THAT(deliveries(), IsEmpty());
}

TEST_F(engine, N_47_GENA_30_cancelled_while_the_initial_event_is_under_way)
{
    auto const id = subscribe();
    auto const initial = delivery();
    ASSERT_TRUE(cancel(id));
    EXPECT_EQ(events->subscriptions(), 1U);
    settle(initial, delivery_outcome::failed("refused"));
    EXPECT_EQ(events->subscriptions(), 0U);
}

TEST_F(engine, GENA_30_cancelled_before_the_answer_was_seen_to_leave)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9:50200/"});
    ASSERT_TRUE(cancel(granted->id));
    events->answered(now, granted->id, true);
    auto const all = deliveries();
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(seq_of(all[0]), "0");
    settle(all[0]);
    EXPECT_EQ(events->subscriptions(), 0U);
}

TEST_F(engine, a_cancelled_subscription_whose_answer_could_not_leave_is_dropped)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9:50200/"});
    ASSERT_TRUE(cancel(granted->id));
    events->answered(now, granted->id, false);
    EXPECT_EQ(events->subscriptions(), 0U);
}

// ---- Renewing and the end

TEST_F(engine, GENA_18_a_renewal_keeps_SID_and_key_and_has_no_initial_event)
{
    auto const id = settled_subscriber();
    now += 1000s;
    auto const renewed = renew({id, 3600s});
    ASSERT_TRUE(renewed);
    EXPECT_EQ(renewed->id, id);
    EXPECT_EQ(renewed->duration, 3600s);
    EXPECT_EQ(events->next_deadline(), now + 3600s);
    EXPECT_THAT(deliveries(), IsEmpty());
    change(1);
    EXPECT_EQ(seq_of(delivery()), "1");
}

TEST_F(engine, N_45_GENA_19_GENA_21_an_unknown_expired_or_cancelled_SID_is_412)
{
    auto const expect_412 = [&](sid const& id, std::size_t service) {
        auto const renewed = renew({id, 1800s}, service);
        ASSERT_FALSE(renewed);
        EXPECT_EQ(renewed.error().status, 412);
        EXPECT_EQ(renewed.error().reason, refusal_reason::subscription_unknown);
        auto const cancelled = cancel(id, service);
        ASSERT_FALSE(cancelled);
        EXPECT_EQ(cancelled.error().status, 412);
        EXPECT_EQ(cancelled.error().reason, refusal_reason::subscription_unknown);
    };
    expect_412(sid::generate(random), dimmer);
    auto const id = settled_subscriber();
    expect_412(id, timer);
    EXPECT_EQ(events->subscriptions(), 1U) << "which did it no harm";
    now += 1800s;
    expect_412(id, dimmer);
    auto const second = settled_subscriber();
    ASSERT_TRUE(cancel(second));
    expect_412(second, dimmer);
}

TEST_F(engine, GENA_21_after_expiry_there_are_no_events)
{
    auto const id = settled_subscriber();
    events->take_notices();
    events->advance(start + 1799s);
    EXPECT_EQ(events->subscriptions(), 1U);
    events->advance(start + 1800s);
    EXPECT_EQ(events->subscriptions(), 0U);
    change(1);
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), std::nullopt);
    auto const said = events->take_notices();
    ASSERT_THAT(said, SizeIs(1));
    EXPECT_EQ(said[0].what, kind::expired);
    EXPECT_EQ(said[0].id, id);
    EXPECT_EQ(said[0].requester, ip("192.168.20.9"));
}

TEST_F(engine, GENA_21_an_attempt_under_way_at_expiry_ends_quietly)
{
    settled_subscriber();
    now = start + 1799s;
    change(1);
    auto const initial = delivery();
    (void)notices();
    events->advance(start + 1800s);
    EXPECT_EQ(events->deliveries_under_way(), 1U);
    settle(initial);
    EXPECT_EQ(events->deliveries_under_way(), 0U);
    EXPECT_THAT(notices(), ElementsAre(kind::expired));
}

TEST_F(engine, GENA_20_a_cancellation_frees_its_place)
{
    auto const id = settled_subscriber();
    ASSERT_TRUE(cancel(id));
    EXPECT_EQ(events->subscriptions(), 0U);
    change(1);
    EXPECT_THAT(deliveries(), IsEmpty());
}

// ---- Publishing

TEST_F(engine, GENA_37_GENA_38_publish_reaches_every_subscriber_with_one_body)
{
    for (int i = 0; i < 5; ++i)
        settled_subscriber("192.168.20." + std::to_string(10 + i));
    change(9);
    auto const all = deliveries();
    ASSERT_THAT(all, SizeIs(5));
    for (auto const& d : all) {
        EXPECT_EQ(d.body(), all[0].body()) << "rendered once, shared by all";
        EXPECT_EQ(seq_of(d), "1");
        EXPECT_THAT(d.header(), HasSubstr("CONTENT-LENGTH: " + std::to_string(d.body()->size()) + "\r\n"));
    }
}

TEST_F(engine, publish_without_a_change_is_no_event)
{
    settled_subscriber();
    events->publish(now, dimmer);
    EXPECT_THAT(deliveries(), IsEmpty());
    change(4);
    EXPECT_THAT(deliveries(), SizeIs(1));
    events->publish(now, dimmer);
    EXPECT_THAT(deliveries(), IsEmpty());
}

TEST_F(engine, GENA_37_the_events_of_a_service_go_to_its_own_subscribers)
{
    settled_subscriber("192.168.20.9");
    subscribe("192.168.20.10", {}, timer);
    for (auto const& d : deliveries())
        settle(d);
    tree.services[timer].service.state().set("Left", 5U);
    events->publish(now, timer);
    auto const event = delivery();
    EXPECT_EQ(event.to().where().address, ip("192.168.20.10"));
    EXPECT_THAT(*event.body(), HasSubstr("<Left>5</Left>"));
}

TEST_F(engine, limits_eventing_max_queued_events_overflow_is_reported)
{
    bounds.max_queued_events = 2;
    restart();
    auto const id = subscribe();
    delivery(); // in flight, and stays there
    for (std::uint8_t level = 1; level <= 3; ++level)
        change(level);
    auto const said = events->take_notices();
    ASSERT_THAT(said, SizeIs(1));
    EXPECT_EQ(said[0].what, kind::overflow);
    EXPECT_EQ(said[0].id, id);
    EXPECT_EQ(said[0].requester, ip("192.168.20.9"));
}

TEST_F(engine, N_50_GENA_33_the_key_wraps_to_1)
{
    events->start_keys_at(event_key{4294967295});
    subscribe();
    auto const first = delivery();
    EXPECT_EQ(seq_of(first), "4294967295");
    settle(first);
    change(1);
    EXPECT_EQ(seq_of(delivery()), "1");
}

// ---- Delivering

TEST_F(engine, GENA_39_GENA_40_one_delivery_per_subscriber_at_a_time_over_its_interface)
{
    subscribe();
    change(1);
    auto const initial = delivery();
    EXPECT_EQ(initial.to().interface_index(), eth0);
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->deliveries_under_way(), 1U);
    settle(initial);
    EXPECT_EQ(seq_of(delivery()), "1");
}

TEST_F(engine, N_42_GENA_05_the_next_URL_is_tried_when_one_fails)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9:50201/", "http://192.168.20.9:50202/"});
    events->answered(now, granted->id, true);
    auto const first = delivery();
    EXPECT_EQ(first.to().where().port, 50201);
    settle(first, delivery_outcome::failed("connection refused"));
    EXPECT_THAT(notices(), IsEmpty()) << "nothing is lost yet";
    auto const second = delivery();
    EXPECT_EQ(second.to().where().port, 50202);
    EXPECT_EQ(seq_of(second), "0");
    settle(second);
    auto const said = events->take_notices();
    ASSERT_THAT(said, SizeIs(1));
    EXPECT_EQ(said[0].what, kind::delivered);
    EXPECT_EQ(said[0].url, "http://192.168.20.9:50202/");
    EXPECT_EQ(said[0].seq, 0U);
}

TEST_F(engine, N_48_GENA_41_GENA_42_a_lost_event_is_reported_and_the_next_one_follows)
{
    subscribe();
    change(1);
    auto const initial = delivery();
    settle(initial, delivery_outcome::failed("no answer"));
    auto const said = events->take_notices();
    ASSERT_THAT(said, SizeIs(1));
    EXPECT_EQ(said[0].what, kind::lost);
    EXPECT_EQ(said[0].seq, 0U);
    EXPECT_EQ(said[0].why, "no answer");
    EXPECT_EQ(seq_of(delivery()), "1");
    EXPECT_EQ(events->subscriptions(), 1U);
}

TEST_F(engine, settle_of_an_unknown_number_is_ignored)
{
    subscribe();
    auto const initial = delivery();
    events->settle(now, initial.number() + 1, delivery_outcome::delivered());
    events->settle(now, 0, delivery_outcome::failed(""));
    EXPECT_EQ(events->deliveries_under_way(), 1U);
    settle(initial);
    settle(initial, delivery_outcome::failed({}));
    EXPECT_THAT(notices(), ElementsAre(kind::delivered));
}

TEST_F(engine, limits_eventing_max_deliveries_is_reached)
{
    bounds.max_deliveries = 3;
    restart();
    for (int i = 0; i < 5; ++i)
        settled_subscriber("192.168.20." + std::to_string(10 + i));
    change(1);
    auto const first = deliveries();
    ASSERT_THAT(first, SizeIs(3));
    EXPECT_THAT(deliveries(), IsEmpty());
    settle(first[1]);
    EXPECT_THAT(deliveries(), SizeIs(1));
    EXPECT_EQ(events->deliveries_under_way(), 3U);
}

TEST_F(engine, GENA_37_limits_eventing_max_deliveries_of_one_is_shared_in_turn)
{
    bounds.max_deliveries = 1;
    restart();
    std::vector<std::string> const peers{"192.168.20.10", "192.168.20.11", "192.168.20.12", "192.168.20.13"};
    for (auto const& peer : peers)
        subscribe(peer);
    for (std::uint8_t level = 1; level <= 6; ++level)
        change(level); // everyone always has something to hear
    std::map<std::string, int> served;
    for (int round = 1; round <= 5; ++round) {
        for (std::size_t i = 0; i < peers.size(); ++i) {
            auto const one = delivery();
            ++served[one.to().where().address.to_string()];
            settle(one);
        }
        for (auto const& peer : peers)
            EXPECT_EQ(served[peer], round) << peer;
    }
}

TEST_F(engine, GENA_42_a_black_hole_does_not_hold_up_the_others)
{
    bounds.max_deliveries = 2;
    restart();
    settled_subscriber("192.168.20.10");
    subscribe("192.168.20.9");
    (void)delivery(); // it never answers
    for (std::uint8_t level = 1; level <= 10; ++level) {
        change(level);
        auto const event = delivery();
        EXPECT_EQ(event.to().where().address, ip("192.168.20.10"));
        EXPECT_EQ(seq_of(event), std::to_string(level));
        settle(event);
    }
}

TEST_F(engine, GENA_43_limits_eventing_max_failures_a_failing_subscriber_is_dropped)
{
    bounds.max_failures = 3;
    restart();
    auto const id = subscribe();
    for (std::uint8_t lost = 1; lost <= 3; ++lost) {
        EXPECT_EQ(events->subscriptions(), 1U);
        settle(delivery(), delivery_outcome::failed("refused"));
        change(lost);
    }
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(notices(), ElementsAre(kind::lost, kind::lost, kind::lost, kind::dropped));
    EXPECT_FALSE(renew({id, 1800s}));
}

TEST_F(engine, GENA_42_one_event_delivered_resets_the_count_of_failures)
{
    bounds.max_failures = 3;
    restart();
    subscribe();
    std::uint8_t level = 1;
    for (int round = 0; round < 10; ++round) {
        for (bool const delivered : {false, false, true}) {
            settle(delivery(), delivered ? delivery_outcome::delivered() : delivery_outcome::failed(""));
            change(level++);
        }
    }
    EXPECT_EQ(events->subscriptions(), 1U);
}

// ---- The segment at the time of delivery

TEST_F(engine, GENA_10_nothing_is_sent_when_the_target_has_left_the_segment)
{
    subscribe();
    table = interface_table{{test::interface_with(eth0, "eth0", {{ip("10.20.30.40"), 24}})}};
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->deliveries_under_way(), 0U);
    auto const said = events->take_notices();
    ASSERT_FALSE(said.empty());
    EXPECT_EQ(said[0].what, kind::target_left);
    EXPECT_EQ(said[0].url, "http://192.168.20.9:50200/");
}

TEST_F(engine, GENA_10_an_interface_that_is_gone_or_down_gets_nothing)
{
    for (bool const gone : {true, false}) {
        restart();
        table = test::home();
        subscribe();
        auto down = test::interface_with(eth0, "eth0", {{ip("192.168.20.5"), 24}});
        down.up = false;
        table = gone ? interface_table{} : interface_table{{down}};
        EXPECT_THAT(deliveries(), IsEmpty());
        EXPECT_THAT(notices(), testing::Contains(kind::target_left));
    }
}

TEST_F(engine, GENA_42_who_returns_to_the_segment_gets_the_later_events)
{
    settled_subscriber();
    table = interface_table{};
    change(1);
    EXPECT_THAT(deliveries(), IsEmpty());
    table = test::home();
    change(2);
    EXPECT_EQ(seq_of(delivery()), "2");
}

TEST_F(engine, GENA_11_a_target_that_left_long_enough_is_dropped)
{
    bounds.max_failures = 3;
    restart();
    settled_subscriber();
    table = interface_table{};
    for (std::uint8_t level = 1; level <= 3; ++level) {
        change(level);
        EXPECT_THAT(deliveries(), IsEmpty());
    }
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_THAT(notices(), testing::Contains(kind::dropped));
}

TEST_F(engine, GENA_05_a_second_URL_that_is_still_on_the_segment_is_tried)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.200/", "http://192.168.20.9/"});
    events->answered(now, granted->id, true);
    table = interface_table{{test::interface_with(eth0, "eth0", {{ip("192.168.20.5"), 25}})}};
    auto const second = delivery();
    EXPECT_EQ(second.to().where().address, ip("192.168.20.9"));
    EXPECT_EQ(seq_of(second), "0");
}

TEST_F(engine, GENA_30_the_initial_event_survives_a_queue_of_one)
{
    bounds.max_deliveries = 1;
    bounds.max_queued_events = 1;
    restart();
    subscribe("192.168.20.9");
    subscribe("192.168.20.10");
    auto const first = delivery();
    for (std::uint8_t level = 1; level <= 3; ++level)
        change(level);
    settle(first);
    auto const second = delivery();
    EXPECT_EQ(second.to().where().address, ip("192.168.20.10"));
    EXPECT_EQ(seq_of(second), "0");
    EXPECT_THAT(*second.body(), AllOf(HasSubstr("<Level>"), HasSubstr("<Mode>")));
}

// ---- A changed segment

/// eth0 as at home, but with this address; eth1 as it is.
interface_table with_eth0_at(std::string const& own, unsigned length)
{
    auto interfaces = test::home().all();
    interfaces[1].addresses = {{ip(own), length}};
    return interface_table{interfaces};
}

struct changed_segment : engine {
    /// What the runtime does.
    void interfaces_are(interface_table now_there)
    {
        table = std::move(now_there);
        events->interfaces_changed(now);
    }
    interface_table const elsewhere = with_eth0_at("10.20.30.40", 24);
};

TEST_F(changed_segment, limits_eventing_segment_grace_back_in_time_everything_arrives_in_order)
{
    settled_subscriber();
    notices();
    change(1);
    interfaces_are(elsewhere);
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), now + bounds.segment_grace);
    now += bounds.segment_grace / 2;
    change(2);
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(notices(), IsEmpty()) << "nothing is lost, nothing has ended";
    interfaces_are(test::home());
    for (auto const* seq : {"1", "2"}) {
        auto const event = delivery();
        EXPECT_EQ(seq_of(event), seq);
        settle(event);
    }
    now += bounds.segment_grace;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 1U);
    EXPECT_THAT(notices(), ElementsAre(kind::delivered, kind::delivered));
    EXPECT_EQ(events->next_deadline(), start + 1800s);
}

TEST_F(changed_segment, GENA_10_limits_eventing_segment_grace_not_back_it_ends_and_nothing_is_sent)
{
    auto const id = settled_subscriber();
    notices();
    interfaces_are(elsewhere);
    change(1);
    now += bounds.segment_grace - 1ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 1U);
    EXPECT_TRUE(renew({id, 1800s})) << "its SID still is one";
    now += 1ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 0U);
    auto const said = events->take_notices();
    ASSERT_THAT(said, SizeIs(1));
    EXPECT_EQ(said[0].what, kind::segment_left);
    EXPECT_EQ(said[0].id, id);
    EXPECT_EQ(said[0].requester, ip("192.168.20.9"));
    EXPECT_EQ(said[0].url, "http://192.168.20.9:50200/");
    EXPECT_FALSE(renew({id, 1800s}));
    EXPECT_EQ(events->next_deadline(), std::nullopt);
}

TEST_F(changed_segment, limits_eventing_segment_grace_that_is_over_is_due_once_and_waits_for_the_next_start)
{
    settled_subscriber();
    interfaces_are(elsewhere);
    EXPECT_THAT(deliveries(), IsEmpty());
    now += bounds.segment_grace;
    events->advance(now);
    EXPECT_EQ(events->next_deadline(), start + 1800s);
    EXPECT_FALSE(events->quiet());
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 0U);
    events->take_notices();
    EXPECT_TRUE(events->quiet());
}

TEST_F(changed_segment, limits_eventing_segment_grace_counts_from_when_it_left_not_from_an_earlier_change)
{
    // On a busy host the table changes all the time; that must not eat up the wait of one that leaves.
    settled_subscriber();
    auto other = test::home().all();
    other[2].addresses.push_back({ip("172.16.0.1"), 24});
    interfaces_are(interface_table{other});
    EXPECT_THAT(deliveries(), IsEmpty());
    auto const left = now += bounds.segment_grace - 1ms;
    interfaces_are(elsewhere);
    EXPECT_THAT(deliveries(), IsEmpty());
    now += 1ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 1U) << "it is gone for a millisecond only";
    EXPECT_EQ(events->next_deadline(), left + bounds.segment_grace);
    now = left + bounds.segment_grace / 2;
    interfaces_are(with_eth0_at("10.20.30.41", 24)); // nor does a later change make it longer
    EXPECT_THAT(deliveries(), IsEmpty());
    now = left + bounds.segment_grace - 1ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 1U);
    now = left + bounds.segment_grace;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 0U);
}

TEST_F(changed_segment, limits_eventing_segment_grace_begins_anew_for_one_that_was_back)
{
    settled_subscriber();
    interfaces_are(elsewhere);
    EXPECT_THAT(deliveries(), IsEmpty());
    now += bounds.segment_grace - 1ms;
    interfaces_are(test::home());
    EXPECT_THAT(deliveries(), IsEmpty());
    now += 1ms;
    interfaces_are(elsewhere);
    EXPECT_THAT(deliveries(), IsEmpty());
    now += bounds.segment_grace - 1ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 1U);
    now += 1ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 0U);
}

TEST_F(changed_segment, limits_eventing_segment_grace_of_none_ends_at_once)
{
    bounds.segment_grace = 0ms;
    restart();
    subscribe();
    interfaces_are(elsewhere);
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_THAT(notices(), ElementsAre(kind::segment_left));
}

TEST_F(changed_segment, an_interface_without_carrier_keeps_its_subscriptions)
{
    settled_subscriber();
    notices();
    auto unplugged = test::home().all();
    unplugged[1].up = false;
    interfaces_are(interface_table{unplugged});
    change(1);
    EXPECT_THAT(deliveries(), IsEmpty());
    now += bounds.segment_grace - 1ms;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(notices(), IsEmpty()) << "the cable may be back in a moment";
    now = start + 10min;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 1U);
    EXPECT_THAT(notices(), ElementsAre(kind::target_left, kind::lost));
    interfaces_are(test::home());
    change(2);
    EXPECT_EQ(seq_of(delivery()), "2");
}

TEST_F(changed_segment, one_that_stays_is_served_while_another_is_waited_for)
{
    settled_subscriber("192.168.20.9");
    settled_subscriber("192.168.20.200");
    notices();
    interfaces_are(with_eth0_at("192.168.20.5", 25));
    change(1);
    auto const event = delivery();
    EXPECT_EQ(event.to().where().address, ip("192.168.20.9"));
    settle(event);
    now += bounds.segment_grace;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 1U);
    EXPECT_THAT(notices(), ElementsAre(kind::delivered, kind::segment_left));
}

TEST_F(changed_segment, one_of_whose_URLs_is_still_on_the_segment_stays)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.200/", "http://192.168.20.9/"});
    events->answered(now, granted->id, true);
    interfaces_are(with_eth0_at("192.168.20.5", 25));
    deliveries();
    now += bounds.segment_grace;
    auto const second = delivery();
    EXPECT_EQ(second.to().where().address, ip("192.168.20.9"));
    EXPECT_EQ(events->subscriptions(), 1U);
}

TEST_F(changed_segment, an_attempt_under_way_does_not_outlive_its_subscription)
{
    subscribe();
    auto const initial = delivery();
    interfaces_are(elsewhere);
    EXPECT_THAT(deliveries(), IsEmpty());
    now += bounds.segment_grace;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 0U);
    settle(initial);
    EXPECT_EQ(events->deliveries_under_way(), 0U);
    EXPECT_THAT(notices(), ElementsAre(kind::segment_left));
}

TEST_F(changed_segment, a_cancelled_one_ends_without_a_word)
{
    auto const id = subscribe();
    ASSERT_TRUE(cancel(id));
    interfaces_are(elsewhere);
    EXPECT_THAT(deliveries(), IsEmpty());
    now += bounds.segment_grace;
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_THAT(notices(), IsEmpty());
}

TEST_F(changed_segment, without_subscriptions_there_is_nothing_to_wait_for)
{
    events->interfaces_changed(now);
    EXPECT_EQ(events->next_deadline(), std::nullopt);
}

TEST_F(changed_segment, GENA_11_one_that_becomes_an_address_of_ours_gets_nothing)
{
    settled_subscriber("192.168.20.9");
    auto const granted = ask("192.168.20.9", {"http://192.168.20.10/"});
    events->answered(now, granted->id, true);
    notices();
    interfaces_are(with_eth0_at("192.168.20.10", 24));
    EXPECT_THAT(deliveries(), IsEmpty());
    now += bounds.segment_grace;
    EXPECT_THAT(deliveries(), IsEmpty());
    auto const said = events->take_notices();
    ASSERT_THAT(said, SizeIs(2));
    EXPECT_EQ(said[0].what, kind::target_left);
    EXPECT_EQ(said[0].why, to_string(refusal_reason::callback_own_address));
    EXPECT_EQ(said[1].what, kind::lost);
}

// ---- The rate of connections to one target

struct throttled : engine {
    throttled()
    {
        bounds.notify_connect_burst = 2;
        bounds.notify_connects_per_second = 10;
        restart();
    }
    /// The ports of all that may start now; they are delivered at once.
    std::vector<std::uint16_t> ports()
    {
        std::vector<std::uint16_t> all;
        for (auto const& d : deliveries()) {
            all.push_back(d.to().where().port);
            settle(d);
        }
        return all;
    }
    void subscribe_at(std::string const& target, std::uint16_t port, std::string const& peer = "192.168.20.9")
    {
        auto const granted = ask(peer, {"http://" + target + ':' + std::to_string(port) + "/"});
        ASSERT_TRUE(granted);
        events->answered(now, granted->id, true);
    }
};

TEST_F(throttled, limits_eventing_notify_connect_burst_and_rate_are_reached_and_the_rest_waits)
{
    for (std::uint16_t port = 50001; port <= 50004; ++port)
        subscribe_at("192.168.20.9", port);
    EXPECT_THAT(ports(), ElementsAre(50001, 50002)) << "the burst";
    EXPECT_EQ(events->next_deadline(), start + 100ms);
    EXPECT_THAT(ports(), IsEmpty());
    now = start + 99ms;
    EXPECT_THAT(ports(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), start + 100ms);
    now = start + 100ms;
    EXPECT_THAT(ports(), SizeIs(1));
    EXPECT_EQ(events->next_deadline(), start + 200ms);
    now = start + 200ms;
    EXPECT_THAT(ports(), SizeIs(1));
    EXPECT_EQ(events->next_deadline(), start + 1800s) << "nothing waits any more";
    EXPECT_THAT(notices(), SizeIs(4)) << "nothing was lost";
}

TEST_F(throttled, limits_eventing_notify_connects_per_second_others_are_not_held_up)
{
    for (std::uint16_t port = 50001; port <= 50003; ++port)
        subscribe_at("192.168.20.9", port);
    subscribe_at("192.168.20.10", 50010, "192.168.20.10");
    EXPECT_THAT(ports(), testing::UnorderedElementsAre(50001, 50002, 50010));
}

TEST_F(throttled, limits_eventing_notify_connects_per_second_whoever_asked_the_target_counts)
{
    // Three neighbours aim at one victim.
    for (std::uint16_t peer = 10; peer < 13; ++peer)
        subscribe_at("192.168.20.99", static_cast<std::uint16_t>(50000 + peer),
                     "192.168.20." + std::to_string(peer));
    EXPECT_THAT(ports(), SizeIs(2));
    EXPECT_EQ(events->next_deadline(), start + 100ms);
}

TEST_F(throttled, limits_eventing_notify_connects_per_second_a_second_URL_is_a_connection_too)
{
    auto const granted = ask("192.168.20.9", {"http://192.168.20.9:50001/", "http://192.168.20.9:50002/",
                                              "http://192.168.20.9:50003/"});
    events->answered(now, granted->id, true);
    for (int i = 0; i < 2; ++i)
        settle(delivery(), delivery_outcome::failed("refused"));
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), start + 100ms);
    now = start + 100ms;
    auto const third = delivery();
    EXPECT_EQ(third.to().where().port, 50003);
    EXPECT_EQ(seq_of(third), "0");
}

TEST_F(throttled, limits_eventing_notify_connects_per_second_the_order_of_events_is_kept)
{
    subscribe_at("192.168.20.9", 50001);
    change(1);
    change(2);
    std::vector<std::string> seqs;
    for (; now < start + 1s; now += 50ms)
        for (auto const& d : deliveries()) {
            seqs.push_back(seq_of(d));
            settle(d);
        }
    EXPECT_THAT(seqs, ElementsAre("0", "1", "2"));
}

// ---- Who may renew and cancel

TEST_F(engine, GENA_18_GENA_20_policies_binding_a_subscription_is_bound_to_its_interface)
{
    auto const id = settled_subscriber();
    auto const expect_foreign = [&](auto const& refused) {
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().status, 412);
        EXPECT_EQ(refused.error().reason, refusal_reason::subscription_foreign);
    };
    expect_foreign(renew({id, 1800s}, dimmer, "10.8.0.9", test::eth1));
    expect_foreign(cancel(id, dimmer, "10.8.0.9", test::eth1));
    expect_foreign(renew({id, 1800s}, dimmer, "192.168.20.9", test::eth1)); // a forged address does not help
    expect_foreign(cancel(id, dimmer, "127.0.0.1", test::lo));
    EXPECT_EQ(events->next_deadline(), start + 1800s) << "not renewed";
    EXPECT_EQ(events->subscriptions(), 1U);
    EXPECT_TRUE(renew({id, 1800s}, dimmer, "192.168.20.10")) << "anyone on the same segment";
    EXPECT_TRUE(cancel(id, dimmer, "192.168.20.10"));
}

TEST_F(engine, GENA_18_GENA_20_policies_binding_same_host_only_who_made_it)
{
    policy.binding = subscription_binding::same_host;
    restart();
    auto const id = settled_subscriber();
    for (auto const* other : {"192.168.20.10", "fe80::9", "192.168.20.5"}) {
        auto const renewed = renew({id, 1800s}, dimmer, other);
        ASSERT_FALSE(renewed) << other;
        EXPECT_EQ(renewed.error().reason, refusal_reason::subscription_foreign) << other;
        auto const cancelled = cancel(id, dimmer, other);
        ASSERT_FALSE(cancelled) << other;
        EXPECT_EQ(cancelled.error().reason, refusal_reason::subscription_foreign) << other;
        EXPECT_EQ(cancelled.error().status, 412) << other;
    }
    EXPECT_FALSE(renew({id, 1800s}, dimmer, "192.168.20.9", test::eth1)) << "nor elsewhere";
    EXPECT_TRUE(renew({id, 1800s}));
    EXPECT_TRUE(cancel(id));
}

TEST_F(engine, GENA_18_policies_binding_same_host_knows_the_other_family_of_a_neighbour)
{
    policy.binding = subscription_binding::same_host;
    restart();
    link_layer_address const station{2, 0, 0, 0, 0, 9};
    table = interface_table{test::home().all(),
                            {{eth0, ip("192.168.20.9"), station},
                             {eth0, ip("fe80::9"), station},
                             {eth0, ip("fe80::a"), {2, 0, 0, 0, 0, 10}}}};
    auto const id = settled_subscriber();
    EXPECT_TRUE(renew({id, 1800s}, dimmer, "fe80::9"));
    EXPECT_FALSE(renew({id, 1800s}, dimmer, "fe80::a"));
    EXPECT_TRUE(cancel(id, dimmer, "fe80::9"));
}

TEST_F(engine, GENA_19_a_SID_that_is_none_is_unknown_wherever_it_is_named)
{
    auto const refused = renew({sid::generate(random), 1800s}, dimmer, "10.8.0.9", test::eth1);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().reason, refusal_reason::subscription_unknown);
}

// ---- Extra segments, targets, and the end of all

TEST_F(engine, GENA_11_an_extra_segment_is_served_as_the_link_is)
{
    events.emplace(tree, bounds, policy, now, segment_map{{{"eth0", {ip("192.168.30.0"), 24}}}});
    events->begin_service(dimmer);
    subscribe("192.168.30.9");
    EXPECT_EQ(delivery().to().where().address, ip("192.168.30.9"));
    EXPECT_FALSE(ask("192.168.30.9", {"http://192.168.31.9/"}));
}

TEST_F(engine, GENA_03_limits_eventing_max_subscriptions_per_target_beyond_it_503)
{
    bounds.max_subscriptions_per_target = 2;
    restart();
    EXPECT_TRUE(ask("192.168.20.9", {"http://192.168.20.99:50001/"}));
    EXPECT_TRUE(ask("192.168.20.10", {"http://192.168.20.99:50002/"}));
    auto const refused = ask("192.168.20.11", {"http://192.168.20.11/", "http://192.168.20.99:50003/"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 503);
    EXPECT_EQ(refused.error().reason, refusal_reason::subscription_target_limit);
    EXPECT_TRUE(ask("192.168.20.11", {"http://192.168.20.11/"}));
}

TEST_F(engine, clear_forgets_everything_and_tells_nobody)
{
    bounds.notify_connect_burst = 1;
    restart();
    subscribe();
    subscribe();
    auto const first = delivery();
    events->interfaces_changed(now);
    EXPECT_NE(events->next_deadline(), std::nullopt);
    events->clear();
    EXPECT_EQ(events->subscriptions(), 0U);
    EXPECT_EQ(events->deliveries_under_way(), 0U);
    EXPECT_EQ(events->next_deadline(), std::nullopt) << "neither expiry, nor rate, nor segment";
    settle(first);
    change(1);
    EXPECT_THAT(deliveries(), IsEmpty());
    EXPECT_THAT(notices(), IsEmpty());
}

} // namespace
} // namespace onlink
