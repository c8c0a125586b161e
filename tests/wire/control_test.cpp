// SPDX-License-Identifier: BSL-1.0
// SOAP over HTTP, byte for byte as in the golden messages.
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string const set_target = wire("g17_set_target.request");
std::string const declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n";

struct control : testing::Test {
    control() { host.start_and_settle(); }

    bool lit() const { return host.power.state().get<bool>("Target"); }
    /// G-17 with a part of its body exchanged.
    std::string body_with(std::string const& part, std::string const& instead) const
    {
        return with_body(set_target, with(body_of(set_target), part, instead));
    }

    lamp_host host;
};

using wire_control = control;

TEST_F(wire_control, G_18_CTRL_09_SetTarget)
{
    EXPECT_EQ(host.http(set_target).bytes, wire("g18_set_target.response"));
    EXPECT_TRUE(lit());
}

TEST_F(wire_control, G_19_CTRL_09_GetStatus)
{
    host.http(set_target);
    auto const ask = with_body(with(set_target, "#SetTarget", "#GetStatus"),
                               with(with(with(body_of(set_target), "<newTargetValue>1</newTargetValue>", ""),
                                         "<u:SetTarget", "<u:GetStatus"),
                                    "</u:SetTarget", "</u:GetStatus"));
    EXPECT_EQ(host.http(ask).bytes, wire("g19_get_status.response"));
}

TEST_F(wire_control, G_20_N_29_CTRL_07_a_missing_argument_is_402)
{
    EXPECT_EQ(host.http(body_with("<newTargetValue>1</newTargetValue>", "")).bytes,
              wire("g20_fault_402.response"));
    EXPECT_FALSE(lit());
}

TEST_F(wire_control, G_21_N_27_CTRL_06_an_unknown_action_is_401)
{
    auto const ask =
        with_body(with(set_target, "#SetTarget", "#Foo"),
                  with(with(body_of(set_target), "<u:SetTarget", "<u:Foo"), "</u:SetTarget", "</u:Foo"));
    EXPECT_EQ(host.http(ask).bytes, wire("g21_fault_401.response"));
}

TEST_F(wire_control, G_22_DESC_12_a_chunked_request)
{
    EXPECT_EQ(host.http(wire("g22_set_target_chunked.request")).bytes, wire("g18_set_target.response"));
    EXPECT_TRUE(lit());
}

TEST_F(wire_control, G_23_CTRL_19_QueryStateVariable_is_not_served)
{
    EXPECT_EQ(host.http(wire("g23_query_state_variable.request")).bytes, wire("g21_fault_401.response"));
}

/// As a device that declares UDA 1.0 does.
lamp_host old_lamp()
{
    auto options = lamp_host::golden_options();
    options.policies.serve_m_post = true;
    options.policies.serve_state_queries = true;
    return lamp_host{options};
}

TEST(wire_control_of_old, G_23_G_24_CTRL_19_QueryStateVariable_where_it_is_served)
{
    auto host = old_lamp();
    host.start_and_settle();
    host.http(set_target);
    auto const query = wire("g23_query_state_variable.request");
    EXPECT_EQ(host.http(query).bytes, wire("g24_query_state_variable.response"));
    EXPECT_THAT(host.http(with_body(query, with(body_of(query), ">Status<", ">Stature<"))).bytes,
                testing::AllOf(StartsWith("HTTP/1.1 500 "), HasSubstr("<errorCode>404</errorCode>")));
}

std::string m_post(std::string const& man = "\"http://schemas.xmlsoap.org/soap/envelope/\"; ns=01")
{
    auto request = with(set_target, "POST", "M-POST");
    return with(request, "SOAPACTION", "MAN: " + man + "\r\n01-SOAPACTION");
}

