// SPDX-License-Identifier: BSL-1.0
// Clocks that jump: the date is set back or forth; the machine was suspended.
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string boot_id_of(lamp_host const& host)
{
    return field(host.sent.back().what.bytes, "BOOTID.UPNP.ORG");
}

host_options by_the_clock()
{
    auto options = lamp_host::golden_options();
    options.boot_id.reset();
    return options;
}

/// As far as anybody beside it can tell.
void expect_well(lamp_host& host)
{
    host.sent.clear();
    host.datagram(wire("g09_search_unicast_uuid.datagram"), "192.168.20.9", 50123, false);
    host.pass(1s);
    EXPECT_THAT(host.sent, SizeIs(1)) << "found";
    EXPECT_THAT(host.http(wire("g12_get_description.request")).bytes, HasSubstr("200 OK"));
    EXPECT_THAT(host.http(wire("g17_set_target.request")).bytes, HasSubstr("200 OK"));
    EXPECT_THAT(host.http(wire("g25_subscribe_statevar.request")).bytes, HasSubstr("200 OK"));
}

TEST(clock, SSDP_21_BOOTID_grows_though_the_date_was_set_back_by_ten_years)
{
    lamp_host host{by_the_clock()};
    host.start();
    host.pass(1s);
    auto const before = std::stoul(boot_id_of(host));
    host.date -= std::chrono::years{10};
    host.runtime.stop(host.now());
    host.pass(10s);
    host.sent.clear();
    host.start();
    host.pass(1s);
    EXPECT_GT(std::stoul(boot_id_of(host)), before);
    expect_well(host);
}

TEST(clock, SSDP_21_BOOTID_stays_within_31_bits_though_the_date_is_beyond_them)
{
    for (auto const year : {1901, 1969, 2038, 2200}) {
        lamp_host host{by_the_clock()};
        host.date = std::chrono::sys_days{std::chrono::year{year} / 12 / 31};
        host.start();
        host.pass(1s);
        EXPECT_LE(std::stoull(boot_id_of(host)), 0x7fffffffULL) << year;
        expect_well(host);
    }
}

TEST(clock, DESC_06_a_date_that_jumps_is_the_date_of_the_answer_and_nothing_else_changes)
{
    lamp_host host;
    host.start_and_settle();
    for (auto const step : {std::chrono::days{-9000}, std::chrono::days{20000}, std::chrono::days{1}}) {
        host.date += step;
        host.pass(1s);
        EXPECT_THAT(host.sent, IsEmpty()) << "the date is no reason to announce anything";
        auto const answer = host.http(wire("g12_get_description.request")).bytes;
        EXPECT_THAT(answer, HasSubstr("\r\nDATE: "));
        expect_well(host);
        host.sent.clear();
    }
}

TEST(clock, SSDP_28_after_three_days_of_suspension_it_is_announced_once_and_not_for_each_time_it_missed)
{
    lamp_host host;
    host.start();
    host.pass(3s);
    auto const of_one_set = host.sent.size();
    host.http(wire("g25_subscribe_statevar.request"));
    ASSERT_EQ(host.runtime.snapshot().subscriptions, 1U);
    host.sent.clear();

    host.clock += 72h; // without a deadline on the way, as pass() would have them
    host.runtime.advance(host.now());
    host.obey();
    host.pass(10s);

    EXPECT_THAT(host.sent, Not(IsEmpty()));
    EXPECT_LE(host.sent.size(), of_one_set);
    EXPECT_EQ(host.runtime.snapshot().subscriptions, 0U) << "it has run out";
    EXPECT_THAT(host.http(wire("g30_renew.request")).bytes, HasSubstr("412"));
    expect_well(host);
}

TEST(clock, GENA_41_a_delivery_under_way_when_the_machine_was_suspended_is_given_up)
{
    lamp_host host;
    host.start_and_settle();
    host.http(wire("g25_subscribe_statevar.request"));
    ASSERT_THAT(host.deliveries, SizeIs(1));
    host.clock += 20min; // the subscription goes on, its event does not
    host.runtime.advance(host.now());
    host.obey();
    EXPECT_EQ(host.runtime.snapshot().deliveries_under_way, 0U);
    EXPECT_EQ(host.runtime.snapshot().subscriptions, 1U);
    expect_well(host);
}

} // namespace
} // namespace onlink::test
