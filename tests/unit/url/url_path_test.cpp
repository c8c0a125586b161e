// SPDX-License-Identifier: BSL-1.0
#include "url/url_path.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::string_view_literals;

struct accepted {
    std::string_view target;
    std::string_view path;
};

TEST(url_path, reads_origin_and_absolute_form)
{
    for (auto const& c : {
             accepted{"/", "/"},
             accepted{"/desc.xml", "/desc.xml"},
             accepted{"/sp/control?x=/../y&z=%00", "/sp/control"},
             accepted{"/?", "/"},
             accepted{"http://192.168.20.5:49300/desc.xml?q", "/desc.xml"},
             accepted{"HTTP://192.168.20.5:49300/desc.xml", "/desc.xml"},
             accepted{"http://192.168.20.5:49300", "/"},
             accepted{"http://192.168.20.5?q=/x", "/"},
             accepted{"/a//b/", "/a//b/"},
             accepted{"/...", "/..."},
             accepted{"/.a/..b/c.", "/.a/..b/c."},
             accepted{"/a;p=1,2:@!$&'()*+=", "/a;p=1,2:@!$&'()*+="},
         }) {
        auto const path = url_path::parse(test::guarded_buffer{c.target}.view());
        ASSERT_TRUE(path) << c.target;
        EXPECT_EQ(path->to_string(), c.path);
    }
}

TEST(url_path, decodes_once)
{
    for (auto const& c : {
             accepted{"/%64esc%2exml", "/desc.xml"},
             accepted{"/a%20b", "/a b"},
             accepted{"/%2561", "/%61"},
             accepted{"/%252e%252e/x", "/%2e%2e/x"},
             accepted{"/%3F%23", "/?#"},
             accepted{"/%7E%7e", "/~~"},
         }) {
        auto const path = url_path::parse(test::guarded_buffer{c.target}.view());
        ASSERT_TRUE(path) << c.target;
        EXPECT_EQ(path->to_string(), c.path);
    }
}

TEST(url_path, N_17_CTRL_21_refuses_traversal_and_everything_near_it)
{
    constexpr std::string_view targets[] = {
        "/../etc/passwd"sv,
        "/..",
        "/a/..",
        "/a/../b",
        "/.",
        "/./a",
        "/a/.",
        "/%2e%2e/",
        "/%2E%2e/x",
        "/.%2e/x",
        "/%2e/x",
        "/a/%2e%2e",
        "/desc.xml%00",
        "/%0d%0aX:%20y",
        "/%1f",
        "/%7f",
        "/..%2fetc",
        "/a%2Fb",
        "/a%5Cb",
        "/..\\..\\x",
        "/a\\b",
        "/%80",
        "/%c0%af",
        "/%c3",
        "/%ed%a0%80",
        "/%",
        "/%4",
        "/%zz",
        "/%%41",
        "/a b",
        "/a\tb",
        "/a\r\n",
        "/\0"sv,
        "/a\0b"sv,
        "/\x7F",
        "/\xC3\xA4",
        "/a#b",
        "http://h/../x",
        "http://h/%2e%2e/x",
    };
    for (auto const target : targets) {
        auto const path = url_path::parse(test::guarded_buffer{target}.view());
        ASSERT_FALSE(path) << target;
        EXPECT_EQ(path.error(), errc::malformed) << target;
    }
}

TEST(url_path, refuses_targets_without_a_path)
{
    for (std::string_view const target : {"", "*", "desc.xml", "192.168.20.5:49300", "?q", "http://",
                                          "http:///x", "http://?q", "http:/x", "https://h/x", "http"})
        EXPECT_FALSE(url_path::parse(test::guarded_buffer{target}.view())) << target;
}

TEST(url_path, collapses_leading_slashes_only_when_told)
{
    EXPECT_EQ(url_path::parse("///sp//scpd.xml").value().to_string(), "///sp//scpd.xml");
    EXPECT_EQ(url_path::parse("///sp//scpd.xml", true).value().to_string(), "/sp//scpd.xml");
    EXPECT_EQ(url_path::parse("http://h//sp", true).value().to_string(), "/sp");
    EXPECT_EQ(url_path::parse("//", true).value().to_string(), "/");
    EXPECT_FALSE(url_path::parse("//../x", true));
}

TEST(url_path, what_can_be_served_comes_back_as_itself)
{
    for (std::string_view const path :
         {"/", "/desc.xml", "/2fac1234-31f8-11b4-a222-08002b34c003/1/control", "/a/b_c~d", "/a//b", "/ui/"}) {
        EXPECT_TRUE(is_served_path(path)) << path;
        EXPECT_EQ(url_path::parse(path).value().to_string(), path);
    }
}

TEST(url_path, what_cannot_be_served)
{
    for (std::string_view const path :
         {""sv, "desc.xml"sv, "//x"sv, "//"sv, "/a/../b"sv, "/."sv, "/.."sv, "/a b"sv, "/a%41"sv, "/a?b"sv,
          "/a#b"sv, "/a;b"sv, "/a:b"sv, "/\xC3\xA4"sv, "/\0"sv, "/\\"sv, "*"sv})
        EXPECT_FALSE(is_served_path(path)) << path;
}

TEST(resolve_path, DESC_56_RFC_3986_5_4_references_of_all_forms)
{
    struct {
        std::string_view reference;
        std::string_view path;
    } const cases[] = {
        {"/a", "/a"},      {"g", "/b/c/g"},         {"./g", "/b/c/g"},       {"g/", "/b/c/g/"},
        {"../g", "/b/g"},  {"..", "/b/"},           {".", "/b/c/"},          {"../../g", "/g"},
        {"./", "/b/c/"},   {"g/../h", "/b/c/h"},    {"g/./h", "/b/c/g/h"},   {"/./g", "/g"},
        {"/a/../g", "/g"}, {"g;x=1", "/b/c/g;x=1"}, {"a/b:c", "/b/c/a/b:c"},
    };
    for (auto const& c : cases)
        EXPECT_EQ(resolve_path("/b/c/d.xml", c.reference).value(), c.path) << c.reference;
    EXPECT_EQ(resolve_path("/", "scpd.xml").value(), "/scpd.xml");
}

TEST(resolve_path, other_hosts_and_climbing_are_refused)
{
    for (std::string_view const elsewhere : {"http://192.0.2.1/a", "//192.0.2.1/a", "urn:a", "a:b"})
        EXPECT_EQ(resolve_path("/b/d.xml", elsewhere).error(), errc::unsupported) << elsewhere;
    for (std::string_view const bad : {"../../g", "/..", "/../g", "a?b", "a#b"})
        EXPECT_EQ(resolve_path("/b/d.xml", bad).error(), errc::malformed) << bad;
}

} // namespace
} // namespace onlink