TEST(wire_control_of_old, CTRL_04_M_POST_where_it_is_served)
{
    auto host = old_lamp();
    host.start_and_settle();
    EXPECT_EQ(host.http(m_post()).bytes, wire("g18_set_target.response"));
    EXPECT_TRUE(host.power.state().get<bool>("Target"));
    EXPECT_THAT(host.http(m_post("\"http://example.com/\"; ns=01")).bytes, StartsWith("HTTP/1.1 510 "));
    EXPECT_THAT(host.http(with(set_target, "POST", "M-POST")).bytes, StartsWith("HTTP/1.1 510 "));
    EXPECT_THAT(host.http(m_post("\"http://schemas.xmlsoap.org/soap/envelope/\"; ns=02")).bytes,
                StartsWith("HTTP/1.1 400 "));
}

TEST(wire_control_of_old, CTRL_04_CTRL_19_a_device_of_UDA_1_0_serves_both_unless_told_otherwise)
{
    auto options = lamp_host::golden_options();
    options.policies.uda = uda_version::v1_0;
    auto const query = wire("g23_query_state_variable.request");
    {
        lamp_host host{options};
        host.start_and_settle();
        EXPECT_THAT(host.http(m_post()).bytes, StartsWith("HTTP/1.1 200 "));
        EXPECT_THAT(host.http(query).bytes, StartsWith("HTTP/1.1 200 "));
    }
    options.policies.serve_m_post = false;
    options.policies.serve_state_queries = false;
    lamp_host host{options};
    host.start_and_settle();
    EXPECT_THAT(host.http(m_post()).bytes, StartsWith("HTTP/1.1 501 "));
    EXPECT_THAT(host.http(query).bytes, StartsWith("HTTP/1.1 500 "));
}

TEST_F(wire_control, CTRL_02_CTRL_14_another_charset_is_415_and_another_encoding_400)
{
    for (auto const* type : {"text/xml; charset=iso-8859-1", "text/xml; charset=\"utf-16\""})
        EXPECT_THAT(host.http(with(set_target, "text/xml; charset=\"utf-8\"", type)).bytes,
                    StartsWith("HTTP/1.1 415 "))
            << type;
    EXPECT_THAT(host.http(with_body(set_target, with(body_of(set_target), "utf-8", "iso-8859-1"))).bytes,
                StartsWith("HTTP/1.1 400 "));
    std::string wide = "\xff\xfe"; // UTF-16 with its mark
    for (char const c : body_of(set_target))
        wide += std::string{c, '\0'};
    EXPECT_THAT(host.http(with_body(set_target, wide)).bytes, StartsWith("HTTP/1.1 400 "));
    EXPECT_FALSE(lit());
}

TEST_F(wire_control, a_page_of_another_origin_controls_nothing)
{
    auto const from = [&](std::string const& origin) {
        return host.http(with(set_target, "SOAPACTION", "ORIGIN: " + origin + "\r\nSOAPACTION")).bytes;
    };
    for (auto const* origin :
         {"http://192.168.20.9", "http://192.168.20.5", "http://192.168.20.5:80",
          "https://192.168.20.5:49300", "http://evil.example:49300", "null", "", "192.168.20.5:49300",
          "http://192.168.20.5:49300/", "http://192.168.20.5:49300 http://evil.example", "file://"})
        EXPECT_THAT(from(origin), StartsWith("HTTP/1.1 403 ")) << origin;
    EXPECT_FALSE(lit());
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::origin_foreign], 11U);
    EXPECT_EQ(from("http://192.168.20.5:49300"), wire("g18_set_target.response"));
    EXPECT_TRUE(lit());
}

TEST_F(wire_control, a_preflight_of_a_browser_never_succeeds)
{
    for (auto const* origin : {"http://evil.example", "http://192.168.20.5:49300"}) {
        auto const heard = host.http(
            "OPTIONS /sp/control HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\nORIGIN: " + std::string{origin} +
            "\r\nACCESS-CONTROL-REQUEST-METHOD: POST\r\n"
            "ACCESS-CONTROL-REQUEST-HEADERS: soapaction\r\n\r\n");
        EXPECT_THAT(heard.bytes, StartsWith("HTTP/1.1 40")) << origin;
        EXPECT_THAT(heard.bytes, testing::Not(HasSubstr("ACCESS-CONTROL"))) << origin;
    }
}

