// SPDX-License-Identifier: BSL-1.0
#include "unit/eventing/lamp_engine.hpp"

#include <memory>
#include <stdexcept>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using test::start;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// Level at most every 2 seconds; Mode as it is.
struct moderation : test::lamp_engine {
    moderation() { moderate({.maximum_rate = 2s}); }

    void moderate(event_moderation how)
    {
        tree.services[test::dimmer].service.moderate("Level", how);
        restart();
        settled_subscriber();
    }
    void set(std::string const& name, value v)
    {
        tree.services[test::dimmer].service.state().set(name, std::move(v));
        events->publish(now, test::dimmer);
    }
    /// The body of the one event that goes; empty if none does.
    std::string event()
    {
        auto const all = deliveries();
        EXPECT_LE(all.size(), 1U);
        if (all.empty())
            return {};
        settle(all[0]);
        return *all[0].body();
    }
};

TEST_F(moderation, GENA_45_the_first_change_goes_at_once_the_next_when_the_time_is_over)
{
    set("Level", 1);
    EXPECT_THAT(event(), HasSubstr("<Level>1</Level>"));
    now += 1s;
    set("Level", 2);
    EXPECT_THAT(event(), IsEmpty());
    EXPECT_EQ(events->next_deadline(), start + 2s);
    now += 500ms;
    set("Level", 3);
    now = start + 2s - 1ms;
    EXPECT_THAT(event(), IsEmpty());
    now = start + 2s;
    EXPECT_THAT(event(), HasSubstr("<Level>3</Level>")) << "the value of then, once";
    now += 2s;
    EXPECT_THAT(event(), IsEmpty()) << "nothing more has changed";
    now += 1ms;
    set("Level", 4);
    EXPECT_THAT(event(), HasSubstr("<Level>4</Level>")) << "after a longer silence: at once";
}

TEST_F(moderation, GENA_45_what_is_not_moderated_does_not_wait)
{
    set("Level", 1);
    event();
    set("Level", 2);
    set("Mode", "Night");
    EXPECT_THAT(event(), AllOf(HasSubstr("<Mode>Night</Mode>"), Not(HasSubstr("Level"))));
    now += 2s;
    EXPECT_THAT(event(), AllOf(HasSubstr("<Level>2</Level>"), Not(HasSubstr("Mode"))));
}

TEST_F(moderation, GENA_46_what_was_held_back_and_may_go_rides_along)
{
    set("Level", 1);
    event();
    set("Level", 2);
    now += 2s;
    tree.services[test::dimmer].service.state().set("Mode", "Night");
    events->publish(now, test::dimmer); // before the timer has fired
    EXPECT_THAT(event(), AllOf(HasSubstr("<Level>2</Level>"), HasSubstr("<Mode>Night</Mode>")));
    EXPECT_THAT(event(), IsEmpty());
}

TEST_F(moderation, GENA_46_the_value_itself_is_never_held_back)
{
    set("Level", 1);
    event();
    set("Level", 2);
    EXPECT_EQ(tree.services[test::dimmer].service.state().get<int>("Level"), 2);
    subscribe("192.168.20.10");
    EXPECT_THAT(event(), HasSubstr("<Level>2</Level>")) << "an initial event tells the values of now";
}

TEST_F(moderation, GENA_45_a_change_back_is_a_change)
{
    set("Level", 1);
    event();
    set("Level", 2);
    set("Level", 1);
    now += 2s;
    EXPECT_THAT(event(), HasSubstr("<Level>1</Level>"));
}

TEST_F(moderation, GENA_45_minimumDelta_is_counted_from_the_value_last_sent)
{
    moderate({.minimum_delta = 5});
    set("Level", 4);
    EXPECT_THAT(event(), IsEmpty());
    set("Level", 5);
    EXPECT_THAT(event(), HasSubstr("<Level>5</Level>"));
    set("Level", 9);
    set("Level", 1);
    EXPECT_THAT(event(), IsEmpty());
    set("Level", 0);
    EXPECT_THAT(event(), HasSubstr("<Level>0</Level>"));
    now += 100s;
    EXPECT_THAT(event(), IsEmpty());
}

TEST_F(moderation, GENA_45_both_have_to_hold)
{
    moderate({.maximum_rate = 2s, .minimum_delta = 5});
    set("Level", 10);
    EXPECT_THAT(event(), HasSubstr("<Level>10</Level>"));
    set("Level", 20);
    EXPECT_THAT(event(), IsEmpty());
    set("Level", 12);
    now += 3s;
    EXPECT_THAT(event(), IsEmpty()) << "it came back before it could go";
    set("Level", 15);
    EXPECT_THAT(event(), HasSubstr("<Level>15</Level>"));
}

TEST_F(moderation, GENA_45_a_queue_that_overflows_still_tells_the_latest)
{
    bounds.max_queued_events = 1;
    moderate({.maximum_rate = 1s});
    set("Level", 1);
    auto const under_way = delivery();
    for (int value = 2; value < 10; ++value) {
        now += 1s;
        set("Level", value);
        events->advance(now);
    }
    settle(under_way);
    EXPECT_THAT(event(), HasSubstr("<Level>9</Level>"));
}

TEST_F(moderation, a_service_that_is_gone_has_nothing_due)
{
    set("Level", 1);
    event();
    set("Level", 2);
    events->end_service(test::dimmer);
    EXPECT_EQ(events->next_deadline(), std::nullopt);
    now += 2s;
    EXPECT_THAT(event(), IsEmpty());
}

/// An application's log with a bug.
struct broken_log : change_log {
    std::string take_changes() override { throw std::runtime_error{"bug"}; }
    std::string everything() const override { throw std::runtime_error{"bug"}; }
};

TEST_F(moderation, a_change_log_that_throws_costs_its_own_news_and_is_counted)
{
    auto& state = tree.services[test::dimmer].service.state();
    set("Mode", "Day");
    event();
    state.tell_by("Mode", std::make_shared<broken_log>());
    now += 2s;
    state.touch(2);
    set("Level", 1);
    EXPECT_THAT(event(), AllOf(HasSubstr("<Level>1</Level>"), HasSubstr("<Mode>Day</Mode>")));
    EXPECT_EQ(events->take_log_failures(), 1U);
    subscribe("192.168.20.10");
    EXPECT_THAT(event(), HasSubstr("<Mode>Day</Mode>")) << "so does an initial event";
    EXPECT_EQ(events->take_log_failures(), 1U);
    EXPECT_EQ(events->take_log_failures(), 0U);
}

} // namespace
} // namespace onlink
