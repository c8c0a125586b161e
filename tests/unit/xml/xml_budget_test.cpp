// SPDX-License-Identifier: BSL-1.0
#include "xml/xml_budget.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

using namespace std::string_view_literals;

// The body of a SetTarget request, as UDA 2.0, 3.2.1 lays it out.
constexpr std::string_view set_target = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
                                        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
                                        "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\r\n"
                                        "<s:Body>\r\n"
                                        "<u:SetTarget "
                                        "xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\"><"
                                        "newTargetValue>1</newTargetValue></u:SetTarget>\r\n"
                                        "</s:Body>\r\n"
                                        "</s:Envelope>";

result<void> scan(std::string_view text, xml_budget const& budget = {})
{
    return scan_xml(test::guarded_buffer{text}.view(), budget);
}

std::string repeat(std::string_view what, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += what;
    return out;
}

TEST(xml_budget, lets_well_formed_documents_through)
{
    for (std::string_view const text : {
             set_target,
             "<a/>"sv,
             "<a />"sv,
             "<a></a >"sv,
             "\xEF\xBB\xBF<a/>"sv,
             "\xEF\xBB\xBF<?xml version='1.0'?><a/>"sv,
             "<?xml version=\"1.0\"?>\n<a/>\n"sv,
             "<?xml version = '1.1' encoding = 'UTF-8' standalone = 'yes' ?><a/>"sv,
             "<?xml version=\"1.0\" standalone=\"no\"?><a/>"sv,
             "<?xml version=\"1.0\" encoding=\"Utf-8\"?><a/>"sv,
             " \t\r\n<!-- c --><?pi?><a/><?pi x=<y> ?><!----> "sv,
             "<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x41;&#x10FFFF;&#9;</a>"sv,
             "<a b='&lt;\"&#10;' c=\"'>\" d = '\n'/>"sv,
             "<a>x<!-- <b> & ]]> --><?p <b> & ?><![CDATA[<b> & ]] > <!DOCTYPE]]>y</a>"sv,
             "<a>]] ]> ></a>"sv,
             "<_a-b.c1 \xC3\xA4='1'><\xE2\x82\xAC/></_a-b.c1>"sv,
             "<a xmlns='u'><b xmlns=''/></a>"sv,
             "<p:a p:b='1' xmlns:p='u'/>"sv,
             "<a xml:lang='en' xml:space='preserve'/>"sv,
             "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>"sv,
             "<a xmlns:p='u'><p:b xmlns:p='v'/><p:c/></a>"sv,
         })
        EXPECT_TRUE(scan(text)) << text;
}

TEST(xml_budget, N_36_a_byte_order_mark_is_fine)
{
    EXPECT_TRUE(scan("\xEF\xBB\xBF" + std::string{set_target}));
    EXPECT_EQ(scan("\xEF\xBB\xBF\xEF\xBB\xBF<a/>").error(), errc::malformed);
    EXPECT_EQ(scan("\xFF\xFE<\0a\0/\0>\0"sv).error(), errc::not_utf8);
    EXPECT_EQ(scan("\xFE\xFF\0<\0a\0/\0>"sv).error(), errc::not_utf8);
}

