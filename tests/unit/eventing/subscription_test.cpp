// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscription.hpp"

#include "unit/eventing/segment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using settled = subscription::settled;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr time_point expiry{100h};
constexpr auto coalesce = overflow_rule::coalesce_to_latest;
constexpr auto drop = overflow_rule::drop_oldest;
sid const id = sid::parse("uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa").value();

/// A service with A, B and C evented, and one that is not.
struct subscriber : testing::Test {
    static std::vector<state_variable> variables()
    {
        return scpd::build()
            .state("A", data_type::ui4)
            .state("Silent", data_type::ui4, {.evented = false})
            .state("B", data_type::ui4)
            .state("C", data_type::ui4)
            .done()
            .value()
            .variables();
    }

    static subscription make(std::vector<std::size_t> covered = {0, 2, 3}, event_key first_key = event_key{},
                             std::vector<std::string> const& urls = {"http://192.168.20.9:50200/ev/1"})
    {
        return {id, 7, test::admitted(urls), test::ip("192.168.20.9"), std::move(covered), expiry, first_key};
    }
    static subscription with_two_urls()
    {
        return make({0, 2, 3}, event_key{}, {"http://192.168.20.9:50201/", "http://192.168.20.9:50202/"});
    }

    void begin(subscription& s)
    {
        event_bodies bodies{state};
        s.begin(bodies);
    }

    /// Changes those variables, and tells the subscription as the engine would.
    bool change(subscription& s, std::vector<std::string> const& names, std::size_t max_queue = 8,
                overflow_rule rule = coalesce)
    {
        for (auto const& name : names)
            state.set(name, ++last_value);
        auto const changed = state.take_changes();
        event_bodies bodies{state};
        return s.push(changed, bodies, max_queue, rule);
    }

    /// SEQ of the event that goes out now; it is delivered.
    static std::uint32_t deliver(subscription& s)
    {
        auto const seq = s.start_attempt().event.key.value();
        EXPECT_EQ(s.settle(true), settled::delivered);
        return seq;
    }
    /// The same for all that waits.
    static std::vector<std::uint32_t> deliver_all(subscription& s)
    {
        std::vector<std::uint32_t> all;
        while (s.ready())
            all.push_back(deliver(s));
        return all;
    }

    state_table state{variables()};
    std::uint32_t last_value = 0;
};

TEST_F(subscriber, GENA_02_what_is_kept)
{
    auto s = make();
    EXPECT_EQ(s.id(), id);
    EXPECT_EQ(s.service(), 7U);
    EXPECT_EQ(s.requester(), test::ip("192.168.20.9"));
    EXPECT_THAT(s.variables(), ElementsAre(0, 2, 3));
    EXPECT_EQ(s.expiry(), expiry);
    EXPECT_TRUE(s.live());
    EXPECT_FALSE(s.done());
    s.renew(expiry + 1h);
    EXPECT_EQ(s.expiry(), expiry + 1h);
}

TEST_F(subscriber, GENA_31_nothing_goes_out_before_the_answer_is)
{
    auto s = make();
    EXPECT_FALSE(s.begun());
    EXPECT_FALSE(s.ready());
    EXPECT_TRUE(change(s, {"A"}));
    EXPECT_FALSE(s.ready());
    begin(s);
    EXPECT_TRUE(s.begun());
    EXPECT_TRUE(s.ready());
}

TEST_F(subscriber,
       GENA_30_GENA_32_GENA_47_the_initial_event_is_first_has_SEQ_0_and_all_evented_variables_of_now)
{
    auto s = make();
    change(s, {"A"});
    begin(s);
    change(s, {"B"});
    auto const attempt = s.start_attempt();
    EXPECT_EQ(attempt.event.key.value(), 0U);
    EXPECT_THAT(attempt.event.variables, ElementsAre(0, 2, 3));
    EXPECT_THAT(*attempt.event.body,
                AllOf(HasSubstr("<A>1</A>"), HasSubstr("<B>0</B>"), HasSubstr("<C>0</C>")));
    EXPECT_THAT(*attempt.event.body, Not(HasSubstr("Silent"))) << "GENA-47";
    EXPECT_EQ(attempt.to.to_string(), "http://192.168.20.9:50200/ev/1");
}

TEST_F(subscriber, GENA_31_the_initial_event_may_be_given_a_time)
{
    auto s = make();
    EXPECT_EQ(s.begins(), std::nullopt);
    s.begin_at(expiry - 1h);
    EXPECT_EQ(s.begins(), expiry - 1h);
    EXPECT_FALSE(s.begun());
    EXPECT_FALSE(s.ready());
    begin(s);
    EXPECT_EQ(s.begins(), std::nullopt);
    EXPECT_THAT(deliver_all(s), ElementsAre(0));
}

