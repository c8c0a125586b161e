// SPDX-License-Identifier: BSL-1.0
#include "control/dispatcher.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace literals;

std::string const power = "urn:schemas-upnp-org:service:SwitchPower:";

device_tree const& tree()
{
    static device_tree const t = [] {
        service switch_power{
            {.type = "urn:schemas-upnp-org:service:SwitchPower:3"_service_type,
             .id = "urn:upnp-org:serviceId:SwitchPower"_service_id},
            scpd::build()
                .state("Target", data_type::boolean)
                .state("Mode", data_type::string, {.evented = false, .allowed_values = {"Day", "Night"}})
                .action("SetTarget")
                .in("newTargetValue", "Target")
                .action("SetMode")
                .in("A", "Mode")
                .in("B", "Mode")
                .action("Blink")
                .in("newTargetValue", "Target")
                .done()
                .value()};
        switch_power.on("SetTarget", [](bool) {})
            .on("SetMode", [](std::string, std::string) {})
            .leave_unimplemented("Blink")
            .since("SetMode", 2);
        device d{{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                  .udn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6"_udn,
                  .friendly_name = "Hall Lamp",
                  .manufacturer = "Example Lamps",
                  .model_name = "CL-1"}};
        d.add(switch_power);
        return device_tree::of({d}).value();
    }();
    return t;
}

caller const from{boost::asio::ip::make_address("192.168.20.9"), "eth0"};

auto call(soap_action_header const& header, soap_request const& request, policies const& policy = {})
{
    return dispatch(tree(), 0, header, request, from, policy);
}

/// With header and body of one mind.
auto call(std::string const& type, std::string const& action, std::vector<text_argument> arguments,
          policies const& policy = {})
{
    return call(soap_action_header{type, action}, soap_request{type, action, std::move(arguments)}, policy);
}

text_argument const lit{"newTargetValue", "1"};

TEST(dispatcher, CTRL_06_a_call_that_is_right_is_ready_for_its_handler)
{
    auto const ready = call(power + "3", "SetTarget", {lit});
    ASSERT_TRUE(ready);
    EXPECT_EQ(&ready->service.state(), &tree().services[0].service.state());
    EXPECT_EQ(ready->type_uri, power + "3");
    EXPECT_EQ(ready->call.action(), "SetTarget");
    ASSERT_EQ(ready->call.arguments().size(), 1U);
    EXPECT_EQ(ready->call.arguments()[0], (named_value{"newTargetValue", true}));
    EXPECT_EQ(ready->call.caller(), from.peer);
    EXPECT_EQ(ready->call.interface_name(), "eth0");
}

TEST(dispatcher, CTRL_08_VER_08_every_version_up_to_ours_and_the_answer_will_repeat_it)
{
    for (auto const* version : {"1", "2", "3"}) {
        auto const ready = call(power + version, "SetTarget", {lit});
        ASSERT_TRUE(ready) << version;
        EXPECT_EQ(ready->type_uri, power + version);
    }
    for (auto const* version : {"4", "10", "999999999", "0", "01", "03", "3 ", "-1", "", "4294967297"}) {
        auto const refused = call(power + version, "SetTarget", {lit});
        ASSERT_FALSE(refused) << version;
        EXPECT_EQ(refused.error().code, 401) << version;
    }
}

TEST(dispatcher, CTRL_08_a_version_that_did_not_have_the_action_yet_is_401)
{
    std::vector<text_argument> const modes{{"A", "Day"}, {"B", "Day"}};
    EXPECT_TRUE(call(power + "3", "SetMode", modes));
    EXPECT_TRUE(call(power + "2", "SetMode", modes));
    EXPECT_EQ(call(power + "1", "SetMode", modes).error().code, 401);
}

TEST(dispatcher, N_28_CTRL_06_header_and_body_that_disagree_are_401)
{
    auto const expect_401 = [](soap_action_header const& header, soap_request const& request) {
        auto const refused = call(header, request);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, 401);
    };
    expect_401({power + "3", "Blink"}, {power + "3", "SetTarget", {lit}});
    expect_401({power + "3", "SetTarget"}, {power + "3", "SetMode", {{"A", "Day"}, {"B", "Day"}}});
    expect_401({power + "3", "SetTarget"}, {power + "2", "SetTarget", {lit}});
    expect_401({power + "2", "SetTarget"}, {power + "3", "SetTarget", {lit}});
    expect_401({power + "3", "settarget"}, {power + "3", "SetTarget", {lit}});
    expect_401({power + "3", "SetTarget"}, {"", "SetTarget", {lit}});
    expect_401({"", "SetTarget"}, {power + "3", "SetTarget", {lit}});
}

TEST(dispatcher, CTRL_06_a_type_that_is_not_this_services_is_401)
{
    for (auto const* type :
         {"urn:schemas-upnp-org:service:Dimming:1", "urn:example-com:service:SwitchPower:1",
          "urn:schemas-upnp-org:device:SwitchPower:1", "urn:schemas-upnp-org:service:switchpower:1",
          "SwitchPower", "", "urn:"}) {
        auto const refused = call(type, "SetTarget", {lit});
        ASSERT_FALSE(refused) << type;
        EXPECT_EQ(refused.error().code, 401) << type;
    }
}

TEST(dispatcher, CTRL_19_QueryStateVariable_is_401)
{
    auto const refused =
        call("urn:schemas-upnp-org:control-1-0", "QueryStateVariable", {{"varName", "Target"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, 401);
}

TEST(dispatcher, N_27_an_unknown_action_is_401)
{
    for (auto const* action : {"Foo", "setTarget", "SetTarget ", "", "SetTargetResponse"}) {
        auto const refused = call(power + "3", action, {lit});
        ASSERT_FALSE(refused) << action;
        EXPECT_EQ(refused.error().code, 401) << action;
    }
}

TEST(dispatcher, an_action_left_unimplemented_is_602)
{
    auto const refused = call(power + "3", "Blink", {lit});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, 602);
}

TEST(dispatcher, N_29_CTRL_07_arguments_are_checked)
{
    EXPECT_EQ(call(power + "3", "SetTarget", {}).error().code, 402);
    EXPECT_EQ(call(power + "3", "SetTarget", {{"newTargetValue", "maybe"}}).error().code, 402);
    EXPECT_EQ(call(power + "3", "SetMode", {{"A", "Dusk"}, {"B", "Day"}}).error().code, 601);
}

TEST(dispatcher, CTRL_07_the_order_of_arguments_follows_the_policy)
{
    std::vector<text_argument> const reversed{{"B", "Night"}, {"A", "Day"}};
    EXPECT_EQ(call(power + "3", "SetMode", reversed).error().code, 402);
    policies lenient;
    lenient.accept_unordered_arguments = true;
    auto const ready = call(power + "3", "SetMode", reversed, lenient);
    ASSERT_TRUE(ready);
    EXPECT_EQ(ready->call.in_at<std::string>(0), "Day");
    EXPECT_EQ(ready->call.in<std::string>("B"), "Night");
}

} // namespace
} // namespace onlink
