// SPDX-License-Identifier: BSL-1.0
#include "host/request_handler.hpp"

#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using test::ip;
using test::lamp_host;
using testing::HasSubstr;

constexpr std::size_t switch_power = 0;
std::string const type = "urn:schemas-upnp-org:service:SwitchPower:1";
using fields = std::vector<std::pair<std::string, std::string>>;

std::string envelope(std::string const& content)
{
    return "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\">" + content + "</s:Envelope>";
}

/// The Hall Lamp behind its request handler.
struct handler : testing::Test {
    handler() { restart(); }

    /// With the options of now.
    void restart()
    {
        requests.reset();
        lamp.emplace(device_tree::of({lamp_host::lamp(power, lamp_host::lamp_health())}).value());
        documents.emplace(options.policies.uda);
        documents->add(*lamp, 0, options.config_id);
        events.emplace(*lamp, options.limits.eventing, options.policies, time_point{100h});
        requests.emplace(*lamp, *documents, *events, options, "ExampleOS/3.2 UPnP/2.0 LampStack/0.1", random);
    }

    http_reply ask(http_method method, std::string target, fields const& extra = {}, std::string body = {})
    {
        http_request request;
        request.method = method;
        request.method_text = "METHOD";
        request.target = std::move(target);
        request.fields.add("HOST", "192.168.20.5:49300");
        for (auto const& [name, value] : extra)
            request.fields.add(name, value);
        request.body = std::move(body);
        return requests->handle(now, from, request, table);
    }
    http_reply call(std::string const& content, std::string const& soap_action = '"' + type + "#SetTarget\"")
    {
        return ask(http_method::post, "/sp/control",
                   {{"CONTENT-TYPE", "text/xml"}, {"SOAPACTION", soap_action}}, envelope(content));
    }
    http_reply set_target(std::string const& text = "1")
    {
        return call("<s:Body><u:SetTarget xmlns:u=\"" + type + "\"><newTargetValue>" + text +
                    "</newTargetValue></u:SetTarget></s:Body>");
    }

    static http_response const& response(http_reply const& reply)
    {
        return std::get<http_response>(reply.what);
    }
    static int status(http_reply const& reply) { return response(reply).status; }

    void expect_refused(http_reply const& reply, int expected, refusal_reason reason)
    {
        ASSERT_TRUE(std::holds_alternative<http_response>(reply.what));
        EXPECT_EQ(status(reply), expected);
        EXPECT_EQ(reply.refused, reason);
        EXPECT_FALSE(reply.subscribed);
        EXPECT_FALSE(reply.changed);
    }

    host_options options = lamp_host::golden_options();
    service power = lamp_host::switch_power();
    std::optional<device_tree> lamp;
    std::optional<document_store> documents;
    std::optional<event_engine> events;
    std::optional<request_handler> requests;
    test::seeded_random random{1};
    interface_table table = lamp_host::golden_interfaces();
    connection from{lamp_host::eth, "eth0", {ip("192.168.20.5"), 49300}, {ip("192.168.20.9"), 40000}};
    moment now{time_point{100h}, std::chrono::sys_days{std::chrono::year{2023} / 11 / 15} + 8h};
};

// ---- Guard and routes

TEST_F(handler, CVE_2021_29462_DESC_16_the_host_header_is_judged_before_anything_else)
{
    http_request request;
    request.method = http_method::get;
    for (auto const* target : {"/desc.xml", "/nothing", "/sp/control"}) {
        request.target = target;
        request.fields = {};
        expect_refused(requests->handle(now, from, request, table), 400, refusal_reason::host_header);
        request.fields.add("HOST", "evil.example:49300");
        auto const reply = requests->handle(now, from, request, table);
        expect_refused(reply, 421, refusal_reason::host_header);
        EXPECT_EQ(reply.detail, "evil.example:49300");
    }
}

