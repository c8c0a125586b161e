// SPDX-License-Identifier: BSL-1.0
#include "ssdp/ssdp_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

auto const lamp = udn::parse("uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6").value();
std::string_view const location = "http://192.168.20.5:49300/desc.xml";
std::string_view const date = "Wed, 15 Nov 2023 08:00:00 GMT";

ssdp_identity identity(uda_version uda)
{
    ssdp_identity id;
    id.server = uda == uda_version::v1_0   ? "OS/1 UPnP/1.0 Lamp/2"
                : uda == uda_version::v1_1 ? "OS/1 UPnP/1.1 Lamp/2"
                                           : "OS/1 UPnP/2.0 Lamp/2";
    id.uda = uda;
    id.boot_id = 1700000123;
    id.config_id = 42;
    return id;
}

ssdp_subject root() { return {search_root{}, lamp, location}; }

constexpr uda_version newer[] = {uda_version::v1_1, uda_version::v2_0};
constexpr uda_version every[] = {uda_version::v1_0, uda_version::v1_1, uda_version::v2_0};

/// Every kind of message, for what all have in common.
std::vector<std::string> all_messages(ssdp_identity const& id, ssdp_subject const& subject)
{
    std::vector<std::string> all;
    for (auto const group : {ssdp_group::ipv4, ssdp_group::ipv6_link, ssdp_group::ipv6_site}) {
        all.push_back(write_alive(id, group, subject));
        all.push_back(write_byebye(id, group, subject));
        all.push_back(write_update(id, group, subject, id.boot_id + 1));
    }
    all.push_back(write_search_response(id, false, subject, date));
    all.push_back(write_search_response(id, true, subject, date));
    return all;
}

TEST(ssdp_writer, SSDP_16_SSDP_19_alive)
{
    for (auto const uda : newer) {
        auto const id = identity(uda);
        EXPECT_EQ(write_alive(id, ssdp_group::ipv4, root()),
                  "NOTIFY * HTTP/1.1\r\n"
                  "HOST: 239.255.255.250:1900\r\n"
                  "CACHE-CONTROL: max-age=1800\r\n"
                  "LOCATION: http://192.168.20.5:49300/desc.xml\r\n"
                  "NT: upnp:rootdevice\r\n"
                  "NTS: ssdp:alive\r\n"
                  "SERVER: " +
                      id.server +
                      "\r\n"
                      "USN: uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::upnp:rootdevice\r\n"
                      "BOOTID.UPNP.ORG: 1700000123\r\n"
                      "CONFIGID.UPNP.ORG: 42\r\n"
                      "\r\n");
    }
}

TEST(ssdp_writer, VER_12_SSDP_16_alive_of_UDA_1_0_has_no_UPNP_ORG_fields)
{
    auto id = identity(uda_version::v1_0);
    id.search_port = 49152;
    EXPECT_EQ(write_alive(id, ssdp_group::ipv4, root()),
              "NOTIFY * HTTP/1.1\r\n"
              "HOST: 239.255.255.250:1900\r\n"
              "CACHE-CONTROL: max-age=1800\r\n"
              "LOCATION: http://192.168.20.5:49300/desc.xml\r\n"
              "NT: upnp:rootdevice\r\n"
              "NTS: ssdp:alive\r\n"
              "SERVER: OS/1 UPnP/1.0 Lamp/2\r\n"
              "USN: uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::upnp:rootdevice\r\n"
              "\r\n");
}

TEST(ssdp_writer, SSDP_31_byebye)
{
    for (auto const uda : newer)
        EXPECT_EQ(write_byebye(identity(uda), ssdp_group::ipv4, {lamp, lamp, location}),
                  "NOTIFY * HTTP/1.1\r\n"
                  "HOST: 239.255.255.250:1900\r\n"
                  "NT: uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6\r\n"
                  "NTS: ssdp:byebye\r\n"
                  "USN: uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6\r\n"
                  "BOOTID.UPNP.ORG: 1700000123\r\n"
                  "CONFIGID.UPNP.ORG: 42\r\n"
                  "\r\n");
    EXPECT_EQ(write_byebye(identity(uda_version::v1_0), ssdp_group::ipv4, {lamp, lamp, location}),
              "NOTIFY * HTTP/1.1\r\n"
              "HOST: 239.255.255.250:1900\r\n"
              "NT: uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6\r\n"
              "NTS: ssdp:byebye\r\n"
              "USN: uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6\r\n"
              "\r\n");
}

