// SPDX-License-Identifier: BSL-1.0
// "A datagram in" of docs/architecture.md, through the whole runtime, without a socket.
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace onlink::test {
namespace {

std::string search(std::string const& target, int mx = 3)
{
    return "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: " +
           std::to_string(mx) + "\r\nST: " + target + "\r\n\r\n";
}

TEST(datagram_flow, SSDP_48_answers_spread_at_random_over_MX)
{
    std::vector<double> delays;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        lamp_host host{lamp_host::golden_options(), seed};
        host.start_and_settle();
        auto const asked = host.clock;
        host.datagram(search("upnp:rootdevice"));
        host.pass(3s);
        ASSERT_EQ(host.sent.size(), 1U);
        delays.push_back(std::chrono::duration<double>(host.sent[0].when - asked).count());
    }
    double sum = 0;
    for (double const d : delays) {
        EXPECT_GE(d, 0);
        EXPECT_LE(d, 3);
        sum += d;
    }
    // Uniform over 2 s (limits::ssdp::answer_margin is left for the way back): mean 1, standard error 0.04.
    EXPECT_NEAR(sum / static_cast<double>(delays.size()), 1.0, 0.2);
}

TEST(datagram_flow, SSDP_62_a_repeated_search_is_answered_once)
{
    lamp_host host;
    host.start_and_settle();
    for (int i = 0; i < 3; ++i)
        host.datagram(search("upnp:rootdevice"));
    host.pass(5s);
    EXPECT_EQ(host.sent.size(), 1U);
}

TEST(datagram_flow, SSDP_49_other_requests_are_served_while_answers_wait)
{
    lamp_host host;
    host.start_and_settle();
    host.datagram(search("ssdp:all", 5));
    EXPECT_THAT(host.http("GET /desc.xml HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n\r\n").bytes,
                testing::StartsWith("HTTP/1.1 200 OK"));
    EXPECT_TRUE(host.sent.empty());
    host.pass(5s);
    EXPECT_EQ(host.sent.size(), 5U);
}

TEST(datagram_flow, what_waits_is_bounded_and_said_so)
{
    auto options = lamp_host::golden_options();
    options.limits.ssdp.max_pending_searches = 4;
    options.limits.ssdp.search_burst = 100;
    lamp_host host{options};
    host.start_and_settle();
    for (std::uint16_t port = 5000; port < 5010; ++port)
        host.datagram(search("ssdp:all"), "192.168.20.9", port);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::search_queue_full], 6U);
    host.pass(5s);
    EXPECT_EQ(host.sent.size(), 20U);
}

TEST(datagram_flow, bytes_out_for_spoofable_bytes_in_are_bounded)
{
    // The most that one forged source can draw: its burst, each with the whole set.
    lamp_host host;
    host.start_and_settle();
    std::size_t in = 0;
    for (int i = 0; i < 2000; ++i) {
        auto const datagram = search("ssdp:all", 1);
        in += datagram.size();
        host.datagram(datagram, "192.168.20.77", static_cast<std::uint16_t>(1024 + i));
    }
    host.pass(2s);
    std::size_t out = 0;
    for (auto const& bytes : host.sent_bytes())
        out += bytes.size();
    EXPECT_LE(out, (limits{}.ssdp.search_burst + 2 * limits{}.ssdp.searches_per_second) * 5 * 512U);
    EXPECT_LT(out, in);
}

/// A root device with so many embedded ones, each with a service: 3 + 3 * count messages.
device large_tree(std::uint8_t count)
{
    auto const named = [](std::uint8_t number) {
        return device_description{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                                  .udn = udn{{0x2f, 0xac, 0x12, 0x34, 0x31, 0xf8, 0x41, 0xb4, 0xa2, 0x22, 8,
                                              0, 0x2b, 0x34, 1, number}},
                                  .friendly_name = "Lamp",
                                  .manufacturer = "Example Lamps",
                                  .model_name = "CL-1"};
    };
    device root{named(0)};
    for (std::uint8_t number = 1; number <= count; ++number) {
        device embedded{named(number)};
        embedded.add(service{{.type = "urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
                              .id = "urn:upnp-org:serviceId:SwitchPower:1"_service_id},
                             scpd::build().state("Status", data_type::boolean).done().value()});
        root.add(embedded);
    }
    return root;
}

/// The hall lamp's host, with that in its place.
struct large_host : lamp_host {
    explicit large_host(host_options options = golden_options()) : lamp_host(std::move(options))
    {
        start_at({{eth, "eth0", ip("192.168.20.5"), 49300}});
        runtime.remove(now(), "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6"_udn).value();
        runtime.add(now(), large_tree(200)).value();
        obey();
    }
    static constexpr std::size_t set_size = 3 + 3 * 200;
};