TEST_F(handler, CTRL_21_GENA_24_an_unknown_path_is_404_whatever_the_method)
{
    for (auto const* path : {"/", "/nothing", "/desc.xml/", "/DESC.XML", "/sp/", "/sp", "/sp/control/x",
                             "/desc.xml//", "/sp/scpd", "/icon49.png", "/ui"})
        for (auto const method :
             {http_method::get, http_method::post, http_method::subscribe, http_method::other})
            expect_refused(ask(method, path), 404, refusal_reason::not_found);
}

TEST_F(handler, N_17_CTRL_21_a_path_that_cannot_be_ours_is_400)
{
    for (auto const* path :
         {"", "desc.xml", "/../etc/passwd", "/%2e%2e/", "/desc.xml%00", "/a%2Fb", "/a\\b", "*", "/%zz"}) {
        auto const reply = ask(http_method::get, path);
        ASSERT_TRUE(std::holds_alternative<http_response>(reply.what)) << path;
        EXPECT_EQ(status(reply), 400) << path;
    }
}

TEST_F(handler, a_query_does_not_change_the_path)
{
    EXPECT_EQ(status(ask(http_method::get, "/desc.xml?x=1")), 200);
    EXPECT_EQ(status(ask(http_method::get, "/%64esc.xml")), 200);
    EXPECT_EQ(status(ask(http_method::get, "http://192.168.20.5:49300/desc.xml")), 200);
}

TEST_F(handler, CVE_2020_13848_leading_slashes_are_collapsed_unless_the_policy_says_otherwise)
{
    EXPECT_EQ(status(ask(http_method::get, "//desc.xml")), 200);
    EXPECT_EQ(status(ask(http_method::subscribe, "//x")), 404);
    options.policies.collapse_leading_slashes = false;
    restart();
    expect_refused(ask(http_method::get, "//desc.xml"), 404, refusal_reason::not_found);
}

TEST_F(handler, the_words_of_the_peer_are_made_printable)
{
    auto const reply = ask(http_method::get, "/a\x1b[2J\nb\xff");
    EXPECT_EQ(reply.detail, "/a?[2J?b?");
    EXPECT_LE(ask(http_method::get, '/' + std::string(5000, 'a')).detail.size(), 256U);
}

// ---- Documents

TEST_F(handler, DESC_01_documents_are_served_from_the_store)
{
    for (auto const& [path, document] :
         {std::pair{"/desc.xml", documents->description(0)}, std::pair{"/sp/scpd.xml", documents->scpd(0)},
          std::pair{"/lh/scpd.xml", documents->scpd(1)}})
        for (auto const method : {http_method::get, http_method::head}) {
            auto const reply = ask(method, path);
            EXPECT_EQ(status(reply), 200);
            EXPECT_EQ(response(reply).body, document.plain.body) << "rendered once, shared";
            EXPECT_EQ(response(reply).rendered_fields, document.plain.fields);
            ASSERT_TRUE(response(reply).dated_fields);
            EXPECT_EQ(*response(reply).dated_fields, "DATE: Wed, 15 Nov 2023 08:00:00 GMT\r\n"
                                                     "SERVER: ExampleOS/3.2 UPnP/2.0 LampStack/0.1\r\n");
            EXPECT_FALSE(reply.refused);
        }
}

TEST_F(handler, DESC_05_CONTENT_LANGUAGE_if_and_only_if_it_was_asked_for)
{
    options.language = "de";
    EXPECT_FALSE(response(ask(http_method::get, "/desc.xml")).fields.has("CONTENT-LANGUAGE"));
    for (auto const* asked : {"de", "en", "*", ""})
        EXPECT_EQ(response(ask(http_method::get, "/desc.xml", {{"ACCEPT-LANGUAGE", asked}}))
                      .fields.one("CONTENT-LANGUAGE"),
                  "de");
}

