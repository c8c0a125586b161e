// SPDX-License-Identifier: BSL-1.0
#include "ssdp/response_scheduler.hpp"

#include "support/seeded_random.hpp"
#include "unit/ssdp/trees.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using outcome = response_scheduler::outcome;
using test::make_usn;
using test::numbered_udn;
using test::plain_device;
using test::seeded_random;

constexpr time_point start{100h};

std::string const power = "urn:schemas-upnp-org:service:SwitchPower:";
std::string const light = "urn:schemas-upnp-org:device:BinaryLight:2";

endpoint peer(std::uint16_t port) { return {boost::asio::ip::make_address("192.168.20.9"), port}; }

search_request request(std::string const& target, duration window = 4500ms)
{
    return {parse_search_target(target).value(), window};
}

/// A root, three embedded devices, five services: 3 + 6 + 5 messages.
advertisement_set const& lights()
{
    static advertisement_set const set = [] {
        auto root = plain_device("urn:example-com:device:House:1", numbered_udn(0), {power + "3"});
        for (std::uint8_t i = 1; i <= 3; ++i)
            root.add(plain_device(light, numbered_udn(i), {power + std::to_string(i)}));
        root.add(test::plain_service("urn:schemas-upnp-org:service:Dimming:1", 1));
        return advertisement_set{device_tree::of({root}).value(), 0};
    }();
    return set;
}

constexpr std::uint32_t house = 7; ///< number of the root device

/// A scheduler for a host with that one root device.
class scheduler_of : public advertisement_directory, public response_scheduler {
public:
    explicit scheduler_of(advertisement_set const& set, limits::ssdp_limits const& bounds = {})
        : response_scheduler(bounds, static_cast<advertisement_directory const&>(*this))
    {
        advertisement_directory::add(house, std::make_shared<advertisement_set const>(set));
    }
    outcome add(time_point now, unsigned interface_index, endpoint const& from, search_request const& request,
                random_source& random)
    {
        return response_scheduler::add(now, {interface_index, own, from}, request, count(request.target),
                                       random);
    }

    address own = boost::asio::ip::make_address("192.168.20.5");
};

struct timed_answer {
    time_point when;
    search_answer what;
};

/// Serves every deadline at its time until nothing waits.
std::vector<timed_answer> run(response_scheduler& scheduler, random_source& random)
{
    std::vector<timed_answer> all;
    while (auto const due = scheduler.next_due())
        for (auto& answer : scheduler.pop_due(*due, random))
            all.push_back({*due, std::move(answer)});
    return all;
}

std::multiset<std::string> usns(std::vector<timed_answer> const& answers)
{
    std::multiset<std::string> all;
    for (auto const& answer : answers)
        all.insert(make_usn(answer.what.device, answer.what.st));
    return all;
}

TEST(response_scheduler, tick_answers_of_one_leave_together_and_none_after_its_window)
{
    scheduler_of scheduler{lights()};
    seeded_random random{3};
    for (std::uint16_t port = 1; port <= 200; ++port)
        scheduler.add(start, 2, peer(port), request("upnp:rootdevice", 55ms), random);
    std::size_t answers = 0;
    std::size_t wakes = 0;
    time_point last = start;
    for (; scheduler.next_due() && wakes < 1000; ++wakes) {
        last = *scheduler.next_due();
        answers += scheduler.pop_due(last, random).size();
    }
    EXPECT_EQ(answers, 200U);
    EXPECT_LE(wakes, 16U) << "a wake-up for a tick, or for as many as leave at once";
    EXPECT_LE(last, start + 55ms);
}

TEST(response_scheduler, SSDP_55_ssdp_all_is_answered_with_the_whole_set_each_message_once)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    EXPECT_EQ(scheduler.add(start, 2, peer(50123), request("ssdp:all"), random), outcome::scheduled);
    auto const answers = run(scheduler, random);
    std::multiset<std::string> expected;
    for (auto const& ad : lights().all())
        expected.insert(make_usn(ad.device, ad.nt));
    ASSERT_EQ(expected.size(), 3U + 6U + 5U);
    EXPECT_EQ(usns(answers), expected);
    EXPECT_EQ(scheduler.size(), 0U);
}

