// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscribe_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

limits::eventing_limits const bounds;
using fields = std::vector<std::pair<std::string, std::string>>;

std::pair<std::string, std::string> const nt{"NT", "upnp:event"};
std::pair<std::string, std::string> const callback{"CALLBACK", "<http://192.168.20.9:50200/ev/1>"};
std::pair<std::string, std::string> const id{"SID", "uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa"};
std::pair<std::string, std::string> const timeout{"TIMEOUT", "Second-3600"};

auto read(http_method method, fields const& given)
{
    http_request request;
    request.method = method;
    request.fields.add("HOST", "192.168.20.5:49300");
    for (auto const& [name, value] : given)
        request.fields.add(name, value);
    return parse_subscribe_request(request, bounds);
}

auto subscribe(fields const& given) { return read(http_method::subscribe, given); }
auto unsubscribe(fields const& given) { return read(http_method::unsubscribe, given); }

int status(subscribe_result<subscribe_request> const& request)
{
    return request ? 200 : request.error().status;
}

refusal_reason reason(subscribe_result<subscribe_request> const& request)
{
    EXPECT_FALSE(request);
    return request.error().reason;
}

TEST(subscribe_request, GENA_04_a_new_subscription)
{
    auto const request = subscribe({nt, callback, timeout});
    ASSERT_TRUE(request);
    auto const& wanted = std::get<new_subscription>(*request);
    ASSERT_EQ(wanted.callbacks.size(), 1U);
    EXPECT_EQ(wanted.callbacks[0].url().to_string(), "http://192.168.20.9:50200/ev/1");
    EXPECT_EQ(wanted.duration, 3600s);
    EXPECT_THAT(wanted.state_variables, IsEmpty());
}

TEST(subscribe_request, VER_09_GENA_04_TIMEOUT_STATEVAR_and_USER_AGENT_are_optional)
{
    EXPECT_TRUE(subscribe({nt, callback}));
    EXPECT_TRUE(
        subscribe({nt, callback, {"USER-AGENT", "OS/1 UPnP/2.0 CP/1"}, {"X-OTHER.EXAMPLE.COM", "1"}}));
    EXPECT_TRUE(subscribe({{"nt", "upnp:event"}, {"Callback", callback.second}}));
}

TEST(subscribe_request, GENA_18_a_renewal)
{
    auto const request = subscribe({id, timeout});
    ASSERT_TRUE(request);
    EXPECT_EQ(std::get<renewal>(*request).id.to_string(), id.second);
    EXPECT_EQ(std::get<renewal>(*request).duration, 3600s);
    EXPECT_EQ(std::get<renewal>(*subscribe({id})).duration, bounds.default_duration);
}

TEST(subscribe_request, GENA_20_a_cancellation)
{
    auto const request = unsubscribe({id});
    ASSERT_TRUE(request);
    EXPECT_EQ(std::get<cancellation>(*request).id.to_string(), id.second);
}

TEST(subscribe_request, N_37_GENA_07_GENA_19_GENA_20_SID_with_NT_or_CALLBACK_is_400)
{
    for (auto const method : {http_method::subscribe, http_method::unsubscribe})
        for (fields const& given :
             {fields{id, nt, callback}, fields{id, nt}, fields{id, callback}, fields{nt, id},
              fields{{"SID", ""}, nt, callback}, fields{{"SID", "nonsense"}, callback}}) {
            EXPECT_EQ(status(read(method, given)), 400);
            EXPECT_EQ(reason(read(method, given)), refusal_reason::subscribe_invalid);
        }
}

TEST(subscribe_request, N_38_GENA_09_NT_missing_or_other_is_412)
{
    EXPECT_EQ(status(subscribe({callback})), 412);
    for (auto const* other : {"upnp:propchange", "", "UPNP:EVENT", "upnp:event,upnp:event", "upnp:events"}) {
        auto const request = subscribe({{"NT", other}, callback});
        EXPECT_EQ(status(request), 412) << other;
        EXPECT_EQ(reason(request), refusal_reason::subscribe_invalid);
    }
    EXPECT_EQ(status(subscribe({})), 412) << "CVE-2009-2174: no header fields at all";
}

TEST(subscribe_request, N_39_GENA_08_CALLBACK_missing_or_without_a_valid_URL_is_412)
{
    EXPECT_EQ(status(subscribe({nt})), 412);
    EXPECT_EQ(reason(subscribe({nt})), refusal_reason::subscribe_invalid);
    struct row {
        char const* callback;
        refusal_reason why;
    };
    for (auto const& [bad, why] : {
             row{"", refusal_reason::callback_malformed},
             row{"<>", refusal_reason::callback_malformed},
             row{"http://192.168.20.9/", refusal_reason::callback_malformed},
             row{"<ftp://192.168.20.9/>", refusal_reason::callback_scheme},
             row{"<https://192.168.20.9/>", refusal_reason::callback_scheme},
             row{"<http://192.168.20.9:65558/>", refusal_reason::callback_port},
             row{"<http://192.168.20.9/><x>", refusal_reason::callback_malformed},
         }) {
        auto const request = subscribe({nt, {"CALLBACK", bad}});
        EXPECT_EQ(status(request), 412) << bad;
        EXPECT_EQ(reason(request), why) << bad;
    }
}

TEST(subscribe_request, GENA_11_a_name_in_CALLBACK_is_412_and_said_to_be_one)
{
    auto const request = subscribe({nt, {"CALLBACK", "<http://router.example/>"}});
    EXPECT_EQ(status(request), 412);
    EXPECT_EQ(reason(request), refusal_reason::callback_not_literal);
}