TEST(ssdp_writer, SSDP_38_SSDP_41_update)
{
    for (auto const uda : newer)
        EXPECT_EQ(write_update(identity(uda), ssdp_group::ipv4, root(), 1700000999),
                  "NOTIFY * HTTP/1.1\r\n"
                  "HOST: 239.255.255.250:1900\r\n"
                  "LOCATION: http://192.168.20.5:49300/desc.xml\r\n"
                  "NT: upnp:rootdevice\r\n"
                  "NTS: ssdp:update\r\n"
                  "USN: uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::upnp:rootdevice\r\n"
                  "BOOTID.UPNP.ORG: 1700000123\r\n"
                  "CONFIGID.UPNP.ORG: 42\r\n"
                  "NEXTBOOTID.UPNP.ORG: 1700000999\r\n"
                  "\r\n");
}

TEST(ssdp_writer, SSDP_54_search_response)
{
    auto const type = service_type::parse("urn:schemas-upnp-org:service:SwitchPower:2").value();
    for (auto const uda : newer) {
        auto const id = identity(uda);
        EXPECT_EQ(
            write_search_response(id, false, {type, lamp, location}, date),
            "HTTP/1.1 200 OK\r\n"
            "CACHE-CONTROL: max-age=1800\r\n"
            "DATE: Wed, 15 Nov 2023 08:00:00 GMT\r\n"
            "EXT:\r\n"
            "LOCATION: http://192.168.20.5:49300/desc.xml\r\n"
            "SERVER: " +
                id.server +
                "\r\n"
                "ST: urn:schemas-upnp-org:service:SwitchPower:2\r\n"
                "USN: "
                "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::urn:schemas-upnp-org:service:SwitchPower:2\r\n"
                "BOOTID.UPNP.ORG: 1700000123\r\n"
                "CONFIGID.UPNP.ORG: 42\r\n"
                "\r\n");
    }
    EXPECT_EQ(write_search_response(identity(uda_version::v1_0), false, {type, lamp, location}, date),
              "HTTP/1.1 200 OK\r\n"
              "CACHE-CONTROL: max-age=1800\r\n"
              "DATE: Wed, 15 Nov 2023 08:00:00 GMT\r\n"
              "EXT:\r\n"
              "LOCATION: http://192.168.20.5:49300/desc.xml\r\n"
              "SERVER: OS/1 UPnP/1.0 Lamp/2\r\n"
              "ST: urn:schemas-upnp-org:service:SwitchPower:2\r\n"
              "USN: uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::urn:schemas-upnp-org:service:SwitchPower:2\r\n"
              "\r\n");
}

TEST(ssdp_writer, SSDP_17_limits_ssdp_max_age_is_what_CACHE_CONTROL_says)
{
    auto id = identity(uda_version::v2_0);
    id.max_age = std::chrono::seconds{86400};
    EXPECT_THAT(write_alive(id, ssdp_group::ipv4, root()), HasSubstr("\r\nCACHE-CONTROL: max-age=86400\r\n"));
    EXPECT_THAT(write_search_response(id, false, root(), date),
                HasSubstr("\r\nCACHE-CONTROL: max-age=86400\r\n"));
}

TEST(ssdp_writer, SSDP_17_SSDP_38_byebye_and_update_have_no_CACHE_CONTROL)
{
    for (auto const uda : every) {
        EXPECT_THAT(
            write_byebye(identity(uda), ssdp_group::ipv4, root()),
            AllOf(Not(HasSubstr("CACHE-CONTROL")), Not(HasSubstr("LOCATION")), Not(HasSubstr("SERVER"))));
        EXPECT_THAT(write_update(identity(uda), ssdp_group::ipv4, root(), 1),
                    Not(HasSubstr("CACHE-CONTROL")));
    }
}

TEST(ssdp_writer, SSDP_23_SSDP_59_a_search_port_is_in_alive_update_and_responses_and_not_in_byebye)
{
    for (auto const uda : newer) {
        auto id = identity(uda);
        std::string const field = "\r\nSEARCHPORT.UPNP.ORG: 49152\r\n";
        EXPECT_THAT(write_alive(id, ssdp_group::ipv4, root()), Not(HasSubstr("SEARCHPORT")));
        id.search_port = 49152;
        EXPECT_THAT(write_alive(id, ssdp_group::ipv4, root()), HasSubstr(field));
        EXPECT_THAT(write_update(id, ssdp_group::ipv4, root(), 1), HasSubstr(field));
        EXPECT_THAT(write_search_response(id, false, root(), date), HasSubstr(field));
        EXPECT_THAT(write_byebye(id, ssdp_group::ipv4, root()), Not(HasSubstr("SEARCHPORT")));
    }
}