TEST_F(subscriber, N_47_GENA_30_cancelled_while_the_initial_event_waits_for_its_time)
{
    auto s = make();
    s.begin_at(expiry - 1h);
    s.cancel();
    EXPECT_FALSE(s.live());
    EXPECT_FALSE(s.done());
    begin(s);
    EXPECT_TRUE(change(s, {"A"}));
    EXPECT_THAT(deliver_all(s), ElementsAre(0));
    EXPECT_TRUE(s.done());
}

TEST_F(subscriber, GENA_18_begin_is_only_once)
{
    auto s = make();
    begin(s);
    begin(s);
    EXPECT_THAT(deliver_all(s), ElementsAre(0));
    begin(s);
    EXPECT_FALSE(s.ready());
}

TEST_F(subscriber, GENA_32_each_event_has_the_next_SEQ)
{
    auto s = make();
    begin(s);
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(change(s, {"A"}));
    EXPECT_EQ(s.queued(), 4U);
    EXPECT_THAT(deliver_all(s), ElementsAre(0, 1, 2, 3));
}

TEST_F(subscriber, N_50_GENA_33_the_key_wraps_to_1)
{
    auto s = make({0, 2, 3}, event_key{4294967294});
    begin(s);
    for (int i = 0; i < 3; ++i)
        change(s, {"A"});
    EXPECT_THAT(deliver_all(s), ElementsAre(4294967294, 4294967295, 1, 2));
}

TEST_F(subscriber, GENA_40_one_event_in_flight_at_a_time)
{
    auto s = make();
    begin(s);
    change(s, {"A"});
    ASSERT_TRUE(s.ready());
    s.start_attempt();
    EXPECT_FALSE(s.ready());
    change(s, {"B"});
    EXPECT_FALSE(s.ready());
    s.settle(true);
    EXPECT_TRUE(s.ready());
}

TEST_F(subscriber, GENA_35_GENA_36_changes_of_one_time_are_one_event_and_only_of_what_changed)
{
    auto s = make();
    begin(s);
    deliver(s);
    change(s, {"C", "A", "Silent"});
    auto const attempt = s.start_attempt();
    EXPECT_THAT(attempt.event.variables, ElementsAre(0, 3));
    EXPECT_THAT(*attempt.event.body, AllOf(HasSubstr("<A>2</A>"), HasSubstr("<C>1</C>"),
                                           Not(HasSubstr("<B>")), Not(HasSubstr("Silent"))));
}

TEST_F(subscriber, GENA_17_a_filter_lets_only_its_variables_through_and_the_rest_takes_no_SEQ)
{
    auto s = make({2});
    begin(s);
    EXPECT_THAT(*s.start_attempt().event.body,
                AllOf(HasSubstr("<B>0</B>"), Not(HasSubstr("<A>")), Not(HasSubstr("<C>"))));
    s.settle(true);
    EXPECT_TRUE(change(s, {"A"}));
    EXPECT_TRUE(change(s, {"C", "Silent"}));
    EXPECT_FALSE(s.ready());
    change(s, {"A", "B"});
    auto const attempt = s.start_attempt();
    EXPECT_EQ(attempt.event.key.value(), 1U);
    EXPECT_THAT(attempt.event.variables, ElementsAre(2));
    EXPECT_THAT(*attempt.event.body, AllOf(HasSubstr("<B>5</B>"), Not(HasSubstr("<A>"))));
}

TEST_F(subscriber, GENA_38_the_body_is_shared_where_all_of_the_change_is_covered)
{
    auto all = make();
    auto filtered = make({0});
    begin(all);
    begin(filtered);
    deliver(all);
    deliver(filtered);
    state.set("A", 1U);
    state.set("B", 2U);
    auto const changed = state.take_changes();
    event_bodies bodies{state};
    all.push(changed, bodies, 8, coalesce);
    filtered.push(changed, bodies, 8, coalesce);
    EXPECT_EQ(all.start_attempt().event.body, bodies.change(changed));
    EXPECT_EQ(filtered.start_attempt().event.body, bodies.change({changed[0]}))
        << "nor is one of part of it rendered twice";
}

