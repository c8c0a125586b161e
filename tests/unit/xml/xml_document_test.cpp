// SPDX-License-Identifier: BSL-1.0
#include "xml/xml_document.hpp"

#include "support/guarded_buffer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <cstdlib>

namespace onlink {
namespace {

xml_document parse(std::string_view text)
{
    return xml_document::parse(test::guarded_buffer{text}.view(), xml_budget{}).value();
}

std::vector<std::string> child_names(xml_element const& parent)
{
    std::vector<std::string> names;
    for (auto const& child : parent.children())
        names.emplace_back(child.name());
    return names;
}

TEST(xml_document, DESC_25_names_are_compared_by_namespace_not_by_prefix)
{
    for (std::string_view const text :
         {"<s:Envelope xmlns:s='urn:e'><s:Body/></s:Envelope>",
          "<SOAP-ENV:Envelope xmlns:SOAP-ENV='urn:e'><SOAP-ENV:Body/></SOAP-ENV:Envelope>",
          "<Envelope xmlns='urn:e'><Body/></Envelope>",
          "<Envelope xmlns='urn:e'><x:Body xmlns:x='urn:e'/></Envelope>"}) {
        auto const document = parse(text);
        EXPECT_TRUE(document.root().is("urn:e", "Envelope")) << text;
        EXPECT_TRUE(document.root().child("Body")) << text;
    }
}

TEST(xml_document, resolves_the_nearest_declaration)
{
    auto const document = parse(
        "<p:a xmlns:p='u1' xmlns='d1'><b/><c xmlns=''><d/></c><p:e xmlns:p='u2'><p:f/></p:e><p:g/></p:a>");
    auto const root = document.root();
    EXPECT_EQ(root.name(), "a");
    EXPECT_EQ(root.prefix(), "p");
    EXPECT_EQ(root.name_space(), "u1");
    auto const children = root.children();
    ASSERT_EQ(children.size(), 4u);
    EXPECT_EQ(children[0].name_space(), "d1");
    EXPECT_EQ(children[0].prefix(), "");
    EXPECT_EQ(children[1].name_space(), "");
    EXPECT_EQ(children[1].child("d")->name_space(), "");
    EXPECT_EQ(children[2].name_space(), "u2");
    EXPECT_EQ(children[2].children().at(0).name_space(), "u2");
    EXPECT_EQ(children[3].name_space(), "u1");
}

TEST(xml_document, a_child_is_looked_for_in_the_namespace_of_its_parent)
{
    auto const document = parse("<a xmlns='u' xmlns:o='other'><o:b>1</o:b><b>2</b><b>3</b></a>");
    ASSERT_TRUE(document.root().child("b"));
    EXPECT_EQ(document.root().child("b")->text(), "2");
    EXPECT_FALSE(document.root().child("c"));
    EXPECT_FALSE(document.root().is("", "a"));
    EXPECT_FALSE(document.root().is("u", "b"));
}

TEST(xml_document, N_32_comments_and_instructions_are_not_there)
{
    auto const document = parse("<?xml version='1.0'?><!-- x --><?p?><a><!-- <b/> --><b/><?p <c/> ?> "
                                "<c/>t<![CDATA[<d/>]]></a><!-- y -->");
    EXPECT_THAT(child_names(document.root()), testing::ElementsAre("b", "c"));
    EXPECT_EQ(document.root().text(), " t<d/>");
}

struct text_case {
    std::string_view content;
    std::string_view text;
};

TEST(xml_document, text_is_kept_to_the_character)
{
    for (auto const& c : {
             text_case{"", ""},
             text_case{" ", " "},
             text_case{" \n ", " \n "},
             text_case{" a b ", " a b "},
             text_case{"a\r\nb\rc", "a\nb\nc"}, // XML 1.0, 2.11
             text_case{"&lt;&gt;&amp;&quot;&apos;", "<>&\"'"},
             text_case{"&#65;&#x42;&#xe4;&#8364;&#x1F600;", "AB\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"},
             text_case{"&#13;&#10;&#9;", "\r\n\t"},
             text_case{"&amp;lt;", "&lt;"}, // once only
             text_case{"<![CDATA[ <x>&amp; ]]>", " <x>&amp; "},
             text_case{" <![CDATA[a]]> <![CDATA[b]]> ", " a b "},
             text_case{"a<!-- c -->b<?p?>c", "abc"},
             text_case{"a<b>x</b>c", "ac"},
         }) {
        auto const document = parse("<a>" + std::string{c.content} + "</a>");
        EXPECT_EQ(document.root().text(), c.text) << c.content;
    }
}

TEST(xml_document, attributes_with_and_without_namespace)
{
    auto const document = parse(
        "<a xmlns='d' xmlns:p='u' xmlns:q='u' b='1' p:b='2' c='&lt;&#10;\t' xml:lang='en'><e q:c='3'/></a>");
    auto const root = document.root();
    EXPECT_EQ(root.attribute("b"), "1");
    EXPECT_EQ(root.attribute("c"), "<\n ");
    EXPECT_EQ(root.attribute("d"), std::nullopt);
    EXPECT_EQ(root.attribute("u", "b"), "2");
    EXPECT_EQ(root.attribute("d", "b"), std::nullopt); // the default namespace is not for attributes
    EXPECT_EQ(root.attribute("", "b"), std::nullopt);
    EXPECT_EQ(root.attribute("http://www.w3.org/XML/1998/namespace", "lang"), "en");
    EXPECT_EQ(root.child("e")->attribute("u", "c"), "3");
    EXPECT_EQ(root.child("e")->attribute("c"), std::nullopt);
}

TEST(xml_document, N_36_a_byte_order_mark_is_no_text)
{
    EXPECT_EQ(parse("\xEF\xBB\xBF<a>x</a>").root().name(), "a");
    EXPECT_EQ(parse("\xEF\xBB\xBF<?xml version='1.0'?><a>x</a>").root().text(), "x");
}

TEST(xml_document, N_26_is_only_made_from_what_the_scan_lets_through)
{
    xml_budget const budget{.max_depth = 2};
    EXPECT_EQ(xml_document::parse("<!DOCTYPE a><a/>", budget).error(), errc::doctype_refused);
    EXPECT_EQ(xml_document::parse("<a>", budget).error(), errc::malformed);
    EXPECT_EQ(xml_document::parse("<a>\xFF</a>", budget).error(), errc::not_utf8);
    EXPECT_EQ(xml_document::parse("<a><b><c/></b></a>", budget).error(), errc::too_large);
    EXPECT_EQ(xml_document::parse("<?xml version='1.0' encoding='utf-16'?><a/>", budget).error(),
              errc::unsupported);
}

/// Of what pugixml asks for, while one of these lives, it is given the first few.
class few_allocations {
public:
    explicit few_allocations(int count)
    {
        left = count;
        pugi::set_memory_management_functions(
            [](std::size_t size) { return left-- > 0 ? std::malloc(size) : nullptr; }, free_);
    }
    few_allocations(few_allocations const&) = delete;
    few_allocations& operator=(few_allocations const&) = delete;
    ~few_allocations() { pugi::set_memory_management_functions(allocate_, free_); }

private:
    static inline int left = 0;
    pugi::allocation_function allocate_ = pugi::get_memory_allocation_function();
    pugi::deallocation_function free_ = pugi::get_memory_deallocation_function();
};

TEST(xml_document, is_too_large_where_no_memory_is_left_for_it)
{
    std::string text = "<a>";
    for (int i = 0; i < 200; ++i)
        text += "<b c='d'/>";
    text += "</a>";
    int count = 0;
    for (;; ++count) {
        few_allocations const few{count};
        auto const document = xml_document::parse(text, xml_budget{});
        if (document)
            break;
        EXPECT_EQ(document.error(), errc::too_large) << count;
    }
    EXPECT_GE(count, 2) << "its text, and at least one page of nodes";
}

TEST(xml_document, cursors_survive_a_move_of_the_document)
{
    auto document = parse("<a><b>x</b></a>");
    auto const b = *document.root().child("b");
    xml_document moved = std::move(document);
    EXPECT_EQ(b.text(), "x");
    document = std::move(moved);
    EXPECT_EQ(b.text(), "x");
    EXPECT_EQ(document.root().name(), "a");
}

} // namespace
} // namespace onlink