TEST_F(wire_control, N_19_CTRL_02_another_content_type_is_415)
{
    EXPECT_THAT(host.http(with(set_target, "text/xml; charset=\"utf-8\"", "application/json")).bytes,
                StartsWith("HTTP/1.1 415 "));
    EXPECT_THAT(host.http(with(set_target, "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n", "")).bytes,
                StartsWith("HTTP/1.1 415 "));
}

TEST_F(wire_control, CTRL_02_the_charset_may_be_written_in_any_way)
{
    for (auto const* type :
         {"text/xml", "text/xml; charset=utf-8", "TEXT/XML;charset=UTF-8", "text/xml ; charset=\"UTF-8\""})
        EXPECT_EQ(host.http(with(set_target, "text/xml; charset=\"utf-8\"", type)).bytes,
                  wire("g18_set_target.response"))
            << type;
}

TEST_F(wire_control, N_20_CTRL_21_a_body_without_length_is_411)
{
    auto const heard = host.http(with(set_target, "CONTENT-LENGTH: 316\r\n", ""));
    EXPECT_THAT(heard.bytes, StartsWith("HTTP/1.1 411 "));
}

TEST_F(wire_control, N_21_DESC_04_two_ways_to_say_the_length_are_400_and_close)
{
    for (auto const* second : {"TRANSFER-ENCODING: chunked", "CONTENT-LENGTH: 315"}) {
        auto const heard = host.http(
            with(set_target, "CONTENT-LENGTH: 316", "CONTENT-LENGTH: 316\r\n" + std::string{second}));
        EXPECT_THAT(heard.bytes, StartsWith("HTTP/1.1 400 ")) << second;
        EXPECT_TRUE(heard.closed) << second;
    }
    EXPECT_FALSE(lit());
}

TEST_F(wire_control, N_22_DESC_12_broken_chunks_are_400_and_close)
{
    auto const chunked = wire("g22_set_target_chunked.request");
    for (auto const* size : {"FFFFFFFFFFFFFFFFF", "-1", "x", ""}) {
        auto const heard = host.http(with(chunked, "\r\n96\r\n", "\r\n" + std::string{size} + "\r\n"));
        EXPECT_THAT(heard.bytes, StartsWith("HTTP/1.1 400 ")) << size;
        EXPECT_TRUE(heard.closed);
    }
    EXPECT_THAT(host.http(with(chunked, "</s:Envelope>\r\n0", "</s:Envelope>0")).bytes,
                StartsWith("HTTP/1.1 400 "));
    EXPECT_FALSE(lit());
}

TEST_F(wire_control, N_23_DESC_12_chunk_extensions_and_trailers_are_ignored)
{
    auto const chunked = wire("g22_set_target_chunked.request");
    auto const odd = with(with(with(chunked, "\r\nA6\r\n", "\r\nA6;x=y\r\n"), "\r\n96\r\n", "\r\n96;\r\n"),
                          "\r\n0\r\n", "\r\n0\r\nX-TRAILER.EXAMPLE.COM: 1\r\n");
    EXPECT_EQ(host.http(odd).bytes, wire("g18_set_target.response"));
}

TEST_F(wire_control, N_25_N_26_CTRL_14_XML_that_is_not_well_formed_or_has_a_DOCTYPE_is_400)
{
    auto const body = body_of(set_target);
    for (auto const& bad : {
             body.substr(0, body.size() - 1),
             with(body, declaration, declaration + "<!DOCTYPE s [<!ENTITY e \"1\">]>"),
             with(body, "<newTargetValue>1<", "<newTargetValue>&e;<"),
             with(body, "utf-8", "utf-16"),
             with(body, "<newTargetValue>1<", "<newTargetValue>\xff<"),
             std::string{},
             std::string(1000, '<'),
         }) {
        EXPECT_THAT(host.http(with_body(set_target, bad)).bytes, StartsWith("HTTP/1.1 400 ")) << bad;
    }
    EXPECT_FALSE(lit());
}