TEST_F(subscriber, N_42_GENA_05_every_event_is_tried_at_the_URLs_in_turn)
{
    auto s = with_two_urls();
    begin(s);
    for (std::uint32_t seq = 0; seq < 3; ++seq) {
        auto const first = s.start_attempt();
        EXPECT_EQ(first.event.key.value(), seq);
        EXPECT_EQ(first.to.where().port, 50201);
        EXPECT_EQ(s.settle(false), settled::next_url);
        ASSERT_TRUE(s.ready());
        auto const second = s.start_attempt();
        EXPECT_EQ(second.event.key.value(), seq) << "the same event";
        EXPECT_EQ(second.to.where().port, 50202);
        EXPECT_EQ(s.settle(true), settled::delivered);
        EXPECT_FALSE(s.ready());
        change(s, {"A"});
    }
    EXPECT_EQ(s.failures(), 0U);
}

TEST_F(subscriber, N_48_GENA_42_a_lost_event_is_gone_and_leaves_a_gap_in_SEQ)
{
    auto s = with_two_urls();
    begin(s);
    deliver(s);
    change(s, {"A"});
    change(s, {"B"});
    s.start_attempt();
    EXPECT_EQ(s.settle(false), settled::next_url);
    s.start_attempt();
    EXPECT_EQ(s.settle(false), settled::lost);
    EXPECT_EQ(s.failures(), 1U);
    auto const next = s.start_attempt();
    EXPECT_EQ(next.event.key.value(), 2U);
    EXPECT_EQ(next.to.where().port, 50201) << "from the first URL on";
}

TEST_F(subscriber, GENA_42_failures_are_counted_until_one_is_delivered)
{
    auto s = make();
    begin(s);
    for (unsigned lost = 1; lost <= 5; ++lost) {
        s.start_attempt();
        EXPECT_EQ(s.settle(false), settled::lost);
        EXPECT_EQ(s.failures(), lost);
        change(s, {"A"});
    }
    deliver(s);
    EXPECT_EQ(s.failures(), 0U);
}

// ---- Overflow

TEST_F(subscriber, limits_eventing_max_queued_events_coalescing_the_newest_takes_up_the_change_and_its_SEQ)
{
    auto s = make();
    begin(s);
    deliver(s);
    EXPECT_TRUE(change(s, {"A"}, 2));  // 1
    EXPECT_TRUE(change(s, {"B"}, 2));  // 2
    EXPECT_FALSE(change(s, {"C"}, 2)); // 3, with that of 2
    EXPECT_FALSE(change(s, {"B"}, 2)); // 4, with that of 3
    EXPECT_EQ(s.queued(), 2U);
    EXPECT_EQ(deliver(s), 1U);
    auto const attempt = s.start_attempt();
    EXPECT_EQ(attempt.event.key.value(), 4U) << "the gap shows";
    EXPECT_THAT(attempt.event.variables, ElementsAre(2, 3)) << "each once, in SCPD order";
    EXPECT_THAT(*attempt.event.body,
                AllOf(HasSubstr("<B>4</B>"), HasSubstr("<C>3</C>"), Not(HasSubstr("<A>"))));
    s.settle(true);
    EXPECT_FALSE(s.ready());
}

TEST_F(subscriber, limits_eventing_max_queued_events_dropping_the_longest_waiting_is_lost)
{
    auto s = make();
    begin(s);
    deliver(s);
    EXPECT_TRUE(change(s, {"A"}, 2, drop));
    EXPECT_TRUE(change(s, {"B"}, 2, drop));
    EXPECT_FALSE(change(s, {"C"}, 2, drop));
    EXPECT_EQ(s.queued(), 2U);
    EXPECT_THAT(deliver_all(s), ElementsAre(2, 3));
}

TEST_F(subscriber, limits_eventing_max_queued_events_is_never_exceeded)
{
    for (auto const rule : {coalesce, drop})
        for (std::size_t const max_queue : {1U, 2U, 8U}) {
            auto s = make();
            begin(s);
            s.start_attempt(); // in flight, and does not come back
            for (int i = 0; i < 1000; ++i) {
                change(s, {"A", "B"}, max_queue, rule);
                ASSERT_LE(s.queued(), max_queue);
            }
            s.settle(true);
            auto const seqs = deliver_all(s);
            EXPECT_EQ(seqs.size(), max_queue);
            EXPECT_EQ(seqs.back(), 1000U) << "the latest state arrives";
        }
}

TEST_F(subscriber, an_event_in_flight_is_not_touched_by_overflow)
{
    for (auto const rule : {coalesce, drop}) {
        auto s = make();
        begin(s);
        auto const attempt = s.start_attempt();
        auto const body = attempt.event.body;
        for (int i = 0; i < 5; ++i)
            change(s, {"A"}, 1, rule);
        EXPECT_EQ(s.current()->key.value(), 0U);
        EXPECT_EQ(s.current()->body, body);
    }
}