TEST(response_scheduler, SSDP_55_one_answer_per_match)
{
    struct row {
        std::string target;
        std::size_t answers;
    };
    for (auto const& [target, expected] : {
             row{"upnp:rootdevice", 1},
             row{numbered_udn(2).to_string(), 1},
             row{"urn:example-com:device:House:1", 1},
             row{"urn:schemas-upnp-org:device:BinaryLight:1", 3},
             row{power + "1", 4},
             row{power + "2", 3},
             row{power + "3", 2},
         }) {
        seeded_random random{1};
        scheduler_of scheduler{lights()};
        EXPECT_EQ(scheduler.add(start, 2, peer(50123), request(target), random), outcome::scheduled)
            << target;
        auto const answers = run(scheduler, random);
        EXPECT_EQ(answers.size(), expected) << target;
        auto const all = usns(answers);
        EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), expected) << target;
        for (auto const& answer : answers)
            EXPECT_EQ(to_string(answer.what.st), target) << "SSDP-56: as asked";
    }
}

TEST(response_scheduler, N_05_N_08_SSDP_51_what_matches_nothing_costs_nothing)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    for (auto const& target : {power + "4", numbered_udn(99).to_string(), std::string{"urn:a-b:device:C:1"}})
        EXPECT_EQ(scheduler.add(start, 2, peer(50123), request(target), random), outcome::nothing_matches)
            << target;
    EXPECT_EQ(scheduler.size(), 0U);
    EXPECT_EQ(scheduler.next_due(), std::nullopt);
}

TEST(response_scheduler, SSDP_53_an_answer_goes_to_the_asker_over_the_interface_of_the_question)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    scheduler.add(start, 7, peer(50123), request("upnp:rootdevice"), random);
    auto const answers = run(scheduler, random);
    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].what.origin.interface_index, 7U);
    EXPECT_EQ(answers[0].what.origin.from, peer(50123));
    EXPECT_EQ(answers[0].what.origin.local, scheduler.own);
    EXPECT_EQ(answers[0].what.device, numbered_udn(0));
    EXPECT_EQ(answers[0].what.root, house);
}

TEST(response_scheduler, SSDP_47_SSDP_48_no_answer_before_the_question_or_after_the_window)
{
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        seeded_random random{seed};
        scheduler_of scheduler{lights()};
        scheduler.add(start, 2, peer(50123), request("ssdp:all", 900ms), random);
        for (auto const& answer : run(scheduler, random)) {
            EXPECT_GE(answer.when, start);
            EXPECT_LE(answer.when, start + 900ms);
        }
    }
}

TEST(response_scheduler, SSDP_48_answers_are_spread_evenly_over_the_window)
{
    constexpr std::size_t slots = 10;
    for (std::string const target : {"upnp:rootdevice", "ssdp:all"}) {
        std::array<std::size_t, slots> heard{};
        std::size_t total = 0;
        for (std::uint64_t seed = 0; seed < 2000; ++seed) {
            seeded_random random{seed};
            scheduler_of scheduler{lights()};
            scheduler.add(start, 2, peer(50123), request(target, 1000ms), random);
            for (auto const& answer : run(scheduler, random)) {
                auto const slot = static_cast<std::size_t>((answer.when - start) / 100ms);
                ++heard.at(std::min(slot, slots - 1));
                ++total;
            }
        }
        // Six standard deviations and more either way; the seeds are fixed, so this never flickers.
        for (auto const count : heard) {
            EXPECT_GT(count, total / slots * 6 / 10) << target;
            EXPECT_LT(count, total / slots * 14 / 10) << target;
        }
    }
}

TEST(response_scheduler, SSDP_48_a_late_call_still_sends_everything_at_once)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    scheduler.add(start, 2, peer(50123), request("ssdp:all", 900ms), random);
    EXPECT_EQ(scheduler.pop_due(start + 1h, random).size(), lights().all().size());
    EXPECT_EQ(scheduler.size(), 0U);
}

TEST(response_scheduler, a_window_of_nothing_is_answered_at_once)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    scheduler.add(start, 2, peer(50123), request("ssdp:all", 0ms), random);
    EXPECT_EQ(scheduler.next_due(), start);
    EXPECT_EQ(scheduler.pop_due(start, random).size(), lights().all().size());
}

TEST(response_scheduler, nothing_is_due_before_its_time)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    scheduler.add(start, 2, peer(50123), request("ssdp:all"), random);
    auto const due = scheduler.next_due();
    ASSERT_TRUE(due);
    EXPECT_TRUE(scheduler.pop_due(*due - 1ns, random).empty());
    EXPECT_EQ(scheduler.next_due(), due);
    EXPECT_EQ(scheduler.pop_due(*due, random).size(), 1U);
}