TEST(xml_budget, N_25_CTRL_14_refuses_what_is_not_well_formed)
{
    for (std::string_view const text : {
             ""sv,
             " "sv,
             "x"sv,
             "<"sv,
             "<a"sv,
             "<a>"sv,
             "</a>"sv,
             "<a/"sv,
             "<a></a"sv,
             "<a></b>"sv,
             "<a><b></a></b>"sv,
             "<a/><b/>"sv,
             "<a/>x"sv,
             "x<a/>"sv,
             "<a/>&#32;"sv,
             "<a/><![CDATA[]]>"sv,
             "<![CDATA[]]><a/>"sv,
             "<a></A>"sv,
             "<a></a/>"sv,
             "< a/>"sv,
             "<a / >"sv,
             // names
             "<1a/>"sv,
             "<-a/>"sv,
             "<.a/>"sv,
             "<a!/>"sv,
             "<a$b/>"sv,
             "<a></a b='1'>"sv,
             "</>"sv,
             "<></>"sv,
             // attributes
             "<a b/>"sv,
             "<a b=/>"sv,
             "<a b=1/>"sv,
             "<a b='1\"/>"sv,
             "<a b='1/>"sv,
             "<a b='<'/>"sv,
             "<a b='1'c='2'/>"sv,
             "<a b='1' b='2'/>"sv,
             "<a ='1'/>"sv,
             "<a 1='1'/>"sv,
             "<a b='&x;'/>"sv,
             "<a b='&'/>"sv,
             // references
             "<a>&</a>"sv,
             "<a>&amp</a>"sv,
             "<a>&;</a>"sv,
             "<a>&nbsp;</a>"sv,
             "<a>&LT;</a>"sv,
             "<a>& lt;</a>"sv,
             "<a>&#;</a>"sv,
             "<a>&#x;</a>"sv,
             "<a>&#xg;</a>"sv,
             "<a>&#X41;</a>"sv,
             "<a>&#1a;</a>"sv,
             "<a>&#-1;</a>"sv,
             "<a>&#0;</a>"sv,
             "<a>&#x1F;</a>"sv,
             "<a>&#xD800;</a>"sv,
             "<a>&#xFFFE;</a>"sv,
             "<a>&#x110000;</a>"sv,
             "<a>&#4294967361;</a>"sv,
             "<a>&#99999999999999999999;</a>"sv,
             "<a>&<b/>lt;</a>"sv,
             // other markup
             "<a>]]></a>"sv,
             "<a><!-- -- --></a>"sv,
             "<a><!-- --->"sv,
             "<a><!-- </a>"sv,
             "<!-->-->"sv,
             "<a><![CDATA[x]]</a>"sv,
             "<a><![cdata[x]]></a>"sv,
             "<a><!ENTITY x 'y'></a>"sv,
             "<!ELEMENT a ANY><a/>"sv,
             "<a><! x></a>"sv,
             "<a><?x</a>"sv,
             "<a><? x?></a>"sv,
             "<a><?x!?></a>"sv,
             "<a><?xml version='1.0'?></a>"sv,
             "<a/><?XML x?>"sv,
         })
        EXPECT_EQ(scan(text).error(), errc::malformed) << text;
}

TEST(xml_budget, the_declaration_has_its_form_and_its_place)
{
    for (std::string_view const text : {
             " <?xml version='1.0'?><a/>",
             "<?xml?><a/>",
             "<?xml ?><a/>",
             "<?xml encoding='utf-8'?><a/>",
             "<?xml version='2.0'?><a/>",
             "<?xml version='1.'?><a/>",
             "<?xml version='1.x'?><a/>",
             "<?xml version=1.0?><a/>",
             "<?xml version='1.0' version='1.0'?><a/>",
             "<?xml version='1.0' standalone='yes' encoding='utf-8'?><a/>",
             "<?xml version='1.0' standalone='maybe'?><a/>",
             "<?xml version='1.0'encoding='utf-8'?><a/>",
             "<?xml version='1.0' x='y'?><a/>",
             "<?xml version='1.0'><a/>",
             "<?xml version='1.0'?",
             "<?xml version='1.0'?><?xml version='1.0'?><a/>",
             "<?XML version='1.0'?><a/>",
         })
        EXPECT_EQ(scan(text).error(), errc::malformed) << text;
    for (std::string_view const encoding : {"utf-16", "ISO-8859-1", "us-ascii", "utf8", ""})
        EXPECT_EQ(scan("<?xml version='1.0' encoding='" + std::string{encoding} + "'?><a/>").error(),
                  errc::unsupported)
            << encoding;
}

TEST(xml_budget, prefixes_have_to_be_declared)
{
    for (std::string_view const text : {
             "<p:a/>",
             "<a p:b='1'/>",
             "<a><b xmlns:p='u'/><p:c/></a>",
             "<a xmlns:p='u'/><!-- -->&",
             "<a xmlns:p='u'><q:b/></a>",
             "<a xmlns:p=''/>",
             "<xmlns:a/>",
             "<a xmlns:xmlns='u'/>",
             "<a xmlns:xml='u'/>",
             "<:a/>",
             "<a:/>",
             "<a xmlns:='u'/>",
             "<a xmlns:p='u'><p:b:c/></a>",
             "<a xmlns:p='u' p:b:c='1'/>",
             "<a xmlns:p='u'><p:1/></a>",
             "<a :b='1'/>",
         })
        EXPECT_EQ(scan(text).error(), errc::malformed) << text;
}