TEST_F(subscriber, GENA_30_the_initial_event_survives_overflow)
{
    // It waits because all deliveries are taken; SEQ 0 is what makes the SID known to be alive, and carries
    // all variables.
    for (auto const rule : {coalesce, drop})
        for (std::size_t const max_queue : {1U, 2U, 3U}) {
            auto s = make();
            begin(s);
            for (int i = 0; i < 10; ++i)
                change(s, {"A"}, max_queue, rule);
            ASSERT_LE(s.queued(), max_queue);
            auto const first = s.start_attempt();
            EXPECT_EQ(first.event.key.value(), 0U) << "max_queue " << max_queue;
            EXPECT_THAT(first.event.variables, ElementsAre(0, 2, 3)) << "max_queue " << max_queue;
            s.settle(true);
        }
}

TEST_F(subscriber, GENA_42_the_latest_value_arrives_whatever_was_lost_to_overflow)
{
    for (auto const rule : {coalesce, drop})
        for (std::size_t const max_queue : {1U, 2U, 3U}) {
            auto s = make();
            begin(s);
            for (int i = 0; i < 10; ++i)
                change(s, {"A"}, max_queue, rule);
            std::string last;
            while (s.ready()) {
                last = *s.start_attempt().event.body;
                s.settle(true);
            }
            EXPECT_THAT(last, HasSubstr("<A>" + std::to_string(last_value) + "</A>"));
        }
}

// ---- The end

TEST_F(subscriber, GENA_20_after_cancel_nothing_more_is_queued_or_sent)
{
    auto s = make();
    begin(s);
    deliver(s);
    change(s, {"A"});
    s.cancel();
    EXPECT_FALSE(s.live());
    EXPECT_TRUE(s.done());
    EXPECT_FALSE(s.ready());
    EXPECT_TRUE(change(s, {"B"}));
    EXPECT_FALSE(s.ready());
}

TEST_F(subscriber, N_47_GENA_30_cancelled_before_the_initial_event_left_it_is_still_sent_and_only_it)
{
    auto s = make();
    begin(s);
    change(s, {"A"});
    s.cancel();
    EXPECT_FALSE(s.live());
    EXPECT_FALSE(s.done());
    EXPECT_THAT(deliver_all(s), ElementsAre(0));
    EXPECT_TRUE(s.done());
}

TEST_F(subscriber, N_47_GENA_30_cancelled_while_the_initial_event_is_under_way_it_is_tried_to_the_end)
{
    auto s = with_two_urls();
    begin(s);
    s.start_attempt();
    change(s, {"A"});
    s.cancel();
    EXPECT_FALSE(s.done());
    EXPECT_EQ(s.settle(false), settled::next_url);
    ASSERT_TRUE(s.ready());
    auto const again = s.start_attempt();
    EXPECT_EQ(again.event.key.value(), 0U);
    EXPECT_EQ(again.to.where().port, 50202);
    EXPECT_EQ(s.settle(true), settled::delivered);
    EXPECT_FALSE(s.ready());
    EXPECT_TRUE(s.done());
}

TEST_F(subscriber, GENA_30_cancelled_before_the_answer_was_seen_to_leave_the_initial_event_is_still_sent)
{
    // The control point has the SID and cancels on another connection before the write of the answer is
    // reported as done.
    auto s = make();
    s.cancel();
    EXPECT_FALSE(s.live());
    begin(s);
    EXPECT_THAT(deliver_all(s), ElementsAre(0));
    EXPECT_TRUE(s.done());
}

TEST_F(subscriber, GENA_20_a_later_event_that_fails_after_cancel_is_not_tried_elsewhere)
{
    auto s = with_two_urls();
    begin(s);
    deliver(s);
    change(s, {"A"});
    s.start_attempt();
    s.cancel();
    EXPECT_FALSE(s.done()) << "it cannot be called back";
    s.settle(false);
    EXPECT_FALSE(s.ready());
    EXPECT_TRUE(s.done());
}

TEST_F(subscriber, GENA_20_a_later_event_between_two_URLs_is_not_sent_after_cancel)
{
    auto s = with_two_urls();
    begin(s);
    deliver(s);
    change(s, {"A"});
    s.start_attempt();
    EXPECT_EQ(s.settle(false), settled::next_url);
    s.cancel();
    EXPECT_FALSE(s.ready());
    EXPECT_TRUE(s.done());
}

} // namespace
} // namespace onlink