TEST(response_scheduler, the_same_search_again_is_merged_while_it_waits)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    auto const add = [&](unsigned interface_index, std::uint16_t port, std::string const& target) {
        return scheduler.add(start, interface_index, peer(port), request(target), random);
    };
    EXPECT_EQ(add(2, 50123, "upnp:rootdevice"), outcome::scheduled);
    EXPECT_EQ(add(2, 50123, "upnp:rootdevice"), outcome::merged);
    EXPECT_EQ(add(3, 50123, "upnp:rootdevice"), outcome::merged) << "heard over another interface";
    EXPECT_EQ(add(2, 50124, "upnp:rootdevice"), outcome::scheduled) << "another socket";
    EXPECT_EQ(add(2, 50123, "urn:example-com:device:House:1"), outcome::scheduled) << "another target";
    EXPECT_EQ(run(scheduler, random).size(), 3U);
    EXPECT_EQ(add(2, 50123, "upnp:rootdevice"), outcome::scheduled) << "asked anew after the answer";
}

TEST(response_scheduler, the_zone_of_a_link_local_address_makes_no_other_search)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    auto const from = [](char const* text) { return endpoint{boost::asio::ip::make_address(text), 50123}; };
    EXPECT_EQ(scheduler.add(start, 2, from("fe80::9%2"), request("ssdp:all"), random), outcome::scheduled);
    EXPECT_EQ(scheduler.add(start, 3, from("fe80::9%3"), request("ssdp:all"), random), outcome::merged);
    EXPECT_EQ(scheduler.add(start, 2, from("fe80::a%2"), request("ssdp:all"), random), outcome::scheduled);
}

TEST(response_scheduler, a_root_device_that_left_answers_no_more_and_the_others_do)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    auto const other = plain_device("urn:example-com:device:Shed:1", numbered_udn(9));
    scheduler.advertisement_directory::add(
        8, std::make_shared<advertisement_set>(device_tree::of({other}).value(), 0));
    scheduler.add(start, 2, peer(50123), request("ssdp:all"), random);
    auto const first = scheduler.next_due();
    ASSERT_TRUE(first);
    ASSERT_EQ(scheduler.pop_due(*first, random).size(), 1U);
    scheduler.remove(house);
    auto const answers = run(scheduler, random);
    EXPECT_EQ(answers.size(), 3U);
    for (auto const& answer : answers)
        EXPECT_EQ(answer.what.root, 8U);
    EXPECT_EQ(scheduler.size(), 0U);
}

TEST(response_scheduler, SSDP_52_the_more_wait_the_sooner_they_are_answered)
{
    limits::ssdp_limits bounds;
    bounds.max_pending_searches = 10;
    seeded_random random{1};
    scheduler_of scheduler{lights(), bounds};
    for (std::uint16_t port = 1; port <= 10; ++port)
        scheduler.add(start, 2, peer(port), request("ssdp:all", 1000ms), random);
    for (auto const& answer : run(scheduler, random))
        EXPECT_LE(answer.when, start + (11 - answer.what.origin.from.port) * 100ms);
}

TEST(response_scheduler, SSDP_52_limits_ssdp_max_pending_searches_is_reached)
{
    limits::ssdp_limits bounds;
    bounds.max_pending_searches = 3;
    seeded_random random{1};
    scheduler_of scheduler{lights(), bounds};
    for (std::uint16_t port = 1; port <= 3; ++port)
        EXPECT_EQ(scheduler.add(start, 2, peer(port), request("ssdp:all"), random), outcome::scheduled);
    EXPECT_EQ(scheduler.add(start, 2, peer(4), request("ssdp:all"), random), outcome::full);
    EXPECT_EQ(scheduler.add(start, 2, peer(3), request("ssdp:all"), random), outcome::merged);
    EXPECT_EQ(scheduler.add(start, 2, peer(4), request("urn:a-b:device:C:1"), random),
              outcome::nothing_matches);
    EXPECT_EQ(scheduler.size(), 3U);
    EXPECT_EQ(run(scheduler, random).size(), 3 * lights().all().size());
    EXPECT_EQ(scheduler.add(start, 2, peer(4), request("ssdp:all"), random), outcome::scheduled)
        << "room again";
}

