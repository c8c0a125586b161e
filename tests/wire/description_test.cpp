// SPDX-License-Identifier: BSL-1.0
// Description over HTTP, byte for byte as in the golden messages.
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string const get = wire("g12_get_description.request");

TEST(wire_description, G_13_DESC_01_the_device_description)
{
    lamp_host host;
    host.start_and_settle();
    auto const heard = host.http(get);
    EXPECT_EQ(heard.bytes, wire("g13_description.response"));
    EXPECT_FALSE(heard.closed) << "DESC-10: connections stay open";
}

TEST(wire_description, G_14_DESC_01_an_SCPD)
{
    lamp_host host;
    host.start_and_settle();
    auto const request = with(with(get, "/desc.xml", "/sp/scpd.xml"), "ACCEPT-LANGUAGE: en\r\n", "");
    EXPECT_EQ(host.http(request).bytes, wire("g14_scpd_switch_power.response"));
}

TEST(wire_description, G_15_DESC_08_DESC_09_an_HTTP_1_0_client_gets_an_HTTP_1_0_answer_and_the_end)
{
    lamp_host host;
    host.start_and_settle();
    auto const heard = host.http("GET /lh/scpd.xml HTTP/1.0\r\nHOST: 192.168.20.5:49300\r\n\r\n");
    EXPECT_EQ(heard.bytes, wire("g15_scpd_lamp_health_http10.response"));
    EXPECT_TRUE(heard.closed);
}

TEST(wire_description, G_16_DESC_01_HEAD_has_no_body)
{
    lamp_host host;
    host.start_and_settle();
    auto const request = with(with(get, "GET", "HEAD"), "ACCEPT-LANGUAGE: en\r\n", "");
    EXPECT_EQ(host.http(request).bytes, wire("g16_head_description.response"));
}

TEST(wire_description, N_14_DESC_16_no_HOST_in_HTTP_1_1_is_400)
{
    lamp_host host;
    host.start_and_settle();
    EXPECT_THAT(host.http(with(get, "HOST: 192.168.20.5:49300\r\n", "")).bytes, StartsWith("HTTP/1.1 400 "));
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::host_header], 1U);
}

TEST(wire_description, N_15_DESC_16_HTTP_1_0_without_HOST_is_served)
{
    lamp_host host;
    host.start_and_settle();
    auto const heard = host.http("GET /desc.xml HTTP/1.0\r\n\r\n");
    EXPECT_THAT(heard.bytes, StartsWith("HTTP/1.0 200 OK\r\n"));
    EXPECT_THAT(heard.bytes, Not(HasSubstr("TRANSFER-ENCODING")));
    EXPECT_TRUE(heard.closed);
}

TEST(wire_description, DESC_08_a_refusal_speaks_the_version_of_the_request)
{
    lamp_host host;
    host.start_and_settle();
    EXPECT_THAT(host.http("POST /sp/control HTTP/1.0\r\nCONTENT-LENGTH: 99999999\r\n\r\n").bytes,
                StartsWith("HTTP/1.0 413 "));
    EXPECT_THAT(host.http("POST /sp/control HTTP/1.1\r\nCONTENT-LENGTH: 99999999\r\n\r\n").bytes,
                StartsWith("HTTP/1.1 413 "));
}

TEST(wire_description, N_16_DESC_17_a_method_the_resource_does_not_have_is_405_with_ALLOW)
{
    lamp_host host;
    host.start_and_settle();
    auto const heard = host.http(with(get, "GET", "DELETE"));
    EXPECT_THAT(heard.bytes, StartsWith("HTTP/1.1 405 "));
    EXPECT_THAT(heard.bytes, HasSubstr("ALLOW: GET, HEAD\r\n"));
}

TEST(wire_description, N_17_CTRL_21_paths_that_climb_are_400_or_404)
{
    for (auto const* path : {"/../etc/passwd", "/%2e%2e/", "/desc.xml%00", "/..%2f", "/nothing", "/desc.xml/",
                             "/desc.xml//", "/DESC.XML", "*"}) {
        lamp_host host;
        host.start_and_settle();
        EXPECT_THAT(host.http(with(get, "/desc.xml", path)).bytes,
                    testing::AnyOf(StartsWith("HTTP/1.1 404 "), StartsWith("HTTP/1.1 400 ")))
            << path;
    }
}

TEST(wire_description, N_18_DESC_10_pipelined_requests_are_answered_in_order)
{
    lamp_host host;
    host.start_and_settle();
    auto const second = with(with(get, "/desc.xml", "/sp/scpd.xml"), "ACCEPT-LANGUAGE: en\r\n", "");
    EXPECT_EQ(host.http(get + second).bytes,
              wire("g13_description.response") + wire("g14_scpd_switch_power.response"));
}

TEST(wire_description, DESC_11_CONNECTION_close_is_obeyed)
{
    lamp_host host;
    host.start_and_settle();
    auto const heard = host.http(with(get, "ACCEPT-LANGUAGE: en", "CONNECTION: close"));
    EXPECT_TRUE(heard.closed);
    EXPECT_THAT(heard.bytes, HasSubstr("CONNECTION: close\r\n"));
}

TEST(wire_description, a_foreign_HOST_is_refused_as_DNS_rebinding_would_send_it)
{
    for (auto const* name : {"evil.example:49300", "192.168.20.6:49300", "192.168.20.5", "192.168.20.5:80",
                             "[::ffff:c0a8:1405]:49300"}) {
        lamp_host host;
        host.start_and_settle();
        EXPECT_THAT(host.http(with(get, "192.168.20.5:49300", name)).bytes, StartsWith("HTTP/1.1 421 "))
            << name;
        EXPECT_EQ(host.runtime.refusals()[refusal_reason::host_header], 1U) << name;
    }
}

TEST(wire_description, DESC_22_documents_stay_the_same_whatever_happens)
{
    lamp_host host;
    host.start_and_settle();
    std::vector<std::string> const requests{get, with(get, "/desc.xml", "/sp/scpd.xml"),
                                            with(get, "/desc.xml", "/lh/scpd.xml")};
    auto const documents = [&] {
        std::vector<std::string> all;
        for (auto const& request : requests)
            all.push_back(body_of(host.http(request).bytes));
        return all;
    };
    auto const before = documents();
    host.power.state().set("Status", true);
    host.health.state().set("LampState", "BURNT_OUT");
    host.http(wire("g17_set_target.request"));
    host.http(wire("g25_subscribe_statevar.request"));
    host.pass(4h); // over many a refresh
    EXPECT_EQ(documents(), before);
}

} // namespace
} // namespace onlink::test
