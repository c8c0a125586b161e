// SPDX-License-Identifier: BSL-1.0
#include "url/http_url.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

address ip(char const* text) { return boost::asio::ip::make_address(text); }

struct accepted {
    std::string_view text;
    char const* host;
    std::uint16_t port;
    std::string_view target;
    std::string_view authority;
};

TEST(http_url, GENA_05_accepts_literal_addresses)
{
    for (auto const& c : {
             accepted{"http://192.168.20.9:50200/ev/1", "192.168.20.9", 50200, "/ev/1", "192.168.20.9:50200"},
             accepted{"http://192.168.20.9", "192.168.20.9", 80, "/", "192.168.20.9"},
             accepted{"http://192.168.20.9/", "192.168.20.9", 80, "/", "192.168.20.9"},
             accepted{"http://192.168.20.9?a=b", "192.168.20.9", 80, "/?a=b", "192.168.20.9"},
             accepted{"HTTP://192.168.20.9:1/x?a=b&c=%2F", "192.168.20.9", 1, "/x?a=b&c=%2F",
                      "192.168.20.9:1"},
             accepted{"http://192.168.20.9:65535//x/../y", "192.168.20.9", 65535, "//x/../y",
                      "192.168.20.9:65535"},
             accepted{"http://[fe80::1]:49152/cb", "fe80::1", 49152, "/cb", "[fe80::1]:49152"},
             accepted{"http://[2001:DB8:0::1]/", "2001:db8::1", 80, "/", "[2001:DB8:0::1]"},
             // Special addresses are addresses; whether they are wanted is judged elsewhere.
             accepted{"http://127.0.0.1/", "127.0.0.1", 80, "/", "127.0.0.1"},
             accepted{"http://0.0.0.0/", "0.0.0.0", 80, "/", "0.0.0.0"},
             // RFC 4291, 2.5.5.2: an IPv4-mapped address means that IPv4 address; the text stays as it stood.
             accepted{"http://[::ffff:192.168.1.1]/", "192.168.1.1", 80, "/", "[::ffff:192.168.1.1]"},
             accepted{"http://[::FFFF:c0a8:101]:81/x", "192.168.1.1", 81, "/x", "[::FFFF:c0a8:101]:81"},
             accepted{"http://[0:0:0:0:0:ffff:127.0.0.1]/", "127.0.0.1", 80, "/",
                      "[0:0:0:0:0:ffff:127.0.0.1]"},
             accepted{"http://[::192.168.1.1]/", "::192.168.1.1", 80, "/", "[::192.168.1.1]"},
         }) {
        test::guarded_buffer const text{c.text};
        auto const url = http_url::parse(text.view());
        ASSERT_TRUE(url) << c.text;
        EXPECT_EQ(url->where().address, ip(c.host)) << c.text;
        EXPECT_EQ(url->where().port, c.port) << c.text;
        EXPECT_EQ(url->target(), c.target) << c.text;
        EXPECT_EQ(url->authority(), c.authority) << c.text;
        EXPECT_EQ(url->to_string(), c.text);
    }
}

struct refused {
    std::string_view text;
    errc why;
};

TEST(http_url, GENA_11_refuses_names_and_everything_that_resolvers_take_for_an_address)
{
    for (std::string_view const host : {
             "evil.example",
             "localhost",
             "127.1",
             "127.0.1",
             "2130706433",
             "0x7f000001",
             "0x7f.0.0.1",
             "0177.0.0.1",
             "010.0.0.1",
             "192.168.020.9",
             "192.168.20.9.",
             "192.168.20",
             "1.2.3.4.5",
             "256.1.1.1",
             "1.2.3.256",
             "192.168.20.9.evil.example",
             "%31%39%32.168.20.9",
             "192.168.20.9%2eevil",
             "[v1.fe80::1]",
             "a_b",
             "192.168.20.9,x",
             "192.168.20.9evil.example",
             "192.168.20.9%41",
         })
        EXPECT_EQ(http_url::parse("http://" + std::string{host} + "/").error(), errc::host_not_literal)
            << host;
}

