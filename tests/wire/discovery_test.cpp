// SPDX-License-Identifier: BSL-1.0
// What the runtime sends for discovery, byte for byte as in the golden messages.
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::string field(std::string const& message, std::string const& name)
{
    auto const at = message.find("\r\n" + name + ": ");
    if (at == std::string::npos)
        return "(none)";
    auto const begin = at + name.size() + 4;
    return message.substr(begin, message.find("\r\n", begin) - begin);
}

std::vector<std::string> fields(lamp_host const& host, std::string const& name)
{
    std::vector<std::string> values;
    for (auto const& bytes : host.sent_bytes())
        values.push_back(field(bytes, name));
    return values;
}

TEST(wire_discovery, G_01_SSDP_16_alive_of_the_root_device)
{
    lamp_host host;
    host.start();
    host.pass(200ms);
    EXPECT_THAT(host.sent_bytes(), Contains(wire("g01_alive_root.datagram")));
    for (auto const& one : host.sent) {
        EXPECT_EQ(one.what.to, (endpoint{ip("239.255.255.250"), 1900}));
        EXPECT_EQ(one.what.interface_index, lamp_host::eth);
    }
}

TEST(wire_discovery, G_02_SSDP_23_alive_names_a_search_port_that_is_not_1900)
{
    lamp_host host;
    host.runtime.serve(host.now(), {{lamp_host::eth, "eth0", ip("192.168.20.5"), 49300}}, 49400);
    host.runtime.start(host.now());
    host.pass(3s);
    EXPECT_THAT(host.sent_bytes(), Contains(wire("g02_alive_service_search_port.datagram")));
    host.sent.clear();
    host.datagram(wire("g07_search_service_mx2.datagram"));
    host.pass(2s);
    EXPECT_THAT(fields(host, "SEARCHPORT.UPNP.ORG"), ElementsAre("49400"));
}

TEST(wire_discovery, G_03_VER_12_alive_of_a_UDA_1_0_device)
{
    auto options = lamp_host::golden_options();
    options.policies.uda = uda_version::v1_0;
    lamp_host host{options};
    host.start();
    host.pass(200ms);
    EXPECT_THAT(host.sent_bytes(), Contains(wire("g03_alive_uda_1_0.datagram")));
}

TEST(wire_discovery, G_04_IP_15_IP_24_alive_over_IPv6_link_scope)
{
    lamp_host host;
    host.start_at({{lamp_host::eth, "eth0", ip("fe80::211:22ff:fe33:4455"), 49300}});
    host.pass(200ms);
    EXPECT_THAT(host.sent_bytes(), Contains(wire("g04_alive_ipv6_link.datagram")));
    for (auto const& one : host.sent) {
        EXPECT_EQ(one.what.to, (endpoint{ip("ff02::c"), 1900}));
        EXPECT_EQ(one.what.from, ip("fe80::211:22ff:fe33:4455"));
    }
}

TEST(wire_discovery, G_05_SSDP_31_byebye)
{
    lamp_host host;
    host.start_and_settle();
    host.runtime.stop(host.now());
    host.obey();
    host.pass(1s);
    EXPECT_THAT(host.sent_bytes(), Contains(wire("g05_byebye.datagram")));
}

TEST(wire_discovery, G_06_SSDP_38_update)
{
    lamp_host host;
    host.start_and_settle();
    auto interfaces = lamp_host::golden_interfaces().all();
    interfaces.push_back({.index = 3,
                          .name = "eth1",
                          .up = true,
                          .multicast = true,
                          .loopback = false,
                          .addresses = {{ip("10.8.0.1"), 24}}});
    host.set_interfaces(interfaces);
    host.pass(3s);
    EXPECT_THAT(host.sent_bytes(), Contains(wire("g06_update.datagram")));
}

TEST(wire_discovery, VER_12_each_level_has_its_own_fields_only)
{
    for (auto const uda : {uda_version::v1_0, uda_version::v1_1, uda_version::v2_0}) {
        auto options = lamp_host::golden_options();
        options.policies.uda = uda;
        lamp_host host{options};
        host.runtime.serve(host.now(), {{lamp_host::eth, "eth0", ip("192.168.20.5"), 49300}}, 49400);
        host.runtime.start(host.now());
        host.pass(3s);
        host.datagram(wire("g11_search_all_mx3.datagram"));
        host.pass(3s);
        host.runtime.stop(host.now());
        host.obey();
        host.pass(1s);
        EXPECT_EQ(host.sent.size(), 5U * 5U) << "three sets, the answers, the byebyes";
        for (auto const& bytes : host.sent_bytes()) {
            bool const known = uda != uda_version::v1_0;
            bool const byebye = field(bytes, "NTS") == "ssdp:byebye";
            EXPECT_EQ(field(bytes, "BOOTID.UPNP.ORG"), known ? "1700000123" : "(none)");
            EXPECT_EQ(field(bytes, "CONFIGID.UPNP.ORG"), known ? "42" : "(none)");
            EXPECT_EQ(field(bytes, "SEARCHPORT.UPNP.ORG"), known && !byebye ? "49400" : "(none)");
            auto const version = uda == uda_version::v1_0   ? "UPnP/1.0"
                                 : uda == uda_version::v1_1 ? "UPnP/1.1"
                                                            : "UPnP/2.0";
            if (!byebye)
                EXPECT_THAT(field(bytes, "SERVER"), testing::HasSubstr(version));
        }
    }
}