TEST(xml_budget, an_attribute_is_not_repeated_under_two_prefixes)
{
    for (std::string_view const text : {
             "<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>",
             "<a p:x='1' q:x='2' xmlns:p='u' xmlns:q='u'/>",
             "<a xmlns:p='u'><b xmlns:q='u' p:x='1' y='2' q:x='3'/></a>",
             "<a xmlns:p='v'><b xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/></a>",
             "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:lang='en' xml:lang='de'/>",
         })
        EXPECT_EQ(scan(text).error(), errc::malformed) << text;
    for (std::string_view const text : {
             "<a xmlns:p='u' xmlns:q='v' p:x='1' q:x='2' x='3'/>",
             "<a xmlns:p='u' xmlns:q='u' p:x='1' q:y='2'/>",
             "<a xmlns='u' xmlns:p='u' p:x='1' x='2'/>", // without a prefix: in no namespace
             "<a xmlns:p='u' xmlns:q='u'><b p:x='1'/><b q:x='2'/></a>",
             "<a xmlns:p='u'><b xmlns:p='v' xmlns:q='u' p:x='1' q:x='2'/></a>",
         })
        EXPECT_TRUE(scan(text)) << text;
}

TEST(xml_budget, the_names_of_namespaces_are_not_played_with)
{
    for (std::string_view const text : {
             "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
             "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
             "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
             "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
             "<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>",
             "<a xmlns:xml=''/>",
             "<a xmlns:p='u&#58;x'/>",
             "<a xmlns='u&amp;x'/>",
             "<a xmlns='u>x'/>",
             "<a xmlns:p='u\"x'/>",
             "<a xmlns:p='u\n'/>",
             "<a xmlns:p='u\t'/>",
             "<a xmlns:p='u' xmlns:p='v'/>",
             "<a xmlns='u' xmlns='v'/>",
         })
        EXPECT_EQ(scan(text).error(), errc::malformed) << text;
}

TEST(xml_budget, an_instruction_has_a_name_without_a_colon_and_no_effect)
{
    EXPECT_TRUE(scan("<a><?xml-stylesheet href='http://192.0.2.1/'?></a>"));
    EXPECT_TRUE(scan("<a><?x <!DOCTYPE a [<!ENTITY e 'f'>]> &e; ]]> ?></a>"));
    EXPECT_EQ(scan("<a><?p:x?></a>").error(), errc::malformed);
}

