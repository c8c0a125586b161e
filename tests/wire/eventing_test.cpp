// SPDX-License-Identifier: BSL-1.0
// GENA over HTTP, byte for byte as in the golden messages.
#include "support/golden.hpp"
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::string const subscribe = wire("g25_subscribe_statevar.request");
std::string const callback = "<http://192.168.20.9:50200/ev/1>";
std::string const refused = wire("g33_precondition_failed.response");

struct wire_eventing : testing::Test {
    wire_eventing() { host.start_and_settle(); }

    /// The next SID is that of the golden messages.
    void expect_golden_sid()
    {
        host.random->put_first(
            {0x0b, 0x7c, 0x9d, 0x52, 0x8e, 0x1f, 0x4a, 0x63, 0xb2, 0xd4, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa});
    }
    std::string status(std::string const& request)
    {
        auto const bytes = host.http(request).bytes;
        return bytes.substr(9, 3);
    }
    void switch_light(bool on)
    {
        host.power.state().set("Status", on);
        host.runtime.on_state_change(host.now(), 0);
        host.obey();
    }
    std::string seq(std::size_t delivery) const
    {
        auto const header = host.deliveries.at(delivery).header();
        auto const at = header.find("\r\nSEQ: ") + 7;
        return header.substr(at, header.find("\r\n", at) - at);
    }

    lamp_host host;
};

TEST_F(wire_eventing, G_26_GENA_14_GENA_17_subscribe)
{
    expect_golden_sid();
    EXPECT_EQ(host.http(with(subscribe, "Second-3600", "Second-1800")).bytes,
              wire("g26_subscribe_statevar.response"));
}