TEST(wire_discovery, G_08_SSDP_54_answer_to_a_multicast_search_within_MX)
{
    lamp_host host;
    host.start_and_settle();
    auto const asked = host.clock;
    host.datagram(wire("g07_search_service_mx2.datagram"));
    EXPECT_THAT(host.sent, IsEmpty()) << "the answer waits for its random time";
    host.pass(2s);
    ASSERT_THAT(host.sent_bytes(), ElementsAre(wire("g08_search_service.response")));
    EXPECT_EQ(host.sent[0].what.to, (endpoint{ip("192.168.20.9"), 50123}));
    EXPECT_LE(host.sent[0].when, asked + 2s);
}

TEST(wire_discovery, G_10_SSDP_50_answer_to_a_unicast_search_within_a_second)
{
    lamp_host host;
    host.start_and_settle();
    host.datagram(wire("g09_search_unicast_uuid.datagram"), "192.168.20.9", 50123, false);
    host.pass(1s);
    EXPECT_THAT(host.sent_bytes(), ElementsAre(wire("g10_search_unicast_uuid.response")));
}

TEST(wire_discovery, G_11_SSDP_55_ssdp_all_gets_the_whole_set_within_MX)
{
    lamp_host host;
    host.start_and_settle();
    host.datagram(wire("g11_search_all_mx3.datagram"));
    host.pass(3s);
    EXPECT_THAT(fields(host, "USN"),
                UnorderedElementsAre(
                    "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::upnp:rootdevice",
                    "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6",
                    "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::urn:schemas-upnp-org:device:BinaryLight:1",
                    "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::urn:schemas-upnp-org:service:SwitchPower:1",
                    "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::urn:example-com:service:LampHealth:1"));
}

TEST(wire_discovery, SSDP_12_the_set_at_start_is_complete_and_repeated)
{
    lamp_host host;
    host.start();
    host.pass(3s);
    auto const nts = fields(host, "NT");
    EXPECT_EQ(nts.size(), 5U * limits{}.ssdp.announcements);
    for (auto const* nt :
         {"upnp:rootdevice", "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6",
          "urn:schemas-upnp-org:device:BinaryLight:1", "urn:schemas-upnp-org:service:SwitchPower:1",
          "urn:example-com:service:LampHealth:1"})
        EXPECT_EQ(std::count(nts.begin(), nts.end(), nt), limits{}.ssdp.announcements) << nt;
}

TEST(wire_discovery, N_55_SSDP_28_every_advertisement_is_refreshed_before_half_of_max_age)
{
    lamp_host host;
    host.start_and_settle();
    auto last = host.clock;
    for (int refresh = 0; refresh < 8; ++refresh) {
        while (host.sent.empty())
            host.pass(1s);
        EXPECT_LT(host.clock - last, 900s);
        EXPECT_EQ(host.sent.size(), 5U);
        last = host.clock;
        host.sent.clear();
    }
}

struct silent_search {
    char const* name;
    std::string datagram;
};

