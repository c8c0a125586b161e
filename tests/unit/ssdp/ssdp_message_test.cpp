// SPDX-License-Identifier: BSL-1.0
#include "ssdp/ssdp_message.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

constexpr std::size_t plenty = 32;

std::string const search = "M-SEARCH * HTTP/1.1\r\n"
                           "HOST: 239.255.255.250:1900\r\n"
                           "MAN: \"ssdp:discover\"\r\n"
                           "MX: 3\r\n"
                           "ST: ssdp:all\r\n"
                           "\r\n";

std::string with_line(std::string const& line) { return "M-SEARCH * HTTP/1.1\r\n" + line + "\r\n\r\n"; }

boost::system::error_code error_of(std::string const& datagram, std::size_t max_headers = plenty)
{
    test::guarded_buffer const buffer{datagram};
    auto const message = ssdp_message::parse(buffer.view(), max_headers);
    return message ? boost::system::error_code{} : message.error();
}

TEST(ssdp_message, SSDP_04_start_line_header_lines_and_an_empty_line)
{
    auto const message = ssdp_message::parse(search, plenty);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->one("HOST"), "239.255.255.250:1900");
    EXPECT_EQ(message->one("MAN"), "\"ssdp:discover\"");
    EXPECT_EQ(message->one("MX"), "3");
    EXPECT_EQ(message->one("ST"), "ssdp:all");
    EXPECT_TRUE(ssdp_message::parse("M-SEARCH * HTTP/1.1\r\n\r\n", plenty)) << "no field is missed here";
}

TEST(ssdp_message, SSDP_08_names_in_any_case_values_without_blanks_around_and_unknown_fields_skipped)
{
    std::string const datagram = "M-SEARCH * HTTP/1.1\r\n"
                                 "x-lamp.example.com:anything: at all\r\n"
                                 "mx:3\r\n"
                                 "St:\t ssdp:all \t\r\n"
                                 "CPFN.UPNP.ORG: caf\xc3\xa9\r\n"
                                 "EXT:\r\n"
                                 "\r\n";
    auto const message = ssdp_message::parse(datagram, plenty);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->one("MX"), "3");
    EXPECT_EQ(message->one("sT"), "ssdp:all");
    EXPECT_EQ(message->one("EXT"), "");
    EXPECT_EQ(message->one("X-LAMP.EXAMPLE.COM"), "anything: at all");
    EXPECT_EQ(message->one("MAN"), std::nullopt);
    EXPECT_EQ(message->one(""), std::nullopt);
}

TEST(ssdp_message, a_doubled_field_is_nobodys)
{
    auto const datagram = with_line("ST: ssdp:all\r\nst: upnp:rootdevice\r\nMX: 1");
    auto const message = ssdp_message::parse(datagram, plenty);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->one("ST"), std::nullopt);
    EXPECT_EQ(message->one("MX"), "1");
}

TEST(ssdp_message, SSDP_06_what_follows_the_empty_line_is_ignored)
{
    for (std::string const body : {"<body/>", "\r\n", "MX: 1\r\n\r\n", "\n"}) {
        auto const datagram = search + body;
        auto const message = ssdp_message::parse(datagram, plenty);
        ASSERT_TRUE(message) << body;
        EXPECT_EQ(message->one("MX"), "3");
    }
}

TEST(ssdp_message, N_09_SSDP_04_another_start_line_is_no_search)
{
    for (std::string const line :
         {"M-SEARCH * HTTP/1.0", "M-SEARCH / HTTP/1.1", "GET * HTTP/1.1", "m-search * HTTP/1.1",
          "M-SEARCH * http/1.1", "M-SEARCH  * HTTP/1.1", "M-SEARCH * HTTP/1.1 ", " M-SEARCH * HTTP/1.1",
          "M-SEARCH *", "", "\r\n"}) {
        auto const datagram = line + search.substr(search.find("\r\n"));
        EXPECT_FALSE(ssdp_message::looks_like_search(datagram)) << line;
        EXPECT_EQ(error_of(datagram), errc::malformed) << line;
    }
}

TEST(ssdp_message, N_11_SSDP_20_advertisements_and_answers_are_no_search)
{
    EXPECT_FALSE(ssdp_message::looks_like_search("NOTIFY * HTTP/1.1\r\nNTS: ssdp:alive\r\n\r\n"));
    EXPECT_FALSE(ssdp_message::looks_like_search("HTTP/1.1 200 OK\r\nEXT:\r\n\r\n"));
}

TEST(ssdp_message, N_10_SSDP_07_lines_that_cannot_be_read_safely_are_malformed)
{
    using namespace std::string_literals;
    for (auto const& bad : {
             "ST: ssdp:all\nMX: 1"s,      // bare LF
             "ST: ssdp:all\rMX: 1"s,      // bare CR
             "ST: ssdp:all\r\n folded"s,  // folded
             "ST: ssdp:all\r\n\tfolded"s, //
             " ST: ssdp:all"s,            // blank before, within and behind the name
             "S T: ssdp:all"s,            //
             "ST : ssdp:all"s,            //
             ": ssdp:all"s,               // no name
             "ST"s,                       // no colon
             "ST: ssdp\0:all"s,           // NUL
             "S\0T: ssdp:all"s,           //
             "ST: ssdp:all\x7f"s,         //
             "ST: \x1b[2J"s,              //
             "S\xc3\xa9T: ssdp:all"s,     // a name that is no token
             "ST(x): ssdp:all"s,          //
         })
        EXPECT_EQ(error_of(with_line(bad)), errc::malformed) << bad;
    EXPECT_EQ(error_of("M-SEARCH * HTTP/1.1\nST: ssdp:all\n\n"), errc::malformed);
    EXPECT_EQ(error_of(search.substr(0, search.size() - 2)), errc::malformed) << "no empty line at the end";
}

TEST(ssdp_message, N_10_a_header_of_64_KiB_is_read_or_refused_in_silence)
{
    auto const long_value = with_line("X: " + std::string(65536, 'a'));
    auto const message = ssdp_message::parse(long_value, plenty);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->one("X")->size(), 65536U);
    EXPECT_EQ(error_of(with_line(std::string(65536, 'a'))), errc::malformed);
    EXPECT_EQ(error_of("M-SEARCH * HTTP/1.1\r\n" + std::string(65536, 'a')), errc::malformed);
}

TEST(ssdp_message, CVE_2013_0229_a_datagram_cut_anywhere_is_refused_and_not_read_beyond)
{
    for (std::size_t size = 0; size < search.size(); ++size) {
        EXPECT_EQ(error_of(search.substr(0, size)), errc::malformed) << size;
    }
    EXPECT_EQ(error_of("M-SEARCH * HTTP/1.1\r\nST:"), errc::malformed);
    EXPECT_EQ(error_of("M"), errc::malformed);
}

TEST(ssdp_message, limits_ssdp_max_headers_is_reached)
{
    std::string datagram = "M-SEARCH * HTTP/1.1\r\n";
    for (std::size_t line = 0; line < plenty; ++line)
        datagram += "X: 1\r\n";
    EXPECT_TRUE(ssdp_message::parse(datagram + "\r\n", plenty));
    EXPECT_EQ(error_of(datagram + "Y: 1\r\n\r\n"), errc::too_large);
    EXPECT_TRUE(ssdp_message::parse(datagram + "Y: 1\r\n\r\n", plenty + 1));
}

} // namespace
} // namespace onlink
