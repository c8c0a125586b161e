// SPDX-License-Identifier: BSL-1.0
#include "eventing/notify_request.hpp"

#include "unit/eventing/segment.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

sid const id = sid::parse("uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa").value();

std::string header_for(std::string const& url, event_key key, std::size_t size)
{
    return write_notify_header(test::admitted({url}).front(), id, key, size);
}

TEST(notify_request, GENA_34_start_line_and_fields)
{
    EXPECT_EQ(header_for("http://192.168.20.9:50200/ev/1", event_key{}, 212),
              "NOTIFY /ev/1 HTTP/1.1\r\n"
              "HOST: 192.168.20.9:50200\r\n"
              "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
              "NT: upnp:event\r\n"
              "NTS: upnp:propchange\r\n"
              "SID: uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa\r\n"
              "SEQ: 0\r\n"
              "CONTENT-LENGTH: 212\r\n"
              "\r\n");
}

TEST(notify_request, GENA_06_GENA_34_path_and_query_exactly_as_the_control_point_wrote_them)
{
    for (auto const& [url, first_lines] :
         {std::pair{"http://192.168.20.9", "NOTIFY / HTTP/1.1\r\nHOST: 192.168.20.9\r\n"},
          std::pair{"http://192.168.20.9/", "NOTIFY / HTTP/1.1\r\nHOST: 192.168.20.9\r\n"},
          std::pair{"http://192.168.20.9:80/a//b/%7e?c=%2F&d",
                    "NOTIFY /a//b/%7e?c=%2F&d HTTP/1.1\r\nHOST: 192.168.20.9:80\r\n"},
          std::pair{"http://192.168.20.9?x", "NOTIFY /?x HTTP/1.1\r\nHOST: 192.168.20.9\r\n"}})
        EXPECT_TRUE(header_for(url, event_key{}, 0).starts_with(first_lines)) << url;
}

TEST(notify_request, CVE_2019_12107_a_long_path_is_written_whole)
{
    for (std::size_t const length : {100U, 400U, 480U}) {
        auto const path = '/' + std::string(length, 'a');
        EXPECT_TRUE(header_for("http://192.168.20.9" + path, event_key{}, 7)
                        .starts_with("NOTIFY " + path + " HTTP/1.1\r\n"));
        EXPECT_TRUE(
            header_for("http://192.168.20.9" + path, event_key{}, 7).ends_with("CONTENT-LENGTH: 7\r\n\r\n"));
    }
}

TEST(notify_request, GENA_33_SEQ_is_decimal_without_leading_zeros)
{
    EXPECT_NE(header_for("http://192.168.20.9", event_key{7}, 1).find("\r\nSEQ: 7\r\n"), std::string::npos);
    EXPECT_NE(header_for("http://192.168.20.9", event_key{4294967295}, 1).find("\r\nSEQ: 4294967295\r\n"),
              std::string::npos);
}

} // namespace
} // namespace onlink
