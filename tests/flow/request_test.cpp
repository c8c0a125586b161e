// SPDX-License-Identifier: BSL-1.0
// "A request in" of docs/architecture.md, through the whole runtime, without a socket.
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::StartsWith;

TEST(request_flow, a_peer_off_the_segment_is_not_even_read_from)
{
    lamp_host host;
    host.start_and_settle();
    EXPECT_TRUE(host.runtime.admit_connection(host.from("192.168.20.9")));
    EXPECT_TRUE(host.runtime.admit_connection(host.from("192.168.20.5"))) << "a program on this host";
    for (auto const* far : {"198.51.100.7", "192.168.21.9", "10.0.0.1", "8.8.8.8"})
        EXPECT_FALSE(host.runtime.admit_connection(host.from(far))) << far;
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::connection_off_segment], 4U);
}

TEST(request_flow, every_message_cut_at_every_byte_is_harmless)
{
    for (auto const* name :
         {"g12_get_description.request", "g17_set_target.request", "g22_set_target_chunked.request",
          "g25_subscribe_statevar.request", "g30_renew.request", "g31_unsubscribe.request"}) {
        auto const whole = wire(name);
        lamp_host host;
        host.start_and_settle();
        for (std::size_t size = 0; size < whole.size(); ++size)
            EXPECT_EQ(host.http(whole.substr(0, size)).bytes, "") << name << " cut at " << size;
        EXPECT_FALSE(host.power.state().get<bool>("Target"));
        EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
    }
}

TEST(request_flow, every_message_with_every_byte_changed_is_answered_or_refused)
{
    for (auto const* name : {"g17_set_target.request", "g25_subscribe_statevar.request"}) {
        auto const whole = wire(name);
        for (std::size_t at = 0; at < whole.size(); ++at) {
            lamp_host host;
            host.start_and_settle();
            auto changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ 0x15);
            auto const answer = host.http(changed).bytes;
            EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.")) << name << " at " << at;
            for (auto const& delivery : host.deliveries) {
                // Whatever the change made of the callback: it stays on the segment.
                EXPECT_EQ(delivery.to().where().address.to_v4().to_uint() >> 8, 0xc0a814U) << changed;
            }
        }
    }
}

TEST(request_flow, refusals_are_counted_and_told_with_their_reason)
{
    lamp_host host;
    host.start_and_settle();
    host.http(with(wire("g25_subscribe_statevar.request"), "<http://192.168.20.9:50200/ev/1>",
                   "<http://203.0.113.7/x>"));
    ASSERT_EQ(host.refusals.size(), 1U);
    auto const& told = host.refusals.front();
    EXPECT_EQ(told.reason, refusal_reason::callback_off_segment);
    EXPECT_EQ(told.status, 412);
    EXPECT_EQ(told.peer, ip("192.168.20.9"));
    EXPECT_EQ(told.interface_name, "eth0");
    EXPECT_EQ(told.detail, "<http://203.0.113.7/x>");
}

TEST(request_flow, the_words_of_a_peer_cannot_forge_a_log_line)
{
    lamp_host host;
    host.start_and_settle();
    host.http("GET /\xc3\xa9 HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n\r\n");
    host.http(with(wire("g17_set_target.request"), "#SetTarget", "#Set\x1b[2JTarget"));
    for (auto const& told : host.refusals)
        for (char const c : told.detail)
            EXPECT_TRUE(c >= ' ' && c <= '~');
}

TEST(request_flow, VER_11_codes_that_are_not_the_applications_to_send_become_501)
{
    for (auto const& [code, sent] : {std::pair{403, "501"}, std::pair{0, "501"}, std::pair{-1, "501"},
                                     std::pair{1000, "501"}, std::pair{600, "600"}, std::pair{701, "701"}}) {
        lamp_host host;
        host.start_and_settle();
        host.power.on("SetTarget", [code = code](bool) -> action_outcome<void> {
            return upnp_error{code, "why"};
        });
        EXPECT_THAT(host.http(wire("g17_set_target.request")).bytes,
                    testing::HasSubstr("<errorCode>" + std::string{sent} + "</errorCode>"))
            << code;
    }
}

TEST(request_flow, same_host_admits_only_the_requester)
{
    auto options = lamp_host::golden_options();
    options.policies.callback = callback_admission::same_host;
    lamp_host host{options};
    host.start_and_settle();
    auto const subscribe = wire("g25_subscribe_statevar.request");
    EXPECT_THAT(host.http(with(subscribe, "http://192.168.20.9", "http://192.168.20.10")).bytes,
                StartsWith("HTTP/1.1 412 "));
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::callback_not_requester], 1U);
    EXPECT_THAT(host.http(subscribe).bytes, StartsWith("HTTP/1.1 200 "));
}

TEST(request_flow, tolerances_are_as_the_policies_say)
{
    auto const slashes = with(wire("g12_get_description.request"), "/desc.xml", "//desc.xml");
    auto const unquoted =
        with(wire("g17_set_target.request"), "\"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"",
             "urn:schemas-upnp-org:service:SwitchPower:1#SetTarget");
    auto refusing = lamp_host::golden_options();
    refusing.policies.collapse_leading_slashes = false;
    lamp_host strict{refusing};
    strict.start_and_settle();
    EXPECT_THAT(strict.http(slashes).bytes, StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(strict.http(unquoted).bytes, StartsWith("HTTP/1.1 400 "));

    auto options = lamp_host::golden_options();
    options.policies.accept_unquoted_soapaction = true;
    lamp_host tolerant{options};
    tolerant.start_and_settle();
    EXPECT_THAT(tolerant.http(slashes).bytes, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(tolerant.http(unquoted).bytes, StartsWith("HTTP/1.1 200 "));
}

} // namespace
} // namespace onlink::test
