// SPDX-License-Identifier: BSL-1.0
// Whole hosts, control points and intruders on a segment that loses, doubles and delays, where products
// crash, restart, move and lose their cable: thousands of lives, each from one seed.
//
//     ONLINK_SEEDS=100000 ctest --preset release -R segment_life -V      so many, from 1
//     ONLINK_SEED=4711 ctest --preset release -R segment_life -V         this one, exactly as it was
#include "simulation/segment_life.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace onlink::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || !defined(NDEBUG)
constexpr std::uint64_t usual_seeds = 60;
#else
constexpr std::uint64_t usual_seeds = 2000;
#endif

std::uint64_t number_in(char const* variable, std::uint64_t otherwise)
{
    auto const* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(segment_life, whatever_happens_the_rules_hold_and_afterwards_everybody_knows_everything)
{
    auto const only = number_in("ONLINK_SEED", 0);
    auto const first = only != 0 ? only : 1;
    auto const last = only != 0 ? only : number_in("ONLINK_SEEDS", usual_seeds);
    std::uint64_t events = 0;
    for (auto seed = first; seed <= last; ++seed) {
        segment_life life{seed};
        try {
            life.run();
        } catch (broken_rule const& broken) {
            FAIL() << "ONLINK_SEED=" << seed << ": " << broken.what();
        }
        for (auto const& one : life.subscribers)
            events += one->events();
    }
    EXPECT_GT(events, last - first) << "they do hear something";
    std::printf("  %llu lives, %llu events heard\n", static_cast<unsigned long long>(last - first + 1),
                static_cast<unsigned long long>(events));
}

TEST(segment_life, the_same_seed_is_the_same_life)
{
    for (std::uint64_t const seed : {3, 17, 20200417}) {
        segment_life once{seed};
        segment_life again{seed};
        once.run();
        again.run();
        EXPECT_EQ(once.digest(), again.digest());
        segment_life other{seed + 1};
        other.run();
        EXPECT_NE(once.digest(), other.digest());
    }
}

} // namespace
} // namespace onlink::test