TEST(http_url, N_39_refuses_other_schemes)
{
    for (std::string_view const text :
         {"https://192.168.20.9/", "ftp://192.168.20.9/", "file:///etc/passwd", "httpx://192.168.20.9/",
          "gopher://192.168.20.9:70/1", "urn:schemas-upnp-org:service:x:1", "ws://192.168.20.9/"})
        EXPECT_EQ(http_url::parse(text).error(), errc::unsupported) << text;
}

TEST(http_url, refuses_what_is_no_plain_url)
{
    using namespace std::string_view_literals;
    for (std::string_view const text : {
             ""sv,
             "http"sv,
             "http:"sv,
             "http:/"sv,
             "http://"sv,
             "http:///x"sv,
             "http://:80/"sv,
             "/x"sv,
             "//192.168.20.9/x"sv,
             "192.168.20.9/x"sv,
             "192.168.20.9:80/x"sv,
             " http://192.168.20.9/"sv,
             "http://192.168.20.9/ "sv,
             "http://192.168.20.9/a b"sv,
             "http://192.168.20.9/\r\nX: y"sv,
             "http://192.168.20.9/\t"sv,
             "http://192.168.20.9/\0"sv,
             "http://192.168.20.9\0.evil/"sv,
             "http://192.168.20.9/\x7F"sv,
             "http://192.168.20.9/\xC3\xA4"sv,
             "http://192.168.20.9/<x>"sv,
             "http://192.168.20.9/\""sv,
             "http://192.168.20.9\\@evil.example/"sv,
             "http://192.168.20.9/\\x"sv,
             "http://192.168.20.9/%"sv,
             "http://192.168.20.9/%4"sv,
             "http://192.168.20.9/%zz"sv,
             "http://192.168.20.9:/x"sv,
             "http://192.168.20.9:x/"sv,
             "http://192.168.20.9:-1/"sv,
             "http://192.168.20.9:+80/"sv,
             "http://192.168.20.9:80:80/"sv,
             "http://user@192.168.20.9/"sv,
             "http://user:pw@192.168.20.9/"sv,
             "http://@192.168.20.9/"sv,
             "http://evil.example@192.168.20.9/"sv,
             "http://192.168.20.9/#f"sv,
             "http://192.168.20.9#"sv,
             "http://[fe80::1/"sv,
             "http://fe80::1/"sv,
             "http://[]/"sv,
             "http://[192.168.20.9]/"sv,
             "http://[::1]x/"sv,
             "http://192.168.20.9:80x/"sv,
             "http://192.168.20.9:80.evil.example/"sv,
             "http://[1:2:3:4:5:6:7:8:9]/"sv,
             "http://[::1::]/"sv,
         }) {
        auto const url = http_url::parse(test::guarded_buffer{text}.view());
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error(), errc::malformed) << text;
    }
}