TEST(datagram_flow, SSDP_27_limits_ssdp_announcement_burst_and_announcements_per_second_a_large_set_is_paced)
{
    large_host host;
    auto const begin = host.clock;
    host.pass(60s);
    auto const& bounds = limits{}.ssdp;
    ASSERT_EQ(host.sent.size(), bounds.announcements * host.set_size);
    for (std::size_t i = 0; i < host.sent.size(); ++i) { // the bucket, for every span of time
        auto const span = std::chrono::duration<double>(host.sent[i].when - begin).count();
        EXPECT_LE(static_cast<double>(i), bounds.announcement_burst + span * bounds.announcements_per_second);
    }
    auto const first_set = host.sent[host.set_size - 1].when - begin;
    EXPECT_LE(first_set, 1300ms) << "and no slower than that allows";
    std::size_t largest = 0;
    for (auto const& one : host.sent)
        largest = std::max(largest, one.what.bytes.size());
    EXPECT_LT(largest, 512U) << "SSDP-05";
}

TEST(datagram_flow, SSDP_52_a_large_tree_is_no_amplifier_in_the_long_run)
{
    large_host host;
    host.pass(60s);
    host.sent.clear();
    std::size_t in = 0;
    for (unsigned i = 0; i < 600; ++i) { // ten a second for a minute, from one forged source
        auto const text = search("ssdp:all", 1);
        in += text.size();
        host.datagram(text, "192.168.20.77", static_cast<std::uint16_t>(1024 + i));
        host.pass(100ms);
    }
    auto const& bounds = limits{}.ssdp;
    EXPECT_LE(host.sent.size(), bounds.answer_burst + 60 * bounds.answers_per_second + host.set_size);
    EXPECT_GE(host.sent.size(), host.set_size) << "whoever asks once has all";
    EXPECT_GT(host.runtime.refusals()[refusal_reason::search_answer_rate], 0U);
    host.sent.clear();
    host.datagram(search("upnp:rootdevice", 1), "192.168.20.9");
    host.pass(1s);
    EXPECT_EQ(host.sent.size(), 1U) << "and another asker is none the worse for it";
}

TEST(datagram_flow, a_datagram_from_an_interface_that_is_not_served_is_nobodys)
{
    lamp_host host;
    host.start_and_settle();
    host.runtime.on_datagram(host.now(), {1, true, {ip("127.0.0.1"), 5000}, search("ssdp:all")});
    host.runtime.on_datagram(host.now(), {99, true, {ip("192.168.20.9"), 5000}, search("ssdp:all")});
    host.obey();
    host.pass(5s);
    EXPECT_TRUE(host.sent.empty());
}

TEST(datagram_flow, SSDP_53_each_interface_is_answered_with_its_own_location)
{
    lamp_host host;
    host.runtime.set_interfaces(host.now(), interface_table{std::vector<network_interface>{
                                                {2, "eth0", true, true, false, {{ip("192.168.20.5"), 24}}},
                                                {3, "eth1", true, true, false, {{ip("10.1.0.1"), 16}}}}});
    host.start_at({{2, "eth0", ip("192.168.20.5"), 49300}, {3, "eth1", ip("10.1.0.1"), 49301}});
    host.pass(3s);
    host.obey();
    host.sent.clear();
    host.runtime.on_datagram(host.now(), {3, true, {ip("10.1.77.9"), 5000}, search("upnp:rootdevice")});
    host.pass(3s);
    ASSERT_EQ(host.sent.size(), 1U);
    EXPECT_EQ(host.sent[0].what.interface_index, 3U);
    EXPECT_THAT(host.sent[0].what.bytes, testing::HasSubstr("LOCATION: http://10.1.0.1:49301/desc.xml\r\n"));
}

TEST(datagram_flow, SSDP_52_an_answer_that_waits_does_not_outlast_its_segment)
{
    lamp_host host;
    host.start_and_settle();
    host.datagram(wire("g07_search_service_mx2.datagram"));
    host.runtime.set_interfaces(host.now(), interface_table{{{.index = lamp_host::eth,
                                                              .name = "eth0",
                                                              .up = true,
                                                              .multicast = true,
                                                              .addresses = {{ip("10.20.0.5"), 16}}}}});
    host.runtime.advance({host.clock + 900ms, host.date}); // before the addresses are others for good
    host.clock += 900ms;
    host.obey();
    for (auto const& one : host.sent)
        EXPECT_NE(one.what.to.address, ip("192.168.20.9"));
    host.clock += 2s;
    host.runtime.advance(host.now());
    host.obey();
    for (auto const& one : host.sent)
        EXPECT_NE(one.what.to.address, ip("192.168.20.9"));
    EXPECT_GE(host.runtime.refusals()[refusal_reason::datagram_off_segment], 1U);
}

} // namespace
} // namespace onlink::test