TEST_F(handler, N_16_DESC_17_another_method_on_a_document_is_405_with_ALLOW)
{
    for (auto const method : {http_method::post, http_method::m_post, http_method::subscribe,
                              http_method::unsubscribe, http_method::other})
        for (auto const* path : {"/desc.xml", "/sp/scpd.xml"}) {
            auto const reply = ask(method, path);
            expect_refused(reply, 405, refusal_reason::method_not_allowed);
            EXPECT_EQ(response(reply).fields.one("ALLOW"), "GET, HEAD");
        }
}

// ---- Control

TEST_F(handler, CTRL_01_a_call_becomes_an_invocation)
{
    auto const reply = set_target();
    auto const* call = std::get_if<invocation>(&reply.what);
    ASSERT_NE(call, nullptr);
    EXPECT_EQ(&call->service.state(), &power.state());
    EXPECT_EQ(call->type_uri, type);
    EXPECT_EQ(call->call.action(), "SetTarget");
    EXPECT_EQ(call->call.in<bool>("newTargetValue"), true);
    EXPECT_EQ(call->call.caller(), ip("192.168.20.9"));
    EXPECT_EQ(call->call.interface_name(), "eth0");
    EXPECT_FALSE(reply.refused);
}

TEST_F(handler, CTRL_21_another_method_on_the_control_URL_is_405_with_ALLOW)
{
    for (auto const method :
         {http_method::get, http_method::subscribe, http_method::unsubscribe, http_method::other}) {
        auto const reply = ask(method, "/sp/control");
        expect_refused(reply, 405, refusal_reason::method_not_allowed);
        EXPECT_EQ(response(reply).fields.one("ALLOW"), "POST, HEAD");
    }
}

TEST_F(handler, CTRL_03_POST_on_a_control_URL_is_never_405)
{
    EXPECT_NE(status(ask(http_method::post, "/sp/control")), 405);
    EXPECT_NE(status(ask(http_method::post, "/lh/control")), 405) << "a service without actions";
    EXPECT_NE(status(ask(http_method::post, "/sp/control", {{"CONTENT-TYPE", "text/xml"}})), 405);
}

TEST_F(handler, CTRL_04_M_POST_is_501)
{
    expect_refused(ask(http_method::m_post, "/sp/control"), 501, refusal_reason::method_not_allowed);
}

TEST_F(handler, DESC_08_HEAD_on_the_control_URL_is_for_asking_our_version)
{
    auto const reply = ask(http_method::head, "/sp/control");
    EXPECT_EQ(status(reply), 200);
    EXPECT_FALSE(reply.refused);
}

TEST_F(handler, N_19_CTRL_02_another_content_type_is_415)
{
    auto const with_type = [&](std::string const& media) {
        return ask(http_method::post, "/sp/control",
                   {{"CONTENT-TYPE", media}, {"SOAPACTION", '"' + type + "#SetTarget\""}}, "x");
    };
    for (auto const* media :
         {"application/json", "", "text/html", "text/xmlx", "text/x", "application/soap+xml", "text",
          "charset=utf-8; text/xml", "text/xml, text/xml"})
        expect_refused(with_type(media), 415, refusal_reason::unsupported_media);
    expect_refused(ask(http_method::post, "/sp/control"), 415, refusal_reason::unsupported_media);
    expect_refused(
        ask(http_method::post, "/sp/control", {{"CONTENT-TYPE", "text/xml"}, {"CONTENT-TYPE", "text/xml"}}),
        415, refusal_reason::unsupported_media);
    for (auto const* media :
         {"text/xml", "text/xml; charset=\"utf-8\"", "TEXT/XML;CHARSET=utf-8", "text/xml ;charset=utf-8"})
        EXPECT_NE(status(with_type(media)), 415) << media;
}

