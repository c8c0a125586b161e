// SPDX-License-Identifier: BSL-1.0
#include "ssdp/search_matcher.hpp"

#include "unit/ssdp/trees.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

auto const lamp = udn::parse("uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6").value();

search_target target(char const* text) { return parse_search_target(text).value(); }

advertisement offer(char const* text) { return {target(text), lamp}; }

TEST(search_matcher, SSDP_55_what_answers_what)
{
    struct row {
        char const* offered;
        char const* wanted;
        bool expected;
    };
    auto const root = "upnp:rootdevice";
    auto const own = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6";
    auto const light = "urn:schemas-upnp-org:device:BinaryLight:2";
    auto const power = "urn:schemas-upnp-org:service:SwitchPower:2";
    for (auto const& [offered, wanted, expected] : {
             row{root, "ssdp:all", true},
             row{own, "ssdp:all", true},
             row{light, "ssdp:all", true},
             row{power, "ssdp:all", true},
             row{root, root, true},
             row{own, root, false},
             row{light, root, false},
             row{power, root, false},
             row{own, own, true},
             row{own, "uuid:6D0A1F2E-3B4C-4D5E-8F60-718293A4B5C6", true},
             row{own, "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c7", false},
             row{root, own, false},
             row{light, own, false},
             row{light, light, true},
             row{power, light, false},
             row{root, light, false},
             row{power, power, true},
             row{light, power, false},
             row{light, "urn:schemas-upnp-org:service:BinaryLight:2", false},
             row{light, "urn:example-com:device:BinaryLight:2", false},
             row{light, "urn:schemas-upnp-org:device:binarylight:2", false},
         })
        EXPECT_EQ(answers(offer(offered), target(wanted)), expected) << offered << " for " << wanted;
}

TEST(search_matcher, N_05_N_07_SSDP_56_VER_08_every_version_up_to_the_offered_one_matches)
{
    for (auto const* kind : {"device", "service"}) {
        auto const type = "urn:schemas-upnp-org:" + std::string{kind} + ":X:";
        auto const offered = offer((type + "3").c_str());
        EXPECT_TRUE(answers(offered, target((type + "1").c_str())));
        EXPECT_TRUE(answers(offered, target((type + "2").c_str())));
        EXPECT_TRUE(answers(offered, target((type + "3").c_str())));
        EXPECT_FALSE(answers(offered, target((type + "4").c_str())));
        EXPECT_FALSE(answers(offered, target((type + "30").c_str()))) << "versions are numbers";
        EXPECT_FALSE(answers(offered, target((type + "999999999").c_str())));
    }
}

TEST(search_matcher, N_07_SSDP_56_SSDP_57_a_type_is_answered_in_the_version_asked_for)
{
    auto const offered = offer("urn:schemas-upnp-org:service:SwitchPower:3");
    auto const wanted = target("urn:schemas-upnp-org:service:SwitchPower:2");
    EXPECT_EQ(answered_target(offered, wanted), wanted);
    EXPECT_EQ(test::make_usn(lamp, answered_target(offered, wanted)),
              "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6::urn:schemas-upnp-org:service:SwitchPower:2");
}

TEST(search_matcher, SSDP_55_ssdp_all_is_answered_with_each_NT)
{
    for (auto const* nt : {"upnp:rootdevice", "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6",
                           "urn:schemas-upnp-org:service:SwitchPower:3"})
        EXPECT_EQ(answered_target(offer(nt), search_all{}), target(nt));
}

} // namespace
} // namespace onlink
