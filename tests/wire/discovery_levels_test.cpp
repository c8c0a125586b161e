// SPDX-License-Identifier: BSL-1.0
// Every message of discovery at every level of the architecture and over every group, byte for byte.
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::Contains;

struct level {
    uda_version uda;
    char const* token;
    char const* ids; ///< the fields of UDA 1.1 and later
};

level const levels[] = {
    {uda_version::v1_0, "UPnP/1.0", ""},
    {uda_version::v1_1, "UPnP/1.1", "BOOTID.UPNP.ORG: 1700000123\r\nCONFIGID.UPNP.ORG: 42\r\n"},
    {uda_version::v2_0, "UPnP/2.0", "BOOTID.UPNP.ORG: 1700000123\r\nCONFIGID.UPNP.ORG: 42\r\n"},
};

struct scope {
    char const* own;
    char const* host;
    char const* location;
    char const* nls; ///< the fields of Annex A
};

constexpr char const* annex_a = "OPT: \"http://schemas.upnp.org/upnp/1/0/\"; ns=01\r\n01-NLS: 1700000123\r\n";

scope const scopes[] = {
    {"192.168.20.5", "239.255.255.250:1900", "http://192.168.20.5:49300/desc.xml", ""},
    {"fe80::5", "[FF02::C]:1900", "http://[fe80::5]:49300/desc.xml", annex_a},
    {"fd00:1::5", "[FF05::C]:1900", "http://[fd00:1::5]:49300/desc.xml", annex_a},
};

std::string const usn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::upnp:rootdevice";

struct levels_and_scopes : testing::TestWithParam<std::tuple<level, scope>> {
    levels_and_scopes() : host(options())
    {
        auto interfaces = lamp_host::golden_interfaces().all();
        interfaces[1].addresses = {{ip(at.own), ip(at.own).is_v4() ? 24U : 64U}};
        host.set_interfaces(interfaces);
        host.start_at({{lamp_host::eth, "eth0", ip(at.own), 49300}});
        host.pass(3s);
    }
    host_options options() const
    {
        auto o = lamp_host::golden_options();
        o.policies.uda = uda.uda;
        return o;
    }
    std::string server() const
    {
        return std::string{"SERVER: ExampleOS/3.2 "} + uda.token + " LampStack/0.1\r\n";
    }

    level uda = std::get<0>(GetParam());
    scope at = std::get<1>(GetParam());
    lamp_host host;
};

TEST_P(levels_and_scopes, SSDP_16_alive)
{
    EXPECT_THAT(host.sent_bytes(), Contains(std::string{"NOTIFY * HTTP/1.1\r\nHOST: "} + at.host +
                                            "\r\nCACHE-CONTROL: max-age=1800\r\nLOCATION: " + at.location +
                                            "\r\n" + at.nls + "NT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n" +
                                            server() + "USN: " + usn + "\r\n" + uda.ids + "\r\n"));
}

TEST_P(levels_and_scopes, SSDP_31_byebye)
{
    host.sent.clear();
    host.runtime.stop(host.now());
    host.obey();
    host.pass(1s);
    EXPECT_THAT(host.sent_bytes(), Contains(std::string{"NOTIFY * HTTP/1.1\r\nHOST: "} + at.host + "\r\n" +
                                            at.nls + "NT: upnp:rootdevice\r\nNTS: ssdp:byebye\r\nUSN: " +
                                            usn + "\r\n" + uda.ids + "\r\n"));
}

TEST_P(levels_and_scopes, SSDP_54_answer)
{
    host.sent.clear();
    std::string const search = std::string{"M-SEARCH * HTTP/1.1\r\nHOST: "} + at.host +
                               "\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n";
    auto const asker = ip(at.own).is_v4()          ? "192.168.20.9"
                       : is_link_local(ip(at.own)) ? "fe80::9"
                                                   : "fd00:1::9";
    host.datagram(search, asker);
    host.pass(1s);
    EXPECT_THAT(
        host.sent_bytes(),
        testing::ElementsAre(std::string{"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=1800\r\n"
                                         "DATE: Wed, 15 Nov 2023 08:00:00 GMT\r\nEXT:\r\nLOCATION: "} +
                             at.location + "\r\n" + at.nls + server() + "ST: upnp:rootdevice\r\nUSN: " + usn +
                             "\r\n" + uda.ids + "\r\n"));
}

TEST_P(levels_and_scopes, SSDP_38_update)
{
    host.sent.clear();
    auto interfaces = host.runtime.interfaces().all();
    interfaces.push_back({.index = 3,
                          .name = "eth1",
                          .up = true,
                          .multicast = true,
                          .loopback = false,
                          .addresses = {{ip("10.8.0.1"), 24}}});
    host.set_interfaces(interfaces);
    host.pass(3s);
    auto const update = std::string{"NOTIFY * HTTP/1.1\r\nHOST: "} + at.host +
                        "\r\nLOCATION: " + at.location + "\r\n" + at.nls +
                        "NT: upnp:rootdevice\r\nNTS: ssdp:update\r\nUSN: " + usn + "\r\n" + uda.ids +
                        "NEXTBOOTID.UPNP.ORG: 1700000124\r\n\r\n";
    if (uda.uda == uda_version::v1_0)
        for (auto const& bytes : host.sent_bytes())
            EXPECT_EQ(bytes.find("ssdp:update"), bytes.npos) << "it came with UDA 1.1";
    else
        EXPECT_THAT(host.sent_bytes(), Contains(update));
}

std::string name_of(testing::TestParamInfo<levels_and_scopes::ParamType> const& one)
{
    auto const& [uda, at] = one.param;
    auto const own = ip(at.own);
    std::string const family = own.is_v4() ? "ipv4" : is_link_local(own) ? "ipv6_link" : "ipv6_site";
    std::string const version = uda.uda == uda_version::v1_0   ? "1_0"
                                : uda.uda == uda_version::v1_1 ? "1_1"
                                                               : "2_0";
    return "UDA_" + version + '_' + family;
}

INSTANTIATE_TEST_SUITE_P(golden, levels_and_scopes,
                         testing::Combine(testing::ValuesIn(levels), testing::ValuesIn(scopes)), name_of);

} // namespace
} // namespace onlink::test