TEST_F(handler, CTRL_05_SOAPACTION_missing_doubled_or_malformed_is_400)
{
    auto const body = envelope("<s:Body><u:SetTarget xmlns:u=\"" + type + "\"/></s:Body>");
    std::pair<std::string, std::string> const media{"CONTENT-TYPE", "text/xml"};
    std::pair<std::string, std::string> const action{"SOAPACTION", '"' + type + "#SetTarget\""};
    expect_refused(ask(http_method::post, "/sp/control", {media}, body), 400, refusal_reason::soap_invalid);
    expect_refused(ask(http_method::post, "/sp/control", {media, action, action}, body), 400,
                   refusal_reason::soap_invalid);
    for (auto const* bad : {"", "\"", "\"\"", "#", "\"#\"", "\"x\""})
        expect_refused(call("", bad), 400, refusal_reason::soap_invalid);
}

TEST_F(handler, CTRL_05_SOAPACTION_without_quotes_follows_the_policy)
{
    auto const body = "<s:Body><u:SetTarget xmlns:u=\"" + type +
                      "\"><newTargetValue>1</newTargetValue></u:SetTarget></s:Body>";
    expect_refused(call(body, type + "#SetTarget"), 400, refusal_reason::soap_invalid);
    options.policies.accept_unquoted_soapaction = true;
    restart();
    EXPECT_TRUE(std::holds_alternative<invocation>(call(body, type + "#SetTarget").what));
}

TEST_F(handler, N_25_N_26_CTRL_21_a_body_that_is_no_SOAP_is_400)
{
    std::pair<std::string, std::string> const media{"CONTENT-TYPE", "text/xml"};
    std::pair<std::string, std::string> const action{"SOAPACTION", '"' + type + "#SetTarget\""};
    for (auto const* bad : {"", "x", "<a>", "<!DOCTYPE a><a/>"})
        expect_refused(ask(http_method::post, "/sp/control", {media, action}, bad), 400,
                       refusal_reason::xml_refused);
    for (auto const* bad : {"", "<s:Body/>", "<s:Body><a/><b/></s:Body>", "<s:Body><a/></s:Body><s:Body/>"})
        expect_refused(call(bad), 400, refusal_reason::soap_invalid);
}

