// SPDX-License-Identifier: BSL-1.0
// "A state change" of docs/architecture.md, through the whole runtime, without a socket.
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::SizeIs;

struct state_change_flow : testing::Test {
    state_change_flow() { host.start_and_settle(); }

    void subscribe(char const* peer = "192.168.20.9")
    {
        host.http(with(wire("g25_subscribe_statevar.request"), "http://192.168.20.9",
                       "http://" + std::string{peer}),
                  peer);
    }
    void switch_light(bool on)
    {
        host.power.state().set("Status", on);
        host.runtime.on_state_change(host.now(), 0);
        host.obey();
    }

    lamp_host host;
};

TEST_F(state_change_flow, GENA_40_one_event_is_under_way_to_a_subscriber_at_a_time)
{
    subscribe();
    switch_light(true);
    switch_light(false);
    EXPECT_THAT(host.deliveries, SizeIs(1));
    host.settle(0);
    EXPECT_THAT(host.deliveries, SizeIs(2));
    host.settle(1);
    EXPECT_THAT(host.deliveries, SizeIs(3));
}

TEST_F(state_change_flow, the_initial_event_waits_its_delay_and_has_the_values_of_its_time)
{
    auto options = lamp_host::golden_options();
    options.policies.initial_event_delay = 100ms;
    lamp_host late{options};
    late.start_and_settle();
    late.http(wire("g25_subscribe_statevar.request"));
    late.power.state().set("Status", true);
    late.runtime.on_state_change(late.now(), 0);
    late.pass(99ms);
    EXPECT_THAT(late.deliveries, SizeIs(0));
    late.pass(1ms);
    ASSERT_THAT(late.deliveries, SizeIs(1));
    EXPECT_THAT(late.notify(0), testing::HasSubstr("SEQ: 0\r\n"));
    EXPECT_THAT(late.notify(0), testing::HasSubstr("<Status>1</Status>"));
    late.settle(0);
    EXPECT_THAT(late.deliveries, SizeIs(1)) << "the change is in the initial event; it is not sent twice";
}

TEST_F(state_change_flow, GENA_30_cancelled_during_that_delay_the_initial_event_still_comes_and_nothing_else)
{
    auto options = lamp_host::golden_options();
    options.policies.initial_event_delay = 100ms;
    lamp_host late{options};
    late.start_and_settle();
    auto const answer = late.http(wire("g25_subscribe_statevar.request")).bytes;
    auto const sid = answer.substr(answer.find("SID: ") + 5, 41);
    EXPECT_THAT(
        late.http(with(wire("g31_unsubscribe.request"), "uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa", sid))
            .bytes,
        testing::StartsWith("HTTP/1.1 200 "));
    late.pass(1s);
    ASSERT_THAT(late.deliveries, SizeIs(1));
    late.settle(0);
    EXPECT_EQ(late.runtime.events().subscriptions(), 0U);
}

TEST_F(state_change_flow, setting_the_same_value_is_no_event)
{
    subscribe();
    host.settle(0);
    switch_light(false);
    EXPECT_THAT(host.deliveries, SizeIs(1));
}

TEST_F(state_change_flow, GENA_37_GENA_38_every_subscriber_gets_the_same_body)
{
    subscribe("192.168.20.9");
    subscribe("192.168.20.10");
    host.settle(0);
    host.settle(1);
    switch_light(true);
    ASSERT_THAT(host.deliveries, SizeIs(4));
    EXPECT_EQ(host.deliveries[2].body(), host.deliveries[3].body()) << "one immutable body, shared";
}

TEST_F(state_change_flow, a_subscriber_that_does_not_read_gets_the_latest_and_sees_the_gap)
{
    subscribe(); // the initial event is never settled
    bool on = false;
    auto const changes = limits{}.eventing.max_queued_events + 5;
    for (std::size_t i = 0; i < changes; ++i)
        switch_light(on = !on);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::event_overflow], 5U);
    std::string last;
    for (std::size_t delivery = 0; delivery < host.deliveries.size(); ++delivery) {
        last = host.notify(delivery);
        host.settle(delivery);
    }
    EXPECT_THAT(host.deliveries, SizeIs(1 + limits{}.eventing.max_queued_events));
    EXPECT_THAT(last, testing::HasSubstr("SEQ: " + std::to_string(changes) + "\r\n"));
    EXPECT_THAT(last, testing::HasSubstr(on ? "<Status>1</Status>" : "<Status>0</Status>"));
}