TEST_F(wire_control, N_28_CTRL_06_header_and_body_that_disagree_are_401)
{
    EXPECT_EQ(host.http(with(set_target, "#SetTarget", "#GetStatus")).bytes, wire("g21_fault_401.response"));
    EXPECT_FALSE(lit());
}

TEST_F(wire_control, CTRL_08_a_version_we_do_not_have_is_401)
{
    auto const two = with_body(with(set_target, "SwitchPower:1#", "SwitchPower:2#"),
                               with(body_of(set_target), "SwitchPower:1\"", "SwitchPower:2\""));
    EXPECT_EQ(host.http(two).bytes, wire("g21_fault_401.response"));
}

TEST_F(wire_control, N_30_TYPE_26_text_of_another_type_is_402)
{
    EXPECT_EQ(host.http(body_with(">1<", ">maybe<")).bytes, wire("g20_fault_402.response"));
}

TEST_F(wire_control, N_31_TYPE_14_booleans_in_all_their_spellings)
{
    for (auto const* word : {"true", "Yes", "1"}) {
        EXPECT_EQ(host.http(body_with(">1<", ">" + std::string{word} + "<")).bytes,
                  wire("g18_set_target.response"));
        EXPECT_TRUE(lit()) << word;
        EXPECT_EQ(host.http(body_with(">1<", ">0<")).bytes, wire("g18_set_target.response"));
        EXPECT_FALSE(lit()) << word;
    }
}

TEST_F(wire_control, N_32_DESC_26_what_is_unknown_is_ignored)
{
    EXPECT_EQ(host.http(body_with("<newTargetValue>1<",
                                  "<!-- c --><?pi x?><Other><x/></Other><newTargetValue a=\"b\">1<"))
                  .bytes,
              wire("g18_set_target.response"));
}

TEST_F(wire_control, N_33_CTRL_13_mustUnderstand_is_a_fault_and_nothing_runs)
{
    auto const heard = host.http(body_with(
        "<s:Body>", "<s:Header><x:y xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/></s:Header><s:Body>"));
    EXPECT_THAT(heard.bytes, StartsWith("HTTP/1.1 500 "));
    EXPECT_THAT(heard.bytes, HasSubstr("<faultcode>s:MustUnderstand</faultcode>"));
    EXPECT_FALSE(lit());
}

TEST_F(wire_control, N_34_DESC_25_any_prefix_will_do)
{
    auto body = body_of(set_target);
    for (auto const& [from, to] :
         {std::pair{"s:", "SOAP-ENV:"}, std::pair{":s=", ":SOAP-ENV="}, std::pair{"<u:", "<m:"},
          std::pair{"</u:", "</m:"}, std::pair{"xmlns:u", "xmlns:m"}})
        for (auto at = body.find(from); at != body.npos;
             at = body.find(from, at + std::string_view{to}.size())) {
            // `s:` also ends `xmlns:` and stands in URIs; only element and attribute prefixes are meant
            bool const prefix =
                std::string_view{from} != "s:" ||
                (at > 0 && (body[at - 1] == '<' || body[at - 1] == '/' || body[at - 1] == ' '));
            if (prefix)
                body.replace(at, std::string_view{from}.size(), to);
            else
                ++at;
        }
    ASSERT_THAT(body, HasSubstr("<SOAP-ENV:Body>"));
    ASSERT_THAT(body, HasSubstr("<m:SetTarget xmlns:m="));
    EXPECT_EQ(host.http(with_body(set_target, body)).bytes, wire("g18_set_target.response"));
}