TEST(wire_discovery, SSDP_51_whatever_is_wrong_is_met_with_silence)
{
    auto const all = wire("g11_search_all_mx3.datagram");
    auto const service = wire("g07_search_service_mx2.datagram");
    auto const st = std::string{"urn:schemas-upnp-org:service:SwitchPower:1"};
    std::vector<silent_search> const cases{
        {"N-01 no MX", with(all, "MX: 3\r\n", "")},
        {"N-02 MX 0", with(all, "MX: 3", "MX: 0")},
        {"N-02 MX -1", with(all, "MX: 3", "MX: -1")},
        {"N-02 MX abc", with(all, "MX: 3", "MX: abc")},
        {"N-02 MX empty", with(all, "MX: 3", "MX:")},
        {"N-04 MAN without quotes", with(all, "\"ssdp:discover\"", "ssdp:discover")},
        {"N-04 no MAN", with(all, "MAN: \"ssdp:discover\"\r\n", "")},
        {"N-05 a version we do not have", with(service, st, "urn:schemas-upnp-org:service:SwitchPower:2")},
        {"N-06 no version", with(service, st, "urn:schemas-upnp-org:service:SwitchPower:")},
        {"N-06 not a version", with(service, st, "urn:schemas-upnp-org:service:SwitchPower:01x")},
        {"N-06 ST empty", with(service, "ST: " + st, "ST:")},
        {"N-06 no ST", with(service, "ST: " + st + "\r\n", "")},
        {"N-08 another uuid", with(all, "ssdp:all", "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c7")},
        {"N-09 HTTP/1.0", with(all, "HTTP/1.1", "HTTP/1.0")},
        {"N-09 a path", with(all, "M-SEARCH *", "M-SEARCH /")},
        {"N-09 GET", with(all, "M-SEARCH", "GET")},
        {"N-10 bare LF", with(all, "MX: 3\r\n", "MX: 3\n")},
        {"N-10 folded", with(all, "ST: ssdp:all", "ST:\r\n ssdp:all")},
        {"N-10 64 KiB", with(all, "MX: 3", "MX: 3\r\nX: " + std::string(60000, 'x'))},
        {"N-10 NUL", with(all, "MX: 3", std::string{"MX: 3\0", 6})},
        {"N-10 no empty line", all.substr(0, all.size() - 2)},
        {"N-11 an answer", wire("g08_search_service.response")},
        {"N-11 an advertisement", wire("g01_alive_root.datagram")},
        {"nothing", ""},
        {"one byte", "M"},
        {"three hundred colons", with(all, "ssdp:all", std::string(300, ':'))},
        {"CVE-2012-5958", with(all, "ssdp:all", "uuid:schemas:device:" + std::string(500, 'A') + ":end")},
        {"CVE-2012-5959", with(all, "ssdp:all", "uuid:" + std::string(500, 'A') + "::upnp:rootdevice")},
        {"two STs", with(all, "ST: ssdp:all", "ST: ssdp:all\r\nST: ssdp:all")},
        {"HOST of another group", with(all, "239.255.255.250:1900", "239.255.255.251:1900")},
    };
    for (auto const& each : cases) {
        lamp_host host;
        host.start_and_settle();
        host.datagram(each.datagram);
        host.pass(10s);
        EXPECT_THAT(host.sent, IsEmpty()) << each.name;
        EXPECT_FALSE(host.runtime.next_deadline() && *host.runtime.next_deadline() < host.clock) << each.name;
    }
}

TEST(wire_discovery, N_03_SSDP_47_a_large_MX_counts_as_five)
{
    for (auto const* mx : {"MX: 120", "MX: 99999999999999999999"}) {
        lamp_host host;
        host.start_and_settle();
        host.datagram(with(wire("g11_search_all_mx3.datagram"), "MX: 3", mx));
        host.pass(5s);
        EXPECT_EQ(host.sent.size(), 5U) << mx;
    }
}

TEST(wire_discovery, N_12_SSDP_52_a_flood_of_searches_gets_a_bounded_number_of_answers)
{
    lamp_host host;
    host.start_and_settle();
    for (std::uint16_t i = 0; i < 200; ++i) // other ports, so that nothing merges
        host.datagram(wire("g11_search_all_mx3.datagram"), "192.168.20.9",
                      static_cast<std::uint16_t>(50000 + i));
    host.pass(5s);
    EXPECT_EQ(host.sent.size(), 5U * limits{}.ssdp.search_burst);
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::search_rate], 200 - limits{}.ssdp.search_burst);

    host.sent.clear(); // and another control point is served all the same
    host.datagram(wire("g07_search_service_mx2.datagram"), "192.168.20.10");
    host.pass(2s);
    EXPECT_EQ(host.sent.size(), 1U);
}

TEST(wire_discovery, SSDP_52_a_search_from_off_the_segment_is_not_answered)
{
    for (auto const* from :
         {"203.0.113.7", "192.168.21.9", "127.0.0.1", "0.0.0.0", "192.168.20.255", "239.1.2.3"}) {
        lamp_host host;
        host.start_and_settle();
        host.datagram(wire("g11_search_all_mx3.datagram"), from);
        host.pass(5s);
        EXPECT_THAT(host.sent, IsEmpty()) << from;
        EXPECT_EQ(host.runtime.refusals()[refusal_reason::datagram_off_segment], 1U) << from;
    }
}

} // namespace
} // namespace onlink::test