TEST_F(wire_eventing, GENA_14_without_STATEVAR_there_is_no_ACCEPTED_STATEVAR)
{
    auto const bytes = host.http(with(subscribe, "STATEVAR: Status\r\n", "")).bytes;
    EXPECT_THAT(bytes, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(bytes, Not(HasSubstr("ACCEPTED-STATEVAR")));
    EXPECT_THAT(bytes, HasSubstr("TIMEOUT: Second-3600\r\n"));
}

TEST_F(wire_eventing, G_27_GENA_30_GENA_34_the_initial_event)
{
    expect_golden_sid();
    host.http(subscribe);
    ASSERT_THAT(host.deliveries, SizeIs(1));
    EXPECT_EQ(host.notify(0), wire("g27_initial_event.notify"));
    EXPECT_EQ(host.deliveries[0].to().where(), (endpoint{ip("192.168.20.9"), 50200}));
}

TEST_F(wire_eventing, G_29_GENA_32_a_change_is_the_next_event)
{
    expect_golden_sid();
    host.http(subscribe);
    host.settle(0);
    host.http(wire("g17_set_target.request"));
    ASSERT_THAT(host.deliveries, SizeIs(2));
    EXPECT_EQ(host.notify(1), wire("g29_event.notify"));
}

TEST_F(wire_eventing, G_30_GENA_18_renewal_keeps_SID_and_key)
{
    expect_golden_sid();
    host.http(subscribe);
    host.settle(0);
    EXPECT_EQ(host.http(wire("g30_renew.request")).bytes, wire("g26_subscribe_statevar.response"));
    EXPECT_THAT(host.deliveries, SizeIs(1)) << "no new initial event";
    switch_light(true);
    EXPECT_EQ(seq(1), "1");
}

TEST_F(wire_eventing, G_32_N_46_GENA_20_unsubscribe_once_and_again)
{
    expect_golden_sid();
    host.http(subscribe);
    host.settle(0);
    EXPECT_EQ(host.http(wire("g31_unsubscribe.request")).bytes, wire("g32_unsubscribe.response"));
    EXPECT_EQ(host.http(wire("g31_unsubscribe.request")).bytes, refused);
    switch_light(true);
    EXPECT_THAT(host.deliveries, SizeIs(1));
}

TEST_F(wire_eventing, G_33_N_45_GENA_19_GENA_21_an_unknown_or_expired_SID_is_412)
{
    auto const renew = wire("g30_renew.request");
    EXPECT_EQ(host.http(renew).bytes, refused);
    EXPECT_EQ(host.http(with(renew, "uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa", "")).bytes, refused);
    expect_golden_sid();
    host.http(with(subscribe, "Second-3600", "Second-1800"));
    host.settle(0);
    EXPECT_EQ(host.http(with(renew, "/sp/event", "/lh/event")).bytes, refused) << "a SID of another service";
    host.pass(1801s);
    EXPECT_EQ(host.http(renew).bytes, refused);
}

TEST_F(wire_eventing, G_34_N_37_GENA_07_SID_with_NT_or_CALLBACK_is_400)
{
    EXPECT_EQ(
        host.http(with(subscribe, "NT:", "SID: uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa\r\nNT:")).bytes,
        wire("g34_bad_request.response"));
    EXPECT_EQ(host.http(with(wire("g31_unsubscribe.request"), "SID:", "NT: upnp:event\r\nSID:")).bytes,
              wire("g34_bad_request.response"));
}

TEST_F(wire_eventing, N_38_GENA_09_NT_missing_or_other_is_412)
{
    EXPECT_EQ(host.http(with(subscribe, "NT: upnp:event\r\n", "")).bytes, refused);
    EXPECT_EQ(host.http(with(subscribe, "upnp:event", "upnp:propchange")).bytes, refused);
}

TEST_F(wire_eventing, N_39_GENA_08_no_valid_callback_is_412)
{
    EXPECT_EQ(host.http(with(subscribe, "CALLBACK: " + callback + "\r\n", "")).bytes, refused);
    for (auto const* bad :
         {"<>", "<ftp://192.168.20.9/>", "http://192.168.20.9:50200/ev/1", "<https://192.168.20.9/>",
          "<http://192.168.20.9:50200/ev/1", "<http://192.168.20.9:65558/>", "<http://>",
          "<http://192.168.20.9:50200/ev/1>x", "<http://1.1.1.1/><bad<http://1.1.1.1/>"})
        EXPECT_EQ(host.http(with(subscribe, callback, bad)).bytes, refused) << bad;
    EXPECT_THAT(host.deliveries, IsEmpty());
}

TEST_F(wire_eventing, N_40_GENA_10_GENA_11_an_address_it_must_not_send_to_is_412_and_gets_nothing)
{
    for (auto const* bad :
         {"<http://203.0.113.7/x>",       "<http://127.0.0.1/>",       "<http://239.255.255.250:1900/>",
          "<http://192.168.20.5:22/>",    "<http://192.168.20.255/>",  "<http://192.168.20.0/>",
          "<http://255.255.255.255/>",    "<http://0.0.0.0/>",         "<http://192.168.21.9/>",
          "<http://10.0.0.1/>",           "<http://router.example/>",  "<http://192.168.20.9.example/>",
          "<http://0xc0a81409/>",         "<http://3232240649/>",      "<http://192.168.5129/>",
          "<http://0300.0250.024.011/>",  "<http://[fe80::1]/>",       "<http://[::ffff:192.168.21.9]/>",
          "<http://[::ffff:127.0.0.1]/>", "<http://192.168.20.9:25/>", "<http://user@192.168.20.9/>"}) {
        EXPECT_EQ(host.http(with(subscribe, callback, bad)).bytes, refused) << bad;
        switch_light(true);
        switch_light(false);
        EXPECT_THAT(host.deliveries, IsEmpty()) << bad;
    }
    EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
}

TEST_F(wire_eventing, GENA_10_a_refusal_says_in_one_line_why)
{
    auto options = lamp_host::golden_options();
    options.policies.explain_refusals = true;
    lamp_host talkative{options};
    talkative.start_and_settle();
    EXPECT_EQ(
        talkative.http(with(subscribe, callback, "<http://203.0.113.7/x>")).bytes,
        "HTTP/1.1 412 Precondition Failed\r\n"
        "CONTENT-TYPE: text/plain; charset=\"utf-8\"\r\n"
        "DATE: Wed, 15 Nov 2023 08:00:00 GMT\r\n"
        "CONTENT-LENGTH: 92\r\n"
        "\r\n"
        "A delivery URL is not on the network segment on which the request arrived (UDA 2.0, 4.1.1).\n");
}

TEST_F(wire_eventing, N_41_GENA_11_one_bad_URL_spoils_the_request)
{
    EXPECT_EQ(host.http(with(subscribe, callback, callback + "<http://203.0.113.7/x>")).bytes, refused);
    EXPECT_EQ(host.http(with(subscribe, callback, "<http://203.0.113.7/x>" + callback)).bytes, refused);
    EXPECT_THAT(host.deliveries, IsEmpty());
}

TEST_F(wire_eventing, N_42_GENA_05_the_second_URL_is_tried_when_the_first_fails)
{
    host.http(with(subscribe, callback, "<http://192.168.20.9:50199/> " + callback));
    ASSERT_THAT(host.deliveries, SizeIs(1));
    EXPECT_EQ(host.deliveries[0].to().where().port, 50199);
    host.settle(0, false);
    ASSERT_THAT(host.deliveries, SizeIs(2));
    EXPECT_EQ(host.deliveries[1].to().where().port, 50200);
    EXPECT_EQ(seq(1), "0") << "the same event";
    host.settle(1);
    switch_light(true);
    EXPECT_EQ(host.deliveries.at(2).to().where().port, 50199) << "for every event from the first URL on";
}

TEST_F(wire_eventing, N_43_GENA_12_GENA_13_the_duration_is_finite_and_ours)
{
    for (auto const& [asked, granted] :
         {std::pair{"TIMEOUT: Second-infinite\r\n", "TIMEOUT: Second-1800\r\n"},
          std::pair{"", "TIMEOUT: Second-1800\r\n"},
          std::pair{"TIMEOUT: Second-0\r\n", "TIMEOUT: Second-1800\r\n"},
          std::pair{"TIMEOUT: 300\r\n", "TIMEOUT: Second-1800\r\n"},
          std::pair{"TIMEOUT: Second-99999999999\r\n", "TIMEOUT: Second-86400\r\n"}})
        EXPECT_THAT(host.http(with(subscribe, "TIMEOUT: Second-3600\r\n", asked)).bytes, HasSubstr(granted))
            << asked;
}

TEST_F(wire_eventing, N_44_GENA_17_an_unknown_variable_in_STATEVAR_means_all)
{
    auto const bytes = host.http(with(subscribe, "STATEVAR: Status", "STATEVAR: Status,Nope")).bytes;
    EXPECT_THAT(bytes, StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(bytes, Not(HasSubstr("ACCEPTED-STATEVAR")));
    EXPECT_THAT(host.notify(0), HasSubstr("<Status>0</Status>"));
}

TEST_F(wire_eventing, N_47_GENA_30_unsubscribing_at_once_does_not_stop_the_initial_event)
{
    expect_golden_sid();
    host.http(subscribe);
    EXPECT_EQ(host.http(wire("g31_unsubscribe.request")).bytes, wire("g32_unsubscribe.response"));
    ASSERT_THAT(host.deliveries, SizeIs(1));
    host.settle(0);
    switch_light(true);
    EXPECT_THAT(host.deliveries, SizeIs(1));
    EXPECT_EQ(host.runtime.events().subscriptions(), 0U);
}

TEST_F(wire_eventing, N_48_GENA_42_a_lost_event_leaves_a_gap_and_others_are_not_delayed)
{
    host.http(subscribe);
    host.http(with(subscribe, callback, "<http://192.168.20.10:50200/ev/2>"), "192.168.20.10");
    ASSERT_THAT(host.deliveries, SizeIs(2));
    host.settle(1); // the first subscriber says nothing, the second is well
    switch_light(true);
    ASSERT_THAT(host.deliveries, SizeIs(3));
    EXPECT_EQ(host.deliveries[2].to().where().address, ip("192.168.20.10"));
    host.settle(2);
    host.settle(0, false); // given up: SEQ 0 is lost
    EXPECT_THAT(host.deliveries, SizeIs(3));
    host.pass(limits{}.eventing.retry_pause);
    ASSERT_THAT(host.deliveries, SizeIs(4));
    EXPECT_EQ(seq(3), "1");
    host.settle(3, false); // and SEQ 1
    switch_light(false);
    ASSERT_THAT(host.deliveries, SizeIs(5));
    EXPECT_EQ(host.deliveries[4].to().where().address, ip("192.168.20.10"));
    host.pass(2 * limits{}.eventing.retry_pause);
    ASSERT_THAT(host.deliveries, SizeIs(6));
    EXPECT_EQ(seq(5), "2");
}

TEST_F(wire_eventing, N_50_GENA_33_after_4294967295_comes_1)
{
    host.runtime.events().start_keys_at(event_key{4294967294});
    host.http(subscribe);
    bool on = false;
    for (std::size_t delivery = 0; delivery < 4; ++delivery) {
        host.settle(delivery);
        switch_light(on = !on);
    }
    EXPECT_EQ(seq(0), "4294967294");
    EXPECT_EQ(seq(1), "4294967295");
    EXPECT_EQ(seq(2), "1");
    EXPECT_EQ(seq(3), "2");
}

TEST_F(wire_eventing, N_51_GENA_03_more_subscriptions_than_the_limit_are_503)
{
    auto const most = limits{}.eventing.max_subscriptions;
    auto const per_peer = limits{}.eventing.max_subscriptions_per_peer;
    for (std::size_t i = 0; i < most; ++i) {
        auto const peer = "192.168.20." + std::to_string(10 + i / per_peer);
        EXPECT_THAT(host.http(with(subscribe, "192.168.20.9", peer), peer.c_str()).bytes,
                    StartsWith("HTTP/1.1 200 "));
    }
    EXPECT_THAT(host.http(subscribe).bytes, StartsWith("HTTP/1.1 503 "));
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::subscription_limit], 1U);
    EXPECT_EQ(host.runtime.events().subscriptions(), most) << "existing ones live on";
}

TEST_F(wire_eventing, GENA_03_one_peer_cannot_take_all_subscriptions)
{
    for (std::size_t i = 0; i < limits{}.eventing.max_subscriptions_per_peer; ++i)
        EXPECT_THAT(host.http(subscribe).bytes, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(host.http(subscribe).bytes, StartsWith("HTTP/1.1 503 "));
    EXPECT_EQ(host.runtime.refusals()[refusal_reason::subscription_peer_limit], 1U);
}

TEST_F(wire_eventing, N_52_IP_31_a_delivery_URL_of_the_other_family_is_412)
{
    EXPECT_EQ(host.http(with(subscribe, callback, "<http://[fe80::9]:50200/ev/1>")).bytes, refused);
}

TEST_F(wire_eventing, GENA_24_a_path_that_is_no_event_URL_is_404)
{
    EXPECT_EQ(status(with(subscribe, "/sp/event", "/sp/nothing")), "404");
    EXPECT_EQ(status(with(subscribe, "SUBSCRIBE", "GET")), "405");
}

} // namespace
} // namespace onlink::test