TEST(response_scheduler, ssdp_all_over_200_devices_costs_one_entry)
{
    auto root = plain_device(light, numbered_udn(0, 1));
    for (std::uint8_t i = 0; i < 200; ++i)
        root.add(plain_device(light, numbered_udn(i), {power + "1"}));
    advertisement_set const set{device_tree::of({root}).value(), 0};
    ASSERT_EQ(set.all().size(), 3U + 400U + 200U);

    seeded_random random{1};
    scheduler_of scheduler{set};
    EXPECT_EQ(scheduler.add(start, 2, peer(50123), request("ssdp:all"), random), outcome::scheduled);
    EXPECT_EQ(scheduler.size(), 1U);
    auto const answers = run(scheduler, random);
    EXPECT_EQ(answers.size(), set.all().size());
    auto const all = usns(answers);
    EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), set.all().size()) << "each once";
    EXPECT_LE(answers.back().when, start + 4500ms);
    EXPECT_TRUE(std::is_sorted(answers.begin(), answers.end(),
                               [](auto const& a, auto const& b) { return a.when < b.when; }));
}

TEST(response_scheduler, searches_do_not_disturb_each_other)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    for (std::uint16_t port = 1; port <= 20; ++port)
        scheduler.add(start + std::chrono::milliseconds{port}, 2, peer(port), request("ssdp:all", 1000ms),
                      random);
    std::array<std::size_t, 21> heard{};
    for (auto const& answer : run(scheduler, random)) {
        auto const port = answer.what.origin.from.port;
        ++heard.at(port);
        EXPECT_GE(answer.when, start + std::chrono::milliseconds{port});
        EXPECT_LE(answer.when, start + std::chrono::milliseconds{port} + 1000ms);
    }
    for (std::size_t port = 1; port <= 20; ++port)
        EXPECT_EQ(heard.at(port), lights().all().size());
}

TEST(response_scheduler, answers_at_once_is_reached_and_the_rest_is_due_at_once)
{
    seeded_random random{7};
    scheduler_of scheduler{lights()};
    auto const each = lights().all().size();
    auto const searches = response_scheduler::answers_at_once / each + 3;
    for (std::uint16_t i = 0; i < searches; ++i)
        ASSERT_EQ(
            scheduler.add(start, 2, peer(static_cast<std::uint16_t>(5000 + i)), request("ssdp:all"), random),
            outcome::scheduled);
    std::size_t answered = 0;
    auto const late = start + 1h; // the host slept
    for (bool first = true; scheduler.size() != 0; first = false) {
        ASSERT_LE(*scheduler.next_due(), late);
        auto const now_due = scheduler.pop_due(late, random);
        EXPECT_LE(now_due.size(), response_scheduler::answers_at_once);
        if (first)
            EXPECT_EQ(now_due.size(), response_scheduler::answers_at_once);
        answered += now_due.size();
    }
    EXPECT_EQ(answered, searches * each);
}

TEST(response_scheduler, clear_forgets_everything)
{
    seeded_random random{1};
    scheduler_of scheduler{lights()};
    scheduler.add(start, 2, peer(1), request("ssdp:all"), random);
    scheduler.clear();
    EXPECT_EQ(scheduler.size(), 0U);
    EXPECT_EQ(scheduler.next_due(), std::nullopt);
    EXPECT_TRUE(scheduler.pop_due(start + 1h, random).empty());
}

TEST(earliest_of, is_the_least_of_uniform_times)
{
    auto const end = start + 1000ms;
    EXPECT_EQ(earliest_of(1, start, end, 0), start);
    EXPECT_EQ(earliest_of(1, start, end, 0.25), start + 250ms);
    EXPECT_EQ(earliest_of(2, start, end, 0.75), start + 500ms); // 1 - sqrt(1 - 0.75)
    EXPECT_LE(earliest_of(1, start, end, 0x1.fffffffffffffp-1), end);
    EXPECT_LE(earliest_of(1000000, start, end, 0x1.fffffffffffffp-1), end);
    EXPECT_EQ(earliest_of(1, start, start, 0.5), start);
    EXPECT_EQ(earliest_of(1, end, start, 0.5), end) << "a window that is over is used up";
    EXPECT_EQ(earliest_of(0, start, end, 0.5), start);
}

} // namespace
} // namespace onlink