TEST(subscribe_request, GENA_06_limits_eventing_a_CALLBACK_beyond_the_limits_is_412)
{
    auto const long_url = "<http://192.168.20.9/" + std::string(bounds.max_callback_length, 'a') + '>';
    EXPECT_EQ(status(subscribe({nt, {"CALLBACK", long_url}})), 412);
    EXPECT_EQ(reason(subscribe({nt, {"CALLBACK", long_url}})), refusal_reason::callback_too_long);
    std::string many;
    for (std::size_t i = 0; i <= bounds.max_callbacks; ++i)
        many += "<http://192.168.20.9/>";
    EXPECT_EQ(status(subscribe({nt, {"CALLBACK", many}})), 412);
    EXPECT_EQ(reason(subscribe({nt, {"CALLBACK", many}})), refusal_reason::callback_too_many);
}

TEST(subscribe_request, GENA_19_GENA_20_a_SID_that_cannot_be_ours_is_412)
{
    for (auto const& bad :
         {std::string{}, std::string{"uuid:"}, std::string{"0b7c9d52-8e1f-4a63-b2d4-5566778899aa"},
          id.second + "0", "uuid:" + std::string(4096, 'a')}) {
        EXPECT_EQ(status(subscribe({{"SID", bad}})), 412) << bad;
        EXPECT_EQ(status(unsubscribe({{"SID", bad}})), 412) << bad;
        EXPECT_EQ(reason(unsubscribe({{"SID", bad}})), refusal_reason::subscription_unknown);
    }
    EXPECT_EQ(status(unsubscribe({})), 412);
}

TEST(subscribe_request, GENA_20_UNSUBSCRIBE_is_never_a_new_subscription)
{
    EXPECT_EQ(status(unsubscribe({nt, callback})), 400);
    EXPECT_EQ(status(unsubscribe({callback})), 400);
    EXPECT_EQ(status(unsubscribe({timeout})), 412);
}

TEST(subscribe_request, doubled_fields_are_400)
{
    EXPECT_EQ(status(subscribe({nt, nt, callback})), 400);
    EXPECT_EQ(status(subscribe({nt, callback, callback})), 400);
    EXPECT_EQ(status(subscribe({nt, callback, {"callback", "<http://192.168.20.10/>"}})), 400);
    EXPECT_EQ(status(subscribe({nt, callback, timeout, timeout})), 400);
    EXPECT_EQ(status(subscribe({nt, callback, {"STATEVAR", "A"}, {"STATEVAR", "B"}})), 400);
    EXPECT_EQ(status(subscribe({id, id})), 400);
    EXPECT_EQ(status(unsubscribe({id, id})), 400);
}

TEST(subscribe_request, GENA_17_STATEVAR_is_a_list)
{
    auto const names = [](std::string const& list) {
        return std::get<new_subscription>(*subscribe({nt, callback, {"STATEVAR", list}})).state_variables;
    };
    EXPECT_THAT(names("Status"), ElementsAre("Status"));
    EXPECT_THAT(names("A,B,C"), ElementsAre("A", "B", "C"));
    EXPECT_THAT(names(" A ,\tB , C"), ElementsAre("A", "B", "C"));
    EXPECT_THAT(names(",A,,B,"), ElementsAre("A", "B"));
    EXPECT_THAT(names(""), IsEmpty());
    EXPECT_THAT(names(" , ,"), IsEmpty());
    EXPECT_THAT(names("A B"), ElementsAre("A B")) << "the name of nothing";
    EXPECT_EQ(names(std::string(4000, ',') + 'A').size(), 1U);
}

TEST(granted_duration, GENA_12_GENA_13_limits_eventing_min_max_and_default_duration)
{
    struct row {
        char const* asked;
        std::chrono::seconds granted;
    };
    for (auto const& [asked, granted] : {
             row{"Second-3600", 3600s},
             row{"second-3600", 3600s},
             row{"SECOND-03600", 3600s},
             row{"Second-1800", bounds.min_duration},
             row{"Second-1799", bounds.min_duration},
             row{"Second-1", bounds.min_duration},
             row{"Second-86400", bounds.max_duration},
             row{"Second-86401", bounds.max_duration},
         })
        EXPECT_EQ(granted_duration(asked, bounds), granted) << asked;
}

TEST(granted_duration, N_43_GENA_12_infinite_absent_or_unreadable_is_the_default)
{
    limits::eventing_limits odd;
    odd.default_duration = 2000s;
    for (auto const* asked : {"", "Second-infinite", "second-INFINITE", "infinite", "Second-", "Second",
                              "3600", "Second-1x", "Second--1", "Second-+1", "Second- 1", "Second-1.5",
                              "Minute-1", "Second-3600, Second-1", "Second 3600", "Second-\xd9\xa3"})
        EXPECT_EQ(granted_duration(asked, odd), 2000s) << asked;
}

TEST(granted_duration, N_43_GENA_13_zero_and_huge_numbers_are_brought_within_the_limits)
{
    EXPECT_EQ(granted_duration("Second-0", bounds), bounds.min_duration);
    EXPECT_EQ(granted_duration("Second-99999999999", bounds), bounds.max_duration);
    EXPECT_EQ(granted_duration("Second-9223372036854775807", bounds), bounds.max_duration);
    EXPECT_EQ(granted_duration("Second-9223372036854775808", bounds), bounds.max_duration);
    EXPECT_EQ(granted_duration("Second-" + std::string(1000, '9'), bounds), bounds.max_duration);
    EXPECT_EQ(granted_duration("Second-" + std::string(1000, '0') + "7200", bounds), 7200s);
}

} // namespace
} // namespace onlink
