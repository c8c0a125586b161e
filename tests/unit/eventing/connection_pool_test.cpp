// SPDX-License-Identifier: BSL-1.0
#include "eventing/connection_pool.hpp"
#include "unit/eventing/segment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr time_point start{100h};

/// Two places and a pool with room for three.
struct kept_connections : testing::Test {
    std::vector<callback_url> urls =
        test::admitted({"http://192.168.20.9:50200/a", "http://192.168.20.9:50200/b",
                        "http://192.168.20.9:50201/a", "http://192.168.20.10:50200/a"});
    callback_url const& here = urls[0];
    callback_url const& same_place = urls[1];
    callback_url const& other_port = urls[2];
    callback_url const& other_host = urls[3];
    limits::eventing_limits bounds = [] {
        limits::eventing_limits few;
        few.max_kept_connections = 3;
        few.kept_connection_idle = 10s;
        return few;
    }();
    connection_pool pool{bounds};
};

std::vector<connection_number> take_expired(connection_pool& pool, time_point now)
{
    std::vector<connection_number> gone;
    pool.take_expired(now, gone);
    return gone;
}

/// All, or those to one place.
std::vector<connection_number> take_all(connection_pool& pool, std::optional<callback_url> const& to = {})
{
    std::vector<connection_number> gone;
    if (to)
        pool.take_all(*to, gone);
    else
        pool.take_all(gone);
    return gone;
}

TEST_F(kept_connections, GENA_44_serve_whoever_is_at_that_address_and_port)
{
    auto const one = pool.next();
    EXPECT_FALSE(pool.has(here));
    EXPECT_EQ(pool.take(here), std::nullopt);
    EXPECT_TRUE(pool.keep(one, here, start));
    EXPECT_TRUE(pool.has(same_place));
    EXPECT_FALSE(pool.has(other_port));
    EXPECT_FALSE(pool.has(other_host));
    EXPECT_EQ(pool.take(same_place), one);
    EXPECT_FALSE(pool.has(here)) << "it is in use";
    EXPECT_EQ(pool.size(), 0U);
}

TEST_F(kept_connections, GENA_44_the_one_used_last_goes_first_so_that_the_others_can_expire)
{
    auto const first = pool.next();
    auto const second = pool.next();
    EXPECT_NE(first, second);
    pool.keep(first, here, start);
    pool.keep(second, here, start + 1s);
    EXPECT_EQ(pool.take(here), second);
    pool.keep(second, here, start + 2s);
    EXPECT_EQ(pool.next_expiry(), start + 10s);
    EXPECT_THAT(take_expired(pool, start + 10s - 1ms), IsEmpty());
    EXPECT_THAT(take_expired(pool, start + 10s), ElementsAre(first));
    EXPECT_EQ(pool.next_expiry(), start + 12s);
    EXPECT_THAT(take_expired(pool, start + 1h), ElementsAre(second));
    EXPECT_EQ(pool.next_expiry(), std::nullopt);
}

TEST_F(kept_connections, limits_eventing_max_kept_connections_is_reached_and_pushes_nobody_out)
{
    std::vector<connection_number> three;
    for (auto const* at : {&here, &other_port, &other_host}) {
        three.push_back(pool.next());
        EXPECT_TRUE(pool.keep(three.back(), *at, start));
    }
    EXPECT_FALSE(pool.keep(pool.next(), here, start));
    EXPECT_EQ(pool.size(), 3U);
    EXPECT_EQ(pool.take(other_host), three[2]);
    EXPECT_TRUE(pool.keep(pool.next(), here, start));
    EXPECT_EQ(take_all(pool).size(), 3U);
    EXPECT_EQ(pool.size(), 0U);
    EXPECT_FALSE(pool.has(here));
}

TEST_F(kept_connections, of_none_keeps_none)
{
    bounds.max_kept_connections = 0;
    connection_pool none{bounds};
    EXPECT_FALSE(none.keep(none.next(), here, start));
}

TEST_F(kept_connections, GENA_44_are_forgotten_one_by_one_or_by_place)
{
    auto const first = pool.next();
    auto const second = pool.next();
    auto const other = pool.next();
    pool.keep(first, here, start);
    pool.keep(second, here, start);
    pool.keep(other, other_port, start);
    pool.forget(first);
    pool.forget(first); // harmless
    EXPECT_EQ(pool.size(), 2U);
    pool.keep(first, here, start);
    EXPECT_THAT(take_all(pool, here), UnorderedElementsAre(first, second));
    EXPECT_EQ(pool.take(other_port), other);
}

} // namespace
} // namespace onlink
