// SPDX-License-Identifier: BSL-1.0
// Events by multicast, through the whole runtime, byte for byte where there is a golden message.
#include "eventing/multicast_event.hpp"
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::size_t lamp_health = 1;

struct wire_multicast : testing::Test {
    explicit wire_multicast(host_options const& options = lamp_host::golden_options()) : host(options)
    {
        host.health.event_level("LampState", "upnp:/fault");
        host.start_and_settle();
    }
    /// The lamp is in this state now.
    void lamp_is(char const* state)
    {
        host.health.state().set("LampState", state);
        host.runtime.on_state_change(host.now(), lamp_health);
        host.obey();
    }
    lamp_host host;
};

TEST_F(wire_multicast, G_35_MCEV_02_MCEV_04_MCEV_05_MCEV_06_MCEV_13_the_event)
{
    EXPECT_THAT(host.sent, IsEmpty());
    lamp_is("BURNT_OUT");
    EXPECT_THAT(host.sent_bytes(), ElementsAre(wire("g35_multicast_event.datagram")));
    EXPECT_EQ(host.sent[0].what.to, (endpoint{ip("239.255.255.246"), 7900}));
    EXPECT_EQ(host.sent[0].what.from, ip("192.168.20.5"));
}

TEST_F(wire_multicast, MCEV_07_SEQ_grows_by_one_whoever_listens)
{
    for (unsigned i = 0; i < 4; ++i) {
        lamp_is(i % 2 == 0 ? "BURNT_OUT" : "OK");
        EXPECT_THAT(host.sent_bytes().back(), HasSubstr("\r\nSEQ: " + std::to_string(i) + "\r\n"));
    }
    lamp_is("OK"); // as it was
    EXPECT_THAT(host.sent, SizeIs(4));
}

TEST_F(wire_multicast, MCEV_01_subscribers_get_it_too_and_a_subscription_multicasts_nothing)
{
    host.http("SUBSCRIBE /lh/event HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\nNT: upnp:event\r\n"
              "CALLBACK: <http://192.168.20.9:50200/>\r\n\r\n");
    ASSERT_THAT(host.deliveries, SizeIs(1));
    EXPECT_THAT(host.sent, IsEmpty());
    host.settle(0);
    lamp_is("BURNT_OUT");
    ASSERT_THAT(host.deliveries, SizeIs(2));
    ASSERT_THAT(host.sent, SizeIs(1));
    EXPECT_TRUE(host.sent[0].what.bytes.ends_with(*host.deliveries[1].body()));
}

TEST_F(wire_multicast, MCEV_01_a_variable_that_is_not_multicast_stays_with_its_subscribers)
{
    host.power.state().set("Status", true);
    host.runtime.on_state_change(host.now(), 0);
    host.obey();
    EXPECT_THAT(host.sent, IsEmpty());
}

TEST(multicast_events, MCEV_03_MCEV_11_on_every_address_to_the_group_of_its_scope_the_same_but_for_HOST)
{
    lamp_host host;
    host.start_at({{lamp_host::eth, "eth0", ip("192.168.20.5"), 49300},
                   {lamp_host::eth, "eth0", ip("fe80::5"), 49300},
                   {lamp_host::eth, "eth0", ip("fd00::5"), 49300}});
    host.pass(3s);
    host.sent.clear();
    host.health.state().set("LampState", "BURNT_OUT");
    host.runtime.on_state_change(host.now(), lamp_health);
    host.obey();
    ASSERT_THAT(host.sent, SizeIs(3));
    char const* const groups[] = {"239.255.255.246", "ff02::130", "ff05::130"};
    auto const without_host = [](std::string text) {
        auto const at = text.find("HOST: ");
        return text.erase(at, text.find("\r\n", at) - at);
    };
    for (std::size_t i = 0; i < 3; ++i) {
        auto const& what = host.sent[i].what;
        EXPECT_EQ(what.to, (endpoint{ip(groups[i]), 7900}));
        EXPECT_THAT(what.bytes, HasSubstr("\r\nHOST: " + to_authority(what.to) + "\r\n"));
        EXPECT_EQ(without_host(what.bytes), without_host(host.sent[0].what.bytes));
        EXPECT_THAT(what.bytes, HasSubstr("\r\nLVL: upnp:/general\r\n")) << "MCEV-08: nothing else was said";
    }
}