TEST_F(state_change_flow, nothing_goes_to_an_address_that_has_left_the_segment)
{
    subscribe();
    host.settle(0);
    // The interface was renumbered: the subscriber's address is somebody else's now.
    host.runtime.set_interfaces(
        host.now(), interface_table{std::vector<network_interface>{
                        {lamp_host::eth, "eth0", true, true, false, {{ip("192.168.99.5"), 24}}}}});
    switch_light(true);
    EXPECT_THAT(host.deliveries, SizeIs(1));
    EXPECT_EQ(host.runtime.events().subscriptions(), 1U) << "a new lease may bring it back";
    host.pass(limits{}.eventing.segment_grace);
    EXPECT_THAT(host.deliveries, SizeIs(1));
    EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::event_target_left], 1U);
}

TEST_F(state_change_flow, a_lease_that_comes_back_in_time_loses_no_event)
{
    subscribe();
    host.settle(0);
    host.runtime.set_interfaces(host.now(), interface_table{});
    switch_light(true);
    host.pass(limits{}.eventing.segment_grace / 2);
    EXPECT_THAT(host.deliveries, SizeIs(1));
    host.runtime.set_interfaces(host.now(), lamp_host::golden_interfaces());
    host.obey();
    host.pass(limits{}.eventing.segment_grace);
    ASSERT_THAT(host.deliveries, SizeIs(2));
    EXPECT_THAT(host.notify(1), testing::HasSubstr("SEQ: 1\r\n"));
    EXPECT_EQ(host.runtime.events().subscriptions(), 1U);
}

TEST_F(state_change_flow, an_expired_subscription_gets_nothing)
{
    subscribe();
    host.settle(0);
    host.pass(3601s);
    switch_light(true);
    EXPECT_THAT(host.deliveries, SizeIs(1));
    EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
}

TEST_F(state_change_flow, deliveries_under_way_are_bounded)
{
    auto options = lamp_host::golden_options();
    options.limits.eventing.max_deliveries = 3;
    lamp_host busy{options};
    busy.start_and_settle();
    for (int i = 1; i <= 10; ++i) {
        auto const peer = "192.168.20." + std::to_string(10 + i);
        busy.http(with(wire("g25_subscribe_statevar.request"), "http://192.168.20.9", "http://" + peer),
                  peer.c_str());
    }
    EXPECT_THAT(busy.deliveries, SizeIs(1)) << "half of three: they have yet to take an event";
    for (std::size_t i = 0; i < 10; ++i) {
        EXPECT_LE(busy.runtime.events().deliveries_under_way(), 3U);
        busy.settle(i);
    }
    EXPECT_THAT(busy.deliveries, SizeIs(10)) << "everybody had a turn";
}

TEST_F(state_change_flow, GENA_42_what_is_given_up_is_closed_before_anything_takes_its_place)
{
    host.http(with(wire("g25_subscribe_statevar.request"), "<http://192.168.20.9:50200/ev/1>",
                   "<http://192.168.20.9:50200/><http://192.168.20.10:50200/>"));
    ASSERT_THAT(host.deliveries, SizeIs(1));
    host.clock += limits{}.eventing.notify_connect_deadline;
    host.runtime.advance(host.now());
    auto const items = host.runtime.drain(host.now());
    std::vector<std::size_t> closings, events;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (std::holds_alternative<close_connection>(items[i]))
            closings.push_back(i);
        else if (std::holds_alternative<send_event>(items[i]))
            events.push_back(i);
    }
    ASSERT_THAT(closings, SizeIs(1));
    ASSERT_THAT(events, SizeIs(1)) << "the second URL";
    EXPECT_LT(closings[0], events[0]);
}

} // namespace
} // namespace onlink::test