TEST(ssdp_writer, SSDP_21_SSDP_22_numbers_are_decimal_without_leading_zeros)
{
    auto id = identity(uda_version::v2_0);
    id.boot_id = 0;
    id.config_id = 0;
    EXPECT_THAT(write_alive(id, ssdp_group::ipv4, root()),
                HasSubstr("\r\nBOOTID.UPNP.ORG: 0\r\nCONFIGID.UPNP.ORG: 0\r\n"));
    id.boot_id = 2147483647;
    id.config_id = 16777215;
    EXPECT_THAT(write_alive(id, ssdp_group::ipv4, root()),
                HasSubstr("\r\nBOOTID.UPNP.ORG: 2147483647\r\nCONFIGID.UPNP.ORG: 16777215\r\n"));
}

TEST(ssdp_writer, IP_24_IP_29_over_IPv6_HOST_is_the_group_and_OPT_and_01_NLS_are_there)
{
    std::string const nls = "\r\nOPT: \"http://schemas.upnp.org/upnp/1/0/\"; ns=01\r\n01-NLS: 1700000123\r\n";
    auto const id = identity(uda_version::v2_0);
    for (auto const& [group, host] : {std::pair{ssdp_group::ipv6_link, "\r\nHOST: [FF02::C]:1900\r\n"},
                                      std::pair{ssdp_group::ipv6_site, "\r\nHOST: [FF05::C]:1900\r\n"}}) {
        EXPECT_THAT(write_alive(id, group, root()), AllOf(HasSubstr(host), HasSubstr(nls)));
        EXPECT_THAT(write_byebye(id, group, root()), AllOf(HasSubstr(host), HasSubstr(nls)));
        EXPECT_THAT(write_update(id, group, root(), 1), AllOf(HasSubstr(host), HasSubstr(nls)));
    }
    EXPECT_THAT(write_search_response(id, true, root(), date), HasSubstr(nls));
    for (auto const& message :
         {write_alive(id, ssdp_group::ipv4, root()), write_byebye(id, ssdp_group::ipv4, root()),
          write_update(id, ssdp_group::ipv4, root(), 1), write_search_response(id, false, root(), date)})
        EXPECT_THAT(message, AllOf(Not(HasSubstr("NLS")), Not(HasSubstr("OPT:"))));
}

TEST(ssdp_writer, SSDP_04_SSDP_06_start_line_fields_empty_line_and_no_body)
{
    for (auto const uda : every)
        for (auto const& message : all_messages(identity(uda), root())) {
            EXPECT_THAT(message, testing::AnyOf(StartsWith("NOTIFY * HTTP/1.1\r\n"),
                                                StartsWith("HTTP/1.1 200 OK\r\n")));
            EXPECT_THAT(message, EndsWith("\r\n\r\n"));
            EXPECT_EQ(message.find("\r\n\r\n"), message.size() - 4);
            for (std::size_t i = 0; i < message.size(); ++i) {
                if (message[i] == '\n') {
                    EXPECT_EQ(message[i - 1], '\r');
                }
                if (message[i] == '\r') {
                    EXPECT_EQ(message[i + 1], '\n');
                }
            }
        }
}

TEST(ssdp_writer, SSDP_05_messages_stay_below_512_bytes)
{
    auto id = identity(uda_version::v2_0);
    id.server = "ExampleOS/3.2.1-rc1 UPnP/2.0 LampStack/10.20.30";
    id.boot_id = 2147483647;
    id.config_id = 16777215;
    id.search_port = 65535;
    ssdp_subject const longest{
        service_type::parse("urn:schemas-upnp-org:service:RemoteUIServerConfiguration:1").value(), lamp,
        "http://192.168.200.205:49300/6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6/desc.xml"};
    EXPECT_LT(write_alive(id, ssdp_group::ipv4, longest).size(), 512U);
    EXPECT_LT(write_byebye(id, ssdp_group::ipv4, longest).size(), 512U);
    EXPECT_LT(write_update(id, ssdp_group::ipv4, longest, 2147483647).size(), 512U);
    EXPECT_LT(write_search_response(id, false, longest, date).size(), 512U);
}

} // namespace
} // namespace onlink