TEST(http_url, GENA_11_the_zone_of_a_link_local_address_is_read_over)
{
    for (auto const& c : {
             accepted{"http://[fe80::1%25eth0]:49152/cb", "fe80::1", 49152, "/cb", "[fe80::1]:49152"},
             accepted{"http://[fe80::1%eth0]/", "fe80::1", 80, "/", "[fe80::1]"},
             accepted{"http://[fe80::1%251]", "fe80::1", 80, "/", "[fe80::1]"},
             accepted{"http://[fe80::1%3]?q=%25", "fe80::1", 80, "/?q=%25", "[fe80::1]"},
             accepted{"http://[febf::1%25br-lan.2_x~]/%25a", "febf::1", 80, "/%25a", "[febf::1]"},
             accepted{"http://[fe80::1%25abcdefghijklmno]/", "fe80::1", 80, "/", "[fe80::1]"},
             // A percent sign behind the host is none of a zone.
             accepted{"http://[fe80::1]/%25eth0", "fe80::1", 80, "/%25eth0", "[fe80::1]"},
             accepted{"http://192.168.20.9/?u=//[fe80::1%25eth0]", "", 0, "", ""},
         }) {
        test::guarded_buffer const text{c.text};
        auto const url = http_url::parse(text.view());
        if (c.port == 0) {
            EXPECT_FALSE(url) << "brackets have no place in a query: " << c.text;
            continue;
        }
        ASSERT_TRUE(url) << c.text;
        EXPECT_EQ(url->where().address, ip(c.host)) << c.text << ": without zone";
        EXPECT_EQ(url->where().port, c.port) << c.text;
        EXPECT_EQ(url->target(), c.target) << c.text;
        EXPECT_EQ(url->authority(), c.authority) << c.text << ": what HOST says";
        EXPECT_EQ(url->to_string(), c.text);
    }
}

TEST(http_url, GENA_11_a_zone_that_is_no_name_or_has_no_place_is_malformed)
{
    for (std::string_view const text : {
             "http://[fe80::1%]/",
             "http://[fe80::1%25]/",
             "http://[fe80::1%25abcdefghijklmnop]/", // longer than the name of an interface
             "http://[fe80::1%25eth0%251]/",
             "http://[fe80::1%25eth%30]/",
             "http://[fe80::1%25eth/0]/",
             "http://[fe80::1%25eth0@192.168.20.9]/",
             "http://[fe80::1%25eth:0]/",
             "http://[fe80::1%25eth0/",
             "http://[fe80::1%25eth0]x/",
             "http://[%25eth0]/",
             "http://[::1%25lo]/",
             "http://[2001:db8::1%25eth0]/",
             "http://[fec0::1%25eth0]/",
             "http://[ff02::1%25eth0]/",
             "http://[::ffff:169.254.1.1%25eth0]/",
             "http://[169.254.1.1%25eth0]/",
             "http://169.254.1.1%25eth0/x]",
             "http://u@[fe80::1%25eth0]/",
             "http://[fe80::1%25eth0]#f",
             "http://x//[fe80::1%25eth0]/",
         }) {
        auto const url = http_url::parse(test::guarded_buffer{text}.view());
        ASSERT_FALSE(url) << text;
        EXPECT_EQ(url.error(), errc::malformed) << text;
    }
    // No zone makes a name of an address.
    EXPECT_EQ(http_url::parse("http://169.254.1.1%25eth0/").error(), errc::host_not_literal);
    EXPECT_EQ(http_url::parse("https://[fe80::1%25eth0]/").error(), errc::unsupported);
    EXPECT_EQ(http_url::parse("http://[fe80::1%25eth0]:0/").error(), errc::out_of_range);
}

TEST(http_url, refuses_ports_that_are_none)
{
    for (std::string_view const port : {"0", "00", "65536", "65558", "99999", "4294967376",
                                        "18446744073709551696", "99999999999999999999999"})
        EXPECT_EQ(http_url::parse("http://192.168.20.9:" + std::string{port} + "/").error(),
                  errc::out_of_range)
            << port;
}

TEST(http_url, a_url_cut_anywhere_is_read_within_its_bounds)
{
    std::string_view const whole = "http://[2001:db8::1%25x]:50200/ev/1?a=%41";
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        test::guarded_buffer const text{whole.substr(0, size)};
        EXPECT_FALSE(http_url::parse(text.view())) << size;
    }
    std::string_view const valid = "http://192.168.20.9:50200/ev/1?a=%41";
    for (std::size_t size = 0; size <= valid.size(); ++size) {
        test::guarded_buffer const text{valid.substr(0, size)};
        auto const url = http_url::parse(text.view());
        if (url) {
            EXPECT_EQ(url->to_string(), text.view());
        }
    }
}

} // namespace
} // namespace onlink