TEST(xml_budget, one_name_text_or_value_may_take_all_the_bytes_there_are)
{
    std::string const long_one(60'000, 'x');
    for (auto const& text : {"<a>" + long_one + "</a>", "<a b='" + long_one + "'/>", "<" + long_one + "/>",
                             "<a " + long_one + "='1'/>", "<a><!--" + long_one + "--></a>",
                             "<a>&#" + repeat("0", 60'000) + "65;</a>",
                             "<a>" + repeat("&lt;", 15'000) + "</a>", "<a><![CDATA[" + long_one + "]]></a>"})
        EXPECT_TRUE(scan(text));
    EXPECT_EQ(scan("<a>" + long_one + long_one + "</a>").error(), errc::too_large);
}

TEST(xml_budget, as_many_prefixes_as_the_budget_allows_are_looked_through)
{
    // Every element declares all it may, and uses the outermost.
    xml_budget const budget;
    std::string text;
    for (std::size_t depth = 0; depth < budget.max_depth; ++depth) {
        text += "<a0:a";
        for (std::size_t i = 0; i < budget.max_attributes; ++i)
            text += " xmlns:" + std::string(1, static_cast<char>('a' + depth)) + std::to_string(i) + "='u'";
        text += '>';
    }
    for (std::size_t depth = 0; depth < budget.max_depth; ++depth)
        text += "</a0:a>";
    EXPECT_TRUE(scan(text));
}

TEST(xml_budget, N_26_CTRL_14_a_document_type_is_never_read)
{
    for (std::string_view const text : {
             "<!DOCTYPE a><a/>"sv,
             "<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY e SYSTEM \"http://192.0.2.1/\">]><x>&e;</x>"sv,
             "<!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol1 \"&lol;&lol;\">]><lolz>&lol1;</lolz>"sv,
             "<a><!DOCTYPE a></a>"sv,
             "<a/><!DOCTYPE a>"sv,
             "<!doctype a><a/>"sv,
             "<!DOCTYPE"sv,
         })
        EXPECT_EQ(scan(text).error(), errc::doctype_refused) << text;
}

TEST(xml_budget, only_utf_8_with_characters_of_xml)
{
    for (std::string_view const text : {"<a>\0</a>"sv, "<a>\x01</a>"sv, "<a>\xC0\x80</a>"sv, "<a>\xE4</a>"sv,
                                        "<a>\xED\xA0\x80</a>"sv, "<a b='\xFF'/>"sv, "<a>\xC3"sv})
        EXPECT_EQ(scan(text).error(), errc::not_utf8) << text;
}

TEST(xml_budget, depth_has_a_limit)
{
    xml_budget const budget{.max_depth = 4};
    EXPECT_TRUE(scan("<a><a><a><a/></a></a></a>", budget));
    EXPECT_EQ(scan("<a><a><a><a><a/></a></a></a></a>", budget).error(), errc::too_large);
}

TEST(xml_budget, CVE_2021_28302_deep_nesting_costs_no_stack)
{
    xml_budget const generous{
        .max_depth = 1'000'000, .max_elements = 1'000'000, .max_attributes = 16, .max_bytes = 10'000'000};
    auto const deep = repeat("<a>", 100'000);
    EXPECT_EQ(scan(deep).error(), errc::too_large);                                      // bytes
    EXPECT_EQ(scan(deep, xml_budget{.max_bytes = 10'000'000}).error(), errc::too_large); // depth
    EXPECT_EQ(scan(deep, generous).error(), errc::malformed);
    EXPECT_TRUE(scan(deep + repeat("</a>", 100'000), generous));
}

TEST(xml_budget, pupnp_250_siblings_have_a_limit)
{
    xml_budget const budget{.max_elements = 3};
    EXPECT_TRUE(scan("<a><b/><b/></a>", budget));
    EXPECT_EQ(scan("<a><b/><b/><b/></a>", budget).error(), errc::too_large);
    EXPECT_EQ(scan("<a>" + repeat("<b/>", 10'000) + "</a>").error(), errc::too_large);
}

TEST(xml_budget, what_parts_one_text_from_the_next_counts_as_elements_do)
{
    xml_budget const budget{.max_elements = 3};
    for (std::string const piece : {"<!--c-->", "<?i?>", "<![CDATA[d]]>"}) {
        EXPECT_TRUE(scan("<a>x" + piece + "y" + piece + "z</a>", budget)) << piece;
        EXPECT_EQ(scan("<a>x" + piece + "y" + piece + "z" + piece + "</a>", budget).error(), errc::too_large)
            << piece;
    }
}

TEST(xml_budget, attributes_of_an_element_have_a_limit)
{
    xml_budget const budget{.max_attributes = 2};
    EXPECT_TRUE(scan("<a b='1' c='2'><d b='1' c='2'/></a>", budget));
    EXPECT_EQ(scan("<a b='1' c='2' xmlns='u'/>", budget).error(), errc::too_large);
}

TEST(xml_budget, bytes_have_a_limit)
{
    xml_budget const budget{.max_bytes = 8};
    EXPECT_TRUE(scan("<a>1</a>", budget));
    EXPECT_EQ(scan("<a>12</a>", budget).error(), errc::too_large);
}

TEST(xml_budget, the_budgets_follow_the_limits)
{
    limits l;
    l.xml = {.max_depth = 5, .max_elements = 9, .max_attributes = 3};
    l.http.max_body = 777;
    auto const budget = xml_budget::for_peers(l);
    EXPECT_EQ(budget.max_depth, 5u);
    EXPECT_EQ(budget.max_elements, 9u);
    EXPECT_EQ(budget.max_attributes, 3u);
    EXPECT_EQ(budget.max_bytes, 777u);
    auto const documents = xml_budget::for_documents();
    EXPECT_GT(documents.max_elements, xml_budget{}.max_elements);
}

TEST(xml_budget, CVE_2017_1000494_an_envelope_cut_at_every_byte_is_refused)
{
    ASSERT_TRUE(scan(set_target));
    for (std::size_t size = 0; size < set_target.size(); ++size)
        EXPECT_FALSE(scan(set_target.substr(0, size))) << size;
}

TEST(xml_budget, an_envelope_with_any_byte_replaced_is_read_within_its_bounds)
{
    std::string text{set_target};
    for (std::size_t at = 0; at < text.size(); ++at)
        for (char const c : {'<', '>', '&', '"', '\'', '/', '!', '?', '\0', '\xFF', ' ', ':'}) {
            char const before = std::exchange(text[at], c);
            (void)scan(text);
            text[at] = before;
        }
}

} // namespace
} // namespace onlink