TEST_F(wire_control, N_35_CTRL_12_encodingStyle_may_be_absent)
{
    EXPECT_EQ(
        host.http(body_with(" s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"", "")).bytes,
        wire("g18_set_target.response"));
}

TEST_F(wire_control, N_36_CTRL_14_a_byte_order_mark_is_fine)
{
    EXPECT_EQ(host.http(with_body(set_target, "\xef\xbb\xbf" + body_of(set_target))).bytes,
              wire("g18_set_target.response"));
}

TEST_F(wire_control, CTRL_03_CTRL_04_other_methods_on_the_control_URL)
{
    EXPECT_THAT(host.http("GET /sp/control HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n\r\n").bytes,
                testing::AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("ALLOW: POST, HEAD\r\n")));
    EXPECT_THAT(host.http("HEAD /sp/control HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n\r\n").bytes,
                StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(host.http(with(set_target, "POST", "M-POST")).bytes, StartsWith("HTTP/1.1 501 "));
}

TEST_F(wire_control, CTRL_05_SOAPACTION_missing_or_without_its_parts_is_400)
{
    auto const header =
        std::string{"SOAPACTION: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n"};
    for (std::string const bad : {"", "SOAPACTION: \"\"\r\n", "SOAPACTION: \"x\"\r\n",
                                  "SOAPACTION: urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\r\n"})
        EXPECT_THAT(host.http(with(set_target, header, bad)).bytes, StartsWith("HTTP/1.1 400 ")) << bad;
    EXPECT_FALSE(lit());
}

TEST_F(wire_control, CTRL_21_a_body_over_the_limit_is_413_before_it_arrives)
{
    auto const heard = host.http(with(set_target, "CONTENT-LENGTH: 316", "CONTENT-LENGTH: 65537"));
    EXPECT_THAT(heard.bytes, StartsWith("HTTP/1.1 413 "));
    EXPECT_TRUE(heard.closed);
}

TEST_F(wire_control, VER_09_a_call_with_the_fields_of_UDA_1_0_only_is_served)
{
    EXPECT_EQ(host.http(with(set_target, "USER-AGENT: TestOS/1.0 UPnP/2.0 TestCP/1.0\r\n", "")).bytes,
              wire("g18_set_target.response"));
    EXPECT_TRUE(lit());
}

TEST_F(wire_control, CTRL_10_ACCEPT_LANGUAGE_has_no_effect)
{
    for (auto const* language : {"ACCEPT-LANGUAGE: de\r\n", "ACCEPT-LANGUAGE: *\r\n"})
        EXPECT_EQ(host.http(with(set_target, "SOAPACTION:", std::string{language} + "SOAPACTION:")).bytes,
                  wire("g18_set_target.response"))
            << language;
}

TEST_F(wire_control, CTRL_22_the_connection_ends_after_HTTP_1_0_and_CONNECTION_close)
{
    EXPECT_FALSE(host.http(set_target).closed);

    auto const old = host.http(with(set_target, "HTTP/1.1", "HTTP/1.0"));
    EXPECT_THAT(old.bytes, StartsWith("HTTP/1.0 200 OK\r\n"));
    EXPECT_TRUE(old.closed);

    auto const last = host.http(with(set_target, "SOAPACTION:", "CONNECTION: close\r\nSOAPACTION:"));
    EXPECT_THAT(last.bytes, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(last.bytes, HasSubstr("\r\nCONNECTION: close\r\n"));
    EXPECT_TRUE(last.closed);

    auto const fault = host.http(with(with(set_target, "HTTP/1.1", "HTTP/1.0"), "#SetTarget", "#GetStatus"));
    EXPECT_THAT(fault.bytes, StartsWith("HTTP/1.0 500 "));
    EXPECT_TRUE(fault.closed);
}

TEST_F(wire_control, DESC_25_an_action_may_be_an_empty_element_of_either_form)
{
    std::string const type = "xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\"";
    auto const body = body_of(set_target);
    auto const begin = body.find("<u:SetTarget");
    auto const end = body.find("</s:Body>");
    for (auto const& call : {"<u:GetStatus " + type + "/>", "<u:GetStatus " + type + "></u:GetStatus>"}) {
        auto const ask = with_body(with(set_target, "#SetTarget", "#GetStatus"),
                                   std::string{body}.replace(begin, end - begin, call));
        EXPECT_THAT(host.http(ask).bytes, HasSubstr("<ResultStatus>0</ResultStatus>")) << call;
    }
}

} // namespace
} // namespace onlink::test
