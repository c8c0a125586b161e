// SPDX-License-Identifier: BSL-1.0
#include "control/soap_fault.hpp"

#include "base/utf8.hpp"
#include "xml/xml_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using testing::HasSubstr;

std::string fault(std::string const& content)
{
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
           "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\""
           " s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\r\n"
           "<s:Body>\r\n"
           "<s:Fault>\r\n" +
           content +
           "</s:Fault>\r\n"
           "</s:Body>\r\n"
           "</s:Envelope>";
}

std::string upnp_fault(std::string const& code, std::string const& description)
{
    return fault("<faultcode>s:Client</faultcode>\r\n"
                 "<faultstring>UPnPError</faultstring>\r\n"
                 "<detail><UPnPError xmlns=\"urn:schemas-upnp-org:control-1-0\"><errorCode>" +
                 code + "</errorCode><errorDescription>" + description +
                 "</errorDescription></UPnPError></detail>\r\n");
}

/// The errorDescription as a control point reads it; the test fails if the fault is no XML.
std::string description_of(upnp_error const& error)
{
    auto const text = render_upnp_fault(error);
    auto const document = xml_document::parse(text, {});
    if (!document) {
        ADD_FAILURE() << text;
        return {};
    }
    auto const element = document->root().children().at(0).children().at(0).children().at(2).children().at(0);
    EXPECT_EQ(element.name_space(), "urn:schemas-upnp-org:control-1-0");
    return element.child("errorDescription")->text();
}

TEST(soap_fault, CTRL_17_the_standard_texts)
{
    EXPECT_EQ(render_upnp_fault(upnp_error::invalid_action()), upnp_fault("401", "Invalid Action"));
    EXPECT_EQ(render_upnp_fault(upnp_error::invalid_args()), upnp_fault("402", "Invalid Args"));
    EXPECT_EQ(render_upnp_fault(upnp_error::action_failed()), upnp_fault("501", "Action Failed"));
    EXPECT_EQ(render_upnp_fault(upnp_error::argument_value_out_of_range()),
              upnp_fault("601", "Argument Value Out of Range"));
    EXPECT_EQ(render_upnp_fault(upnp_error::optional_action_not_implemented()),
              upnp_fault("602", "Optional Action Not Implemented"));
}

TEST(soap_fault, CTRL_17_a_text_of_the_application_is_escaped)
{
    EXPECT_EQ(render_upnp_fault({701, "no <such> lamp & no bulb"}),
              upnp_fault("701", "no &lt;such&gt; lamp &amp; no bulb"));
    EXPECT_EQ(render_upnp_fault({501, "too hot"}), upnp_fault("501", "too hot"));
    EXPECT_EQ(render_upnp_fault({899, {}}), upnp_fault("899", "")) << "the architecture has no text for it";
}

TEST(soap_fault, CTRL_17_the_description_is_shorter_than_256_characters)
{
    EXPECT_EQ(description_of({701, std::string(255, 'a')}), std::string(255, 'a'));
    EXPECT_EQ(description_of({701, std::string(256, 'a')}), std::string(255, 'a'));
    EXPECT_EQ(description_of({701, std::string(100000, 'a')}), std::string(255, 'a'));
}

TEST(soap_fault, CTRL_17_the_description_is_cut_between_characters)
{
    for (std::string const character : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x92\xa1"})
        for (std::size_t const length : {254U, 255U, 256U, 300U}) {
            std::string text;
            for (std::size_t i = 0; i < length; ++i)
                text += character;
            auto const sent = description_of({701, text});
            EXPECT_TRUE(is_xml_text(sent));
            EXPECT_EQ(count_code_points(sent), std::min<std::size_t>(length, 255));
            EXPECT_TRUE(text.starts_with(sent));
        }
}

TEST(soap_fault, CTRL_14_what_XML_forbids_does_not_get_into_the_fault_and_does_not_cost_the_rest)
{
    using namespace std::string_literals;
    for (auto const& text : {"lamp \x01 gone"s, "lamp \0 gone"s, "lamp \xe9 gone"s, "lamp \xed\xa0\x80 gone"s,
                             "lamp \xef\xbf\xbf gone"s, "lamp gone\xc3"s}) {
        auto const sent = description_of({701, text});
        EXPECT_THAT(sent, testing::AllOf(HasSubstr("lamp"), HasSubstr("gone")))
            << testing::PrintToString(text);
    }
    auto const long_text = std::string(300, 'a') + '\xe9';
    EXPECT_LE(description_of({701, long_text}).size(), 255U);
}

TEST(soap_fault, CTRL_11_version_mismatch)
{
    EXPECT_EQ(render_version_mismatch(), fault("<faultcode>s:VersionMismatch</faultcode>\r\n"
                                               "<faultstring>SOAP 1.1 only</faultstring>\r\n"));
}

TEST(soap_fault, CTRL_13_must_understand)
{
    EXPECT_EQ(render_must_understand(), fault("<faultcode>s:MustUnderstand</faultcode>\r\n"
                                              "<faultstring>Header entry not understood</faultstring>\r\n"));
}

} // namespace
} // namespace onlink
