// SPDX-License-Identifier: BSL-1.0
#include "eventing/segment_validator.hpp"
#include "unit/eventing/segment.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <new>
#include <optional>

// A program of its own, as it replaces operator new.

namespace {

std::size_t allocations = 0;

void* count_and_allocate(std::size_t size)
{
    ++allocations;
    if (void* p = std::malloc(size == 0 ? 1 : size))
        return p;
    throw std::bad_alloc{};
}

} // namespace

// The other forms of the standard library come back to these; none here is over-aligned.
void* operator new(std::size_t size) { return count_and_allocate(size); }
void* operator new[](std::size_t size) { return count_and_allocate(size); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }

namespace onlink {
namespace {

using test::candidate;
using test::eth0;
using test::ip;

/// How many allocations `f` makes.
template <class F>
std::size_t allocations_of(F const& f)
{
    auto const before = allocations;
    f();
    return allocations - before;
}

/// With everything that a judgement may have to walk over.
interface_table everything()
{
    auto interfaces = test::home().all();
    for (auto& i : interfaces)
        i.routes = {{ip("192.168.40.0"), 24}, {ip("203.0.113.0"), 24}, {ip("0.0.0.0"), 0}};
    link_layer_address const station{2, 0, 0, 0, 0, 9};
    return interface_table{std::move(interfaces),
                           {{eth0, ip("192.168.20.9"), station}, {eth0, ip("fe80::9"), station}}};
}

segment_map const widened{{{"eth0", {ip("192.168.30.0"), 24}}, {"eth1", {ip("172.16.0.0"), 12}}}};

/// Long, so that no string is short enough to live inside itself.
std::string url_to(std::string const& host)
{
    return "http://" + host + "/a/path/that/is/longer/than/any/small/buffer?and=a&query=too";
}

struct row {
    char const* host;
    std::optional<refusal_reason> refused;
};

row const rows[] = {
    {"192.168.20.9:50200", {}},
    {"[fe80::9]:50200", {}},
    {"[fe80::9%25eth0]:50200", {}},
    {"[::ffff:192.168.20.9]", {}},
    {"192.168.30.9", refusal_reason::callback_not_requester}, // same_host is asked last
    {"192.168.20.9:22", refusal_reason::callback_port},
    {"0.0.0.0", refusal_reason::callback_reserved},
    {"239.255.255.250", refusal_reason::callback_multicast},
    {"192.168.20.255", refusal_reason::callback_broadcast},
    {"127.0.0.1", refusal_reason::callback_loopback},
    {"192.168.20.5", refusal_reason::callback_own_address},
    {"8.8.8.8", refusal_reason::callback_off_segment},
    {"[2001:db8::9]", refusal_reason::callback_off_segment},
    {"203.0.113.9", refusal_reason::callback_not_private},
};

TEST(no_allocation, the_count_counts)
{
    EXPECT_EQ(allocations_of([] { delete new int; }), 1U);
    EXPECT_EQ(allocations_of([] { delete[] new char[100]; }), 1U);
    EXPECT_GT(allocations_of([] { candidate(url_to("192.168.20.9")); }), 0U);
    EXPECT_EQ(allocations_of([] {}), 0U);
}

TEST(no_allocation, GENA_10_judging_a_candidate_allocates_nothing_whether_admitted_or_refused)
{
    auto const table = everything();
    policies policy;
    policy.callback = callback_admission::same_host;
    segment_validator const validator{policy, widened};
    auto const at = test::request_on(table, eth0, "192.168.20.9");
    for (auto const& [host, refused] : rows) {
        auto one = candidate(url_to(host));
        std::optional<callback_result<callback_url>> verdict;
        EXPECT_EQ(allocations_of([&] { verdict.emplace(validator.admit(table, at, std::move(one))); }), 0U)
            << host;
        ASSERT_EQ(verdict->has_value(), !refused) << host;
        if (refused) {
            EXPECT_EQ(verdict->error(), *refused) << host;
        } else {
            EXPECT_EQ((*verdict)->to_string(), url_to(host)) << "moved, not cut";
        }
    }
}

TEST(no_allocation, GENA_10_the_check_before_a_delivery_allocates_nothing)
{
    auto const then = everything();
    policies policy;
    segment_validator const validator{policy, widened};
    auto const at = test::request_on(then, eth0, "192.168.20.9");
    auto const url = validator.admit(then, at, candidate(url_to("192.168.20.9:50200"))).value();
    interface_table const renumbered{{test::interface_with(eth0, "eth0", {{ip("10.20.30.40"), 24}})}};
    interface_table const gone;
    for (auto const* now : {&then, &renumbered, &gone}) {
        std::optional<callback_result<void>> verdict;
        bool still = false;
        EXPECT_EQ(allocations_of([&] {
                      verdict.emplace(validator.check_again(*now, url));
                      still = validator.still_on_segment(*now, url);
                  }),
                  0U);
        EXPECT_EQ(verdict->has_value(), now == &then);
        EXPECT_EQ(still, now == &then);
    }
}

} // namespace
} // namespace onlink
