// SPDX-License-Identifier: BSL-1.0
#include "eventing/multicast_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr time_point start{100h};

struct repeats : testing::Test {
    explicit repeats(unsigned times = 1) : queue(bounds, times, start) {}

    bool push(std::size_t service = 0)
    {
        return queue.push(now, service, "upnp:/general", std::make_shared<std::string const>("body"));
    }
    /// Service and SEQ of what goes now.
    std::vector<std::pair<std::size_t, std::uint32_t>> out()
    {
        std::vector<std::pair<std::size_t, std::uint32_t>> all;
        for (auto const& event : queue.take(now))
            all.emplace_back(event.service, event.key.value());
        return all;
    }
    using seen = std::pair<std::size_t, std::uint32_t>;

    limits::eventing_limits bounds = [] {
        limits::eventing_limits few;
        few.multicast_burst = 4;
        few.multicasts_per_second = 1;
        return few;
    }();
    time_point now = start;
    multicast_queue queue;
};

TEST_F(repeats, MCEV_10_an_event_goes_again_with_its_SEQ_after_a_pause)
{
    EXPECT_TRUE(push(7));
    EXPECT_THAT(out(), ElementsAre(seen{7, 0}));
    EXPECT_EQ(queue.next_due(), start + bounds.multicast_repeat_gap);
    now += bounds.multicast_repeat_gap - 1ms;
    EXPECT_THAT(out(), IsEmpty());
    now += 1ms;
    EXPECT_THAT(out(), ElementsAre(seen{7, 0}));
    EXPECT_EQ(queue.next_due(), std::nullopt);
    now += 10s;
    EXPECT_THAT(out(), IsEmpty());
    EXPECT_TRUE(push(7));
    EXPECT_THAT(out(), ElementsAre(seen{7, 1})) << "MCEV-07: a repeat took no number";
}

TEST_F(repeats, MCEV_10_as_often_as_was_asked)
{
    queue = multicast_queue{bounds, 3, start};
    push();
    int sent = 0;
    for (; now < start + 1s; now += 50ms)
        sent += static_cast<int>(out().size());
    EXPECT_EQ(sent, 4);
    queue = multicast_queue{bounds, 0, start};
    push();
    EXPECT_EQ(queue.next_due(), std::nullopt);
}

TEST_F(repeats, limits_eventing_multicast_burst_is_reached_and_repeats_are_left_out_silently)
{
    for (int i = 0; i < 4; ++i)
        EXPECT_TRUE(push());
    EXPECT_FALSE(push()) << "lost, which SEQ shows";
    EXPECT_EQ(out().size(), 4U);
    now += bounds.multicast_repeat_gap;
    EXPECT_THAT(out(), IsEmpty()) << "a tenth of a token";
    EXPECT_EQ(queue.next_due(), std::nullopt);
    now += 1s;
    EXPECT_TRUE(push());
    EXPECT_THAT(out(), ElementsAre(seen{0, 5}));
}

TEST_F(repeats, MCEV_07_each_service_has_its_numbers_and_takes_them_away_with_it)
{
    push(1);
    push(2);
    push(1);
    EXPECT_THAT(out(), ElementsAre(seen{1, 0}, seen{2, 0}, seen{1, 1}));
    queue.forget(1);
    now += bounds.multicast_repeat_gap;
    EXPECT_THAT(out(), ElementsAre(seen{2, 0}));
    now += 10s;
    push(1);
    EXPECT_THAT(out(), ElementsAre(seen{1, 0}));
}

TEST_F(repeats, cleared_nothing_goes_any_more_and_numbers_go_on)
{
    push();
    queue.clear();
    now += 1s;
    EXPECT_THAT(out(), IsEmpty());
    push();
    EXPECT_THAT(out(), ElementsAre(seen{0, 1}));
}

} // namespace
} // namespace onlink