TEST(multicast_events, MCEV_01_what_changed_before_the_host_was_there_is_nobodys_event)
{
    lamp_host host;
    host.health.state().set("LampState", "BURNT_OUT");
    host.runtime.on_state_change(host.now(), lamp_health);
    host.start();
    host.pass(3s);
    for (auto const& one : host.sent)
        EXPECT_EQ(one.what.to.port, 1900);
}

TEST(multicast_events, VER_12_UDA_1_0_has_none)
{
    auto options = lamp_host::golden_options();
    options.policies.uda = uda_version::v1_0;
    lamp_host host{options};
    host.start_and_settle();
    host.health.state().set("LampState", "BURNT_OUT");
    host.runtime.on_state_change(host.now(), lamp_health);
    host.obey();
    EXPECT_THAT(host.sent, IsEmpty());
}

TEST_F(wire_multicast,
       limits_eventing_multicast_burst_and_multicasts_per_second_those_beyond_are_lost_and_SEQ_shows_it)
{
    auto const& bounds = limits{}.eventing;
    for (unsigned i = 0; i < 100; ++i)
        lamp_is(i % 2 == 0 ? "BURNT_OUT" : "OK");
    EXPECT_THAT(host.sent, SizeIs(bounds.multicast_burst));
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::multicast_event_lost], 100 - bounds.multicast_burst);
    host.pass(1s);
    host.sent.clear();
    for (unsigned i = 0; i < 100; ++i)
        lamp_is(i % 2 == 0 ? "BURNT_OUT" : "OK");
    EXPECT_THAT(host.sent, SizeIs(bounds.multicasts_per_second));
    EXPECT_THAT(host.sent_bytes()[0], HasSubstr("\r\nSEQ: 100\r\n"));
}

/// A device whose variables are large.
struct large_values : testing::Test {
    large_values()
        : log({.type = "urn:example-com:service:Log:1"_service_type,
               .id = "urn:example-com:serviceId:Log"_service_id},
              scpd::build()
                  .state("First", data_type::string, {.evented = true, .multicast = true})
                  .state("Second", data_type::string, {.evented = true, .multicast = true})
                  .done()
                  .value())
    {
        device d{{.type = "urn:example-com:device:Logger:1"_device_type,
                  .udn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5ff"_udn,
                  .friendly_name = "Logger",
                  .manufacturer = "Example",
                  .model_name = "L1"}};
        d.add(log);
        host.start_and_settle();
        host.runtime.add(host.now(), d).value();
        host.pass(3s);
        host.sent.clear();
    }
    void set(std::size_t first, std::size_t second)
    {
        log.state().set("First", std::string(first, 'a'));
        log.state().set("Second", std::string(second, 'b'));
        host.runtime.on_state_change(host.now(), 2);
        host.obey();
    }
    service log;
    lamp_host host;
};

TEST_F(large_values, MCEV_09_limits_eventing_max_multicast_event_what_does_not_fit_together_is_sent_apart)
{
    set(10, 10);
    EXPECT_THAT(host.sent, SizeIs(1));
    host.sent.clear();
    set(700, 700);
    EXPECT_THAT(host.sent, SizeIs(2));
    for (auto const& bytes : host.sent_bytes())
        EXPECT_LE(bytes.size(), 1472U) << "one Ethernet frame";
    host.sent.clear();
    set(5000, 20);
    EXPECT_THAT(host.sent, SizeIs(1)) << "a variable that is too large by itself is lost";
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::multicast_event_lost], 1U);
}

TEST_F(large_values, MCEV_08_each_level_is_an_event_of_its_own)
{
    log.event_level("Second", "example.com:/paper-out");
    set(10, 10);
    ASSERT_THAT(host.sent, SizeIs(2));
    EXPECT_THAT(host.sent_bytes()[0], HasSubstr("\r\nLVL: example.com:/paper-out\r\n"));
    EXPECT_THAT(host.sent_bytes()[1], HasSubstr("\r\nLVL: upnp:/general\r\n"));
}

TEST(multicast_event_key, MCEV_07_after_4294967295_comes_1)
{
    EXPECT_EQ(event_key{4294967295}.next(), event_key{1});
}

} // namespace
} // namespace onlink::test