TEST_F(handler, CTRL_11_N_33_CTRL_13_faults_of_SOAP_itself)
{
    auto const other_soap = ask(http_method::post, "/sp/control",
                                {{"CONTENT-TYPE", "text/xml"}, {"SOAPACTION", '"' + type + "#SetTarget\""}},
                                "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"/>");
    expect_refused(other_soap, 500, refusal_reason::soap_invalid);
    EXPECT_THAT(*response(other_soap).body, HasSubstr("<faultcode>s:VersionMismatch</faultcode>"));
    auto const insisting = call("<s:Header><x s:mustUnderstand=\"1\"/></s:Header><s:Body><a/></s:Body>");
    expect_refused(insisting, 500, refusal_reason::soap_invalid);
    EXPECT_THAT(*response(insisting).body, HasSubstr("<faultcode>s:MustUnderstand</faultcode>"));
}

std::string const soap_fields = "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
                                "DATE: Wed, 15 Nov 2023 08:00:00 GMT\r\n"
                                "EXT:\r\n"
                                "SERVER: ExampleOS/3.2 UPnP/2.0 LampStack/0.1\r\n";

TEST_F(handler, N_27_N_29_N_30_CTRL_17_a_call_that_is_wrong_is_a_fault_with_its_code)
{
    auto const expect_fault = [&](http_reply const& reply, std::string const& code) {
        expect_refused(reply, 500, refusal_reason::action_fault);
        EXPECT_THAT(*response(reply).body, HasSubstr("<errorCode>" + code + "</errorCode>"));
        EXPECT_THAT(write_head(response(reply), 11), HasSubstr(soap_fields));
        EXPECT_THAT(reply.detail, HasSubstr(code));
    };
    expect_fault(set_target("maybe"), "402");
    expect_fault(call("<s:Body><u:SetTarget xmlns:u=\"" + type + "\"/></s:Body>"), "402");
    expect_fault(call("<s:Body><u:GetTarget xmlns:u=\"" + type + "\"/></s:Body>"), "401");
    expect_fault(call("<s:Body><u:Foo xmlns:u=\"" + type + "\"/></s:Body>", '"' + type + "#Foo\""), "401");
}

TEST_F(handler, CTRL_09_CTRL_10_finish_renders_the_answer)
{
    auto const reply = set_target();
    int error = -1;
    auto const answer = requests->control().finish(now, std::get<invocation>(reply.what), outputs{}, error);
    EXPECT_EQ(error, 0);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(write_head(answer, 11), "HTTP/1.1 200 OK\r\n" + soap_fields + "CONTENT-LENGTH: " +
                                          std::to_string(answer.body->size()) + "\r\n\r\n");
    EXPECT_THAT(*answer.body,
                HasSubstr("<u:SetTargetResponse xmlns:u=\"" + type + "\"></u:SetTargetResponse>"));
}

TEST_F(handler, CTRL_17_finish_renders_the_error_of_a_handler_and_a_broken_contract_as_501)
{
    auto const reply = set_target();
    auto const& call = std::get<invocation>(reply.what);
    int error = 0;
    auto const failed = requests->control().finish(now, call, upnp_error{701, "no lamp"}, error);
    EXPECT_EQ(error, 701);
    EXPECT_EQ(failed.status, 500);
    EXPECT_THAT(*failed.body,
                testing::AllOf(HasSubstr("<errorCode>701<"), HasSubstr("<errorDescription>no lamp<")));
    auto const broken = requests->control().finish(now, call, outputs{{"Extra", 1}}, error);
    EXPECT_EQ(error, 501);
    EXPECT_EQ(broken.status, 500);
    EXPECT_THAT(*broken.body, HasSubstr("<errorCode>501<"));
}

// ---- Eventing

std::pair<std::string, std::string> const nt{"NT", "upnp:event"};
std::pair<std::string, std::string> const callback{"CALLBACK", "<http://192.168.20.9:50200/ev/1>"};

TEST_F(handler, GENA_14_SUBSCRIBE_renewal_and_UNSUBSCRIBE)
{
    auto const accepted = ask(http_method::subscribe, "/sp/event", {nt, callback});
    ASSERT_EQ(status(accepted), 200);
    EXPECT_EQ(accepted.changed, subscription_change::accepted);
    EXPECT_EQ(accepted.service, switch_power);
    ASSERT_TRUE(accepted.subscribed);
    auto const id = accepted.subscribed->to_string();
    EXPECT_EQ(accepted.changed_sid, id);
    EXPECT_EQ(response(accepted).fields.one("SID"), id);
    EXPECT_EQ(response(accepted).fields.one("TIMEOUT"), "Second-1800");
    EXPECT_EQ(response(accepted).fields.one("SERVER"), "ExampleOS/3.2 UPnP/2.0 LampStack/0.1");

    auto const renewed = ask(http_method::subscribe, "/sp/event", {{"SID", id}, {"TIMEOUT", "Second-3600"}});
    ASSERT_EQ(status(renewed), 200);
    EXPECT_EQ(renewed.changed, subscription_change::renewed);
    EXPECT_FALSE(renewed.subscribed) << "no initial event";
    EXPECT_EQ(response(renewed).fields.one("SID"), id);
    EXPECT_EQ(response(renewed).fields.one("TIMEOUT"), "Second-3600");

    auto const cancelled = ask(http_method::unsubscribe, "/sp/event", {{"SID", id}});
    ASSERT_EQ(status(cancelled), 200);
    EXPECT_EQ(cancelled.changed, subscription_change::cancelled);
    EXPECT_EQ(cancelled.changed_sid, id);
    EXPECT_FALSE(response(cancelled).fields.has("SID"));
    expect_refused(ask(http_method::unsubscribe, "/sp/event", {{"SID", id}}), 412,
                   refusal_reason::subscription_unknown);
}

TEST_F(handler, GENA_10_refused_subscriptions_say_why_to_us_and_to_them)
{
    options.policies.explain_refusals = true;
    for (auto const& [url, reason] :
         {std::pair{"<http://203.0.113.7/x>", refusal_reason::callback_off_segment},
          std::pair{"<http://127.0.0.1/>", refusal_reason::callback_loopback},
          std::pair{"<http://router.example/>", refusal_reason::callback_not_literal},
          std::pair{"<ftp://192.168.20.9/>", refusal_reason::callback_scheme}}) {
        auto const reply = ask(http_method::subscribe, "/sp/event", {nt, {"CALLBACK", url}});
        expect_refused(reply, 412, reason);
        EXPECT_EQ(reply.detail, url);
        ASSERT_NE(response(reply).body, nullptr);
        EXPECT_EQ(*response(reply).body, std::string{explain(reason)} + '\n');
    }
    EXPECT_EQ(events->subscriptions(), 0U);
}

TEST_F(handler, GENA_10_the_segment_is_that_of_the_interface_the_request_came_in_on)
{
    table = interface_table{{{.index = 2,
                              .name = "eth0",
                              .up = true,
                              .multicast = true,
                              .loopback = false,
                              .addresses = {{ip("192.168.20.5"), 24}}},
                             {.index = 3,
                              .name = "eth1",
                              .up = true,
                              .multicast = true,
                              .loopback = false,
                              .addresses = {{ip("10.8.0.1"), 24}}}}};
    fields const to_eth1{nt, {"CALLBACK", "<http://10.8.0.9/>"}};
    expect_refused(ask(http_method::subscribe, "/sp/event", to_eth1), 412,
                   refusal_reason::callback_off_segment);
    from.interface_index = 3;
    from.peer.address = ip("10.8.0.9");
    EXPECT_EQ(status(ask(http_method::subscribe, "/sp/event", to_eth1)), 200);
}

TEST_F(handler, an_interface_that_is_gone_accepts_no_subscription)
{
    table = interface_table{};
    auto const reply = ask(http_method::subscribe, "/sp/event", {nt, callback});
    expect_refused(reply, 412, refusal_reason::callback_interface_gone);
    EXPECT_FALSE(reply.subscribed);
    EXPECT_EQ(events->subscriptions(), 0U);
}

TEST_F(handler, GENA_07_GENA_08_GENA_09_bad_header_fields)
{
    expect_refused(ask(http_method::subscribe, "/sp/event", {nt, callback, {"SID", "x"}}), 400,
                   refusal_reason::subscribe_invalid);
    expect_refused(ask(http_method::subscribe, "/sp/event", {callback}), 412,
                   refusal_reason::subscribe_invalid);
    expect_refused(ask(http_method::subscribe, "/sp/event", {nt}), 412, refusal_reason::subscribe_invalid);
    expect_refused(ask(http_method::subscribe, "/sp/event"), 412, refusal_reason::subscribe_invalid);
    expect_refused(ask(http_method::unsubscribe, "/sp/event"), 412, refusal_reason::subscription_unknown);
}

TEST_F(handler, GENA_24_another_method_on_an_event_URL_is_405_with_ALLOW)
{
    for (auto const method :
         {http_method::get, http_method::head, http_method::post, http_method::m_post, http_method::other}) {
        auto const reply = ask(method, "/sp/event", {nt, callback});
        expect_refused(reply, 405, refusal_reason::method_not_allowed);
        EXPECT_EQ(response(reply).fields.one("ALLOW"), "SUBSCRIBE, UNSUBSCRIBE");
    }
}

TEST_F(handler, CVE_2019_17621_words_for_a_shell_in_a_query_are_ignored)
{
    EXPECT_EQ(status(ask(http_method::subscribe, "/sp/event?service=$(id)", {nt, callback})), 200);
    EXPECT_EQ(status(ask(http_method::subscribe, "/sp/event?service=`id`", {nt, callback})), 200);
}

} // namespace
} // namespace onlink
