// SPDX-License-Identifier: BSL-1.0
#include "control/soap_response.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

std::string const type = "urn:schemas-upnp-org:service:Dimming:2";

scpd const& contract()
{
    static scpd const s =
        scpd::build()
            .state("Level", data_type::ui1, {.evented = true, .range = allowed_range{value{0}, value{100}}})
            .state("Mode", data_type::string, {.evented = false, .allowed_values = {"Day", "Night"}})
            .state("On", data_type::boolean)
            .state("Name", data_type::string)
            .action("Get")
            .in("Which", "Name")
            .retval("Level", "Level")
            .out("Mode", "Mode")
            .out("On", "On")
            .action("Set")
            .in("Level", "Level")
            .action("GetName")
            .out("Name", "Name")
            .done()
            .value();
    return s;
}

auto render(char const* action, outputs const& out, std::string const& type_uri = type)
{
    return render_soap_response(contract(), *contract().find_action(action), type_uri, out);
}

std::string enveloped(std::string const& content)
{
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
           "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
           " s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\r\n"
           "<s:Body>\r\n" +
           content + "\r\n</s:Body>\r\n</s:Envelope>";
}

std::string const answer = enveloped("<u:GetResponse xmlns:u=\"" + type +
                                     "\"><Level>42</Level><Mode>Night</Mode><On>1</On></u:GetResponse>");

void expect_501(outputs const& out, char const* action = "Get")
{
    auto const rendered = render(action, out);
    ASSERT_FALSE(rendered) << *rendered;
    EXPECT_EQ(rendered.error().code, 501);
}

TEST(soap_response, CTRL_09_CTRL_12_all_out_arguments_in_the_order_of_the_SCPD)
{
    EXPECT_EQ(*render("Get", {{"Level", 42}, {"Mode", "Night"}, {"On", true}}), answer);
    EXPECT_EQ(*render("Get", {{"On", true}, {"Level", 42}, {"Mode", "Night"}}), answer)
        << "named in any order";
    EXPECT_EQ(*render("Get", outputs::in_order({42, "Night", true})), answer) << "by position";
    EXPECT_EQ(*render("Get", outputs{}.add("Mode", "Night").add("Level", 42).add("On", true)), answer);
}

TEST(soap_response, CTRL_09_without_out_arguments_the_element_is_empty)
{
    EXPECT_EQ(*render("Set", {}), enveloped("<u:SetResponse xmlns:u=\"" + type + "\"></u:SetResponse>"));
}

TEST(soap_response, CTRL_09_the_version_is_that_of_the_request)
{
    auto const older = "urn:schemas-upnp-org:service:Dimming:1";
    EXPECT_EQ(*render("Set", {}, older),
              enveloped("<u:SetResponse xmlns:u=\"" + std::string{older} + "\"></u:SetResponse>"));
}

TEST(soap_response, VER_11_booleans_are_emitted_as_digits)
{
    EXPECT_THAT(*render("Get", {{"Level", 0}, {"Mode", "Day"}, {"On", false}}),
                testing::HasSubstr("<On>0</On>"));
}

TEST(soap_response, texts_are_escaped)
{
    EXPECT_EQ(*render("GetName", {{"Name", "<b>&\"caf\xc3\xa9\""}}),
              enveloped("<u:GetNameResponse xmlns:u=\"" + type +
                        "\"><Name>&lt;b&gt;&amp;\"caf\xc3\xa9\"</Name></u:GetNameResponse>"));
}

TEST(soap_response, a_missing_output_is_501)
{
    expect_501({});
    expect_501({{"Level", 42}, {"Mode", "Night"}});
    expect_501(outputs::in_order({42, "Night"}));
    expect_501({}, "GetName");
}

TEST(soap_response, an_output_too_many_is_501)
{
    expect_501({{"Level", 42}, {"Mode", "Night"}, {"On", true}, {"Name", "x"}});
    expect_501({{"Level", 42}, {"Mode", "Night"}, {"On", true}, {"On", true}});
    expect_501(outputs::in_order({42, "Night", true, false}));
    expect_501({{"Name", "x"}}, "Set");
}

TEST(soap_response, an_unknown_or_doubled_output_is_501)
{
    expect_501({{"Level", 42}, {"Mode", "Night"}, {"Off", true}});
    expect_501({{"Level", 42}, {"Mode", "Night"}, {"on", true}});
    expect_501({{"Level", 42}, {"Level", 42}, {"On", true}});
    expect_501({{"Level", 42}, {"Mode", "Night"}, {"Which", "x"}});
}

TEST(soap_response, CTRL_18_an_illegal_output_is_501_and_never_sent)
{
    expect_501({{"Level", 101}, {"Mode", "Night"}, {"On", true}});
    expect_501({{"Level", -1}, {"Mode", "Night"}, {"On", true}});
    expect_501({{"Level", "42"}, {"Mode", "Night"}, {"On", true}});
    expect_501({{"Level", true}, {"Mode", "Night"}, {"On", true}});
    expect_501({{"Level", 42}, {"Mode", "Dusk"}, {"On", true}});
    expect_501({{"Level", 42}, {"Mode", "Night"}, {"On", 1}});
    expect_501(outputs::in_order({true, 42, "Night"}));
    expect_501({{"Name", "caf\xe9"}}, "GetName");
    expect_501({{"Name", "\x01"}}, "GetName");
}

} // namespace
} // namespace onlink
