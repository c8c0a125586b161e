// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscription_table.hpp"

#include "support/seeded_random.hpp"
#include "unit/eventing/segment.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::chrono_literals;

constexpr time_point start{100h};

struct table_of_subscriptions : testing::Test {
    subscription one_of(std::string const& peer, std::size_t service = 0, time_point expiry = start + 1800s)
    {
        return {sid::generate(random), service, test::admitted({"http://192.168.20.9/"}),
                test::ip(peer),        {0},     expiry};
    }

    test::seeded_random random{1};
};

TEST_F(table_of_subscriptions, GENA_19_a_SID_is_found_only_at_its_service)
{
    subscription_table table{limits{}.eventing};
    auto const a = table.add(one_of("192.168.20.9", 1)).value()->id();
    auto const b = table.add(one_of("192.168.20.9", 2)).value()->id();
    ASSERT_NE(table.find(a, 1), nullptr);
    EXPECT_EQ(table.find(a, 1)->id(), a);
    EXPECT_EQ(table.find(a, 2), nullptr);
    EXPECT_EQ(table.find(b, 2)->id(), b);
    EXPECT_EQ(table.find(a)->id(), a);
    EXPECT_EQ(table.find(sid::generate(random)), nullptr);
    EXPECT_EQ(table.find(sid::generate(random), 1), nullptr);
}

TEST_F(table_of_subscriptions, N_46_GENA_20_a_cancelled_one_is_nobodys_SID_any_more)
{
    subscription_table table{limits{}.eventing};
    auto const id = table.add(one_of("192.168.20.9")).value()->id();
    table.find(id)->cancel();
    EXPECT_EQ(table.find(id, 0), nullptr);
    EXPECT_NE(table.find(id), nullptr) << "until its initial event is out";
    table.erase(*table.find(id));
    EXPECT_EQ(table.find(id), nullptr);
    EXPECT_TRUE(table.all().empty());
}

TEST_F(table_of_subscriptions, N_51_GENA_03_limits_eventing_max_subscriptions_is_reached)
{
    limits::eventing_limits bounds;
    bounds.max_subscriptions = 5;
    bounds.max_subscriptions_per_peer = 5;
    subscription_table table{bounds};
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(table.add(one_of("192.168.20." + std::to_string(10 + i), static_cast<std::size_t>(i))));
    auto const refused = table.add(one_of("192.168.20.99"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 503);
    EXPECT_EQ(refused.error().reason, refusal_reason::subscription_limit);
    EXPECT_EQ(table.all().size(), 5U) << "existing ones live on";
    table.erase(table.all().front());
    EXPECT_TRUE(table.add(one_of("192.168.20.99")));
}

TEST_F(table_of_subscriptions,
       GENA_03_limits_eventing_max_subscriptions_per_peer_is_reached_over_all_services)
{
    limits::eventing_limits bounds;
    bounds.max_subscriptions = 10;
    bounds.max_subscriptions_per_peer = 3;
    subscription_table table{bounds};
    for (std::size_t service = 0; service < 3; ++service)
        EXPECT_TRUE(table.add(one_of("192.168.20.9", service)));
    auto const refused = table.add(one_of("192.168.20.9", 4));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status, 503);
    EXPECT_EQ(refused.error().reason, refusal_reason::subscription_peer_limit);
    EXPECT_TRUE(table.add(one_of("192.168.20.10"))) << "others are not held up";
}

TEST_F(table_of_subscriptions, GENA_03_the_peer_is_who_asked_whatever_its_URLs_say)
{
    limits::eventing_limits bounds;
    bounds.max_subscriptions_per_peer = 1;
    subscription_table table{bounds};
    auto const with_url = [&](std::string const& url) {
        return subscription{sid::generate(random),    0,   test::admitted({url}),
                            test::ip("192.168.20.9"), {0}, start};
    };
    EXPECT_TRUE(table.add(with_url("http://192.168.20.9/")));
    EXPECT_FALSE(table.add(with_url("http://192.168.20.10/")));
}

TEST_F(table_of_subscriptions, GENA_03_limits_eventing_max_subscriptions_per_target_whoever_asks)
{
    limits::eventing_limits bounds;
    bounds.max_subscriptions_per_target = 3;
    bounds.max_subscriptions_per_endpoint = 2;
    subscription_table table{bounds};
    unsigned peer = 10;
    auto const add = [&](std::vector<std::string> const& urls) -> std::optional<refusal_reason> {
        auto const added = table.add({sid::generate(random),
                                      0,
                                      test::admitted(urls),
                                      test::ip("192.168.20." + std::to_string(peer++)),
                                      {0},
                                      start});
        if (added)
            return std::nullopt;
        EXPECT_EQ(added.error().status, 503);
        return added.error().reason;
    };
    EXPECT_EQ(add({"http://192.168.20.9:50001/"}), std::nullopt);
    EXPECT_EQ(add({"http://192.168.20.9:50001/other/path"}), std::nullopt);
    EXPECT_EQ(add({"http://192.168.20.9:50001/"}), refusal_reason::subscription_endpoint_limit);
    EXPECT_EQ(add({"http://192.168.20.77/", "http://192.168.20.9:50001/"}),
              refusal_reason::subscription_endpoint_limit)
        << "the second URL counts as the first does";
    EXPECT_EQ(add({"http://192.168.20.77/", "http://192.168.20.9:50002/"}), std::nullopt);
    EXPECT_EQ(add({"http://192.168.20.9:50003/"}), refusal_reason::subscription_target_limit);
    EXPECT_EQ(add({"http://[::ffff:192.168.20.9]:50003/"}), refusal_reason::subscription_target_limit)
        << "the same address, written in another way";
    EXPECT_EQ(add({"http://192.168.20.77:50001/"}), std::nullopt) << "nobody else is held up at that port";
    table.erase(table.all().front());
    EXPECT_EQ(add({"http://192.168.20.9:50001/"}), std::nullopt) << "what has ended makes room";
}

TEST_F(table_of_subscriptions, GENA_03_one_subscription_that_names_a_target_twice_counts_once)
{
    limits::eventing_limits bounds;
    bounds.max_subscriptions_per_target = 1;
    bounds.max_subscriptions_per_endpoint = 1;
    subscription_table table{bounds};
    EXPECT_TRUE(table.add({sid::generate(random),
                           0,
                           test::admitted({"http://192.168.20.9:50001/", "http://192.168.20.9:50001/x"}),
                           test::ip("192.168.20.9"),
                           {0},
                           start}));
}

} // namespace
} // namespace onlink
