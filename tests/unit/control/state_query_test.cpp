// SPDX-License-Identifier: BSL-1.0
#include "control/state_query.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace onlink::literals;

constexpr char const* space = "urn:schemas-upnp-org:control-1-0";

service mixer()
{
    service s{{.type = "urn:example-com:service:Mixer:1"_service_type,
               .id = "urn:example-com:serviceId:Mixer"_service_id},
              scpd::build()
                  .state("Volume", data_type::ui2, {.evented = false, .initial = 7})
                  .state("Title", data_type::string, {.initial = "a<b"})
                  .done()
                  .value()};
    return s;
}

soap_request query(std::vector<text_argument> arguments, char const* action = "QueryStateVariable",
                   char const* type = space)
{
    return {type, action, std::move(arguments)};
}

TEST(state_query, CTRL_19_tells_the_present_value)
{
    auto const s = mixer();
    s.state().set("Volume", 9);
    EXPECT_THAT(
        answer_state_query(s, query({{"varName", "Volume"}})).value(),
        testing::HasSubstr("<u:QueryStateVariableResponse xmlns:u=\"urn:schemas-upnp-org:control-1-0\">"
                           "<return>9</return></u:QueryStateVariableResponse>"));
    EXPECT_THAT(answer_state_query(s, query({{"x", "y"}, {"varName", "Title"}})).value(),
                testing::HasSubstr("<return>a&lt;b</return>"));
}

TEST(state_query, CTRL_19_errors)
{
    auto const s = mixer();
    auto const code = [&](soap_request const& r) { return answer_state_query(s, r).error().code; };
    EXPECT_EQ(code(query({{"varName", "volume"}})), 404);
    EXPECT_EQ(code(query({{"varName", ""}})), 404);
    EXPECT_EQ(code(query({})), 402);
    EXPECT_EQ(code(query({{"varName", "Volume"}, {"varName", "Title"}})), 402);
    EXPECT_EQ(code(query({{"varName", "Volume", true}})), 402);
    EXPECT_EQ(code(query({{"varName", "Volume"}}, "Other")), 401);
    EXPECT_EQ(code(query({{"varName", "Volume"}}, "QueryStateVariable", "urn:example-com:service:Mixer:1")),
              401);
}

TEST(state_query, is_known_by_its_SOAPACTION)
{
    EXPECT_TRUE(is_state_query({space, "QueryStateVariable"}));
    EXPECT_FALSE(is_state_query({space, "Other"}));
    EXPECT_FALSE(is_state_query({"urn:example-com:service:Mixer:1", "QueryStateVariable"}));
}

} // namespace
} // namespace onlink
