// SPDX-License-Identifier: BSL-1.0
// Whole hosts, control points and intruders on a segment that loses, doubles and delays, where products
// crash, restart, move and lose their cable: thousands of lives, each from one seed.
//
//     ONLINK_SEED=4711 build/release/tests/simulation/segment_life      this one, exactly as it was
//     tests/simulation/run MINUTES                                      others than ever before
#include "simulation/segment_life.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#    include <sanitizer/common_interface_defs.h>
#endif

#if defined(__SANITIZE_ADDRESS__) // UBSan, too, is to end with a signal, and not without its last word
extern "C" char const* __ubsan_default_options();
extern "C" char const* __ubsan_default_options() { return "abort_on_error=1"; }
#endif

namespace onlink::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || !defined(NDEBUG)
constexpr std::uint64_t usual_seeds = 80;
#else
constexpr std::uint64_t usual_seeds = 3200;
#endif

std::uint64_t number_in(char const* variable, std::uint64_t otherwise)
{
    auto const* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// The seed of the life that is being lived, ready to be written where nothing else can be done any more.
std::string last_words;

void say_last_words()
{
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, last_words.data(), last_words.size());
}

void on_end(int signal)
{
    say_last_words();
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

/// However the program ends, by an assertion, a sanitizer, a fault, or a life without end, the seed is told.
void name_the_seed_at_the_end()
{
    std::signal(SIGABRT, on_end);
    std::signal(SIGALRM, on_end);
    std::signal(SIGTERM, on_end);
#if defined(__SANITIZE_ADDRESS__) // it has handlers of its own for the others
    __sanitizer_set_death_callback(say_last_words);
#else
    for (int const fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL})
        std::signal(fault, on_end);
#endif
}

/// Lives it, and says of which seed it was if it fails. Whether it went well.
bool went_well(std::uint64_t seed, std::function<void(segment_life&)> const& and_then)
{
    constexpr unsigned longest = 60; // seconds; ctest would end the program in the end, without a word
    auto const name = "ONLINK_SEED=" + std::to_string(seed);
    last_words = name + "\n";
    ::alarm(longest);
    std::optional<std::string> why;
    try {
        segment_life life{seed};
        life.run();
        and_then(life);
    } catch (std::exception const& thrown) {
        why = thrown.what();
    } catch (...) {
        why = "something was thrown";
    }
    ::alarm(0);
    last_words.clear();
    if (why)
        ADD_FAILURE() << name << ": " << *why;
    return !why;
}

/// So that they are lived side by side.
constexpr std::uint64_t parts = 4;

struct part_of_the_lives : testing::TestWithParam<std::uint64_t> {};

INSTANTIATE_TEST_SUITE_P(segment_life, part_of_the_lives, testing::Range<std::uint64_t>(0, parts));

/// ONLINK_SEEDS of them from ONLINK_FIRST_SEED on, or ONLINK_SEED alone.
TEST_P(part_of_the_lives, whatever_happens_the_rules_hold_and_afterwards_everybody_knows_everything)
{
    auto const only = number_in("ONLINK_SEED", 0);
    auto const each =
        only != 0 ? 1 : std::max<std::uint64_t>(1, number_in("ONLINK_SEEDS", usual_seeds) / parts);
    auto const first = only != 0 ? only : number_in("ONLINK_FIRST_SEED", 1) + GetParam() * each;
    auto const last = first + each - 1;
    std::uint64_t events = 0;
    std::size_t largest = 0;
    name_the_seed_at_the_end();
    for (auto seed = first; seed <= last; ++seed)
        ASSERT_TRUE(went_well(seed, [&](segment_life const& life) {
            for (auto const& one : life.subscribers)
                events += one->events();
            largest =
                std::max(largest, life.products.size() + life.subscribers.size() + life.intruders.size());
        }));
    EXPECT_GT(events, last - first) << "they do hear something";
    std::printf("  %llu lives, of up to %zu hosts, %llu events heard\n",
                static_cast<unsigned long long>(last - first + 1), largest,
                static_cast<unsigned long long>(events));
}

TEST(segment_life, the_same_seed_is_the_same_life)
{
    name_the_seed_at_the_end();
    auto const digest = [](std::uint64_t seed) {
        std::uint64_t of_it = 0;
        EXPECT_TRUE(went_well(seed, [&](segment_life const& life) { of_it = life.digest(); }));
        return of_it;
    };
    for (std::uint64_t const seed : {3, 17, 20200417}) {
        EXPECT_EQ(digest(seed), digest(seed));
        EXPECT_NE(digest(seed), digest(seed + 1));
    }
}

} // namespace
} // namespace onlink::test
