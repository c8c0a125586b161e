// SPDX-License-Identifier: BSL-1.0
#include "xml/xml_writer.hpp"

#include "xml/xml_document.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n";

TEST(xml_writer, writes_elements_in_order)
{
    xml_writer w;
    w.open("root", {{"xmlns", "urn:schemas-upnp-org:device-1-0"}, {"configId", "42"}}).line();
    w.element("major", "2").element("UPC", "1").line();
    w.open("empty").close("empty").close("root");
    EXPECT_EQ(std::move(w).take(), std::string{declaration} +
                                       "<root xmlns=\"urn:schemas-upnp-org:device-1-0\" configId=\"42\">\r\n"
                                       "<major>2</major><UPC>1</UPC>\r\n"
                                       "<empty></empty></root>");
}

TEST(xml_writer, escapes_text_and_attributes)
{
    xml_writer w;
    w.open("a", {{"b", "<&>\"'\r\n\t"}}).text("<&>\"'\r\n\t").close("a");
    EXPECT_EQ(std::move(w).take(),
              std::string{declaration} +
                  "<a b=\"&lt;&amp;&gt;&quot;'&#13;&#10;&#9;\">&lt;&amp;&gt;\"'&#13;\n\t</a>");
}

TEST(xml_writer, what_it_writes_reads_back)
{
    for (std::string_view const content :
         {""sv, " "sv, "a\r\nb\rc\n\td"sv, "]]>"sv, "<![CDATA[x]]>"sv, "&amp;&#65;"sv, "\"'"sv,
          "\xC3\xA4\xF0\x9F\x98\x80"sv, "</a><b>"sv, "<!-- -->"sv, "<!DOCTYPE a>"sv}) {
        xml_writer w;
        w.open("a", {{"b", content}}).text(content).close("a");
        auto const text = std::move(w).take();
        auto const document = xml_document::parse(text, xml_budget{});
        ASSERT_TRUE(document) << text;
        EXPECT_EQ(document->root().text(), content);
        EXPECT_EQ(document->root().attribute("b"), content);
    }
}

TEST(xml_writer, content_that_xml_cannot_hold_does_not_spoil_the_document)
{
    for (auto const& [content, written] : {std::pair{"a\0b"sv, "a?b"sv}, std::pair{"\x1B[0m<"sv, "?[0m<"sv},
                                           std::pair{"\xFF\xC3\xA4"sv, "???"sv}}) {
        xml_writer w;
        w.open("a", {{"b", content}}).text(content).close("a");
        auto const document = xml_document::parse(std::move(w).take(), xml_budget{});
        ASSERT_TRUE(document) << written;
        EXPECT_EQ(document->root().text(), written);
        EXPECT_EQ(document->root().attribute("b"), written);
    }
}

} // namespace
} // namespace onlink
