// SPDX-License-Identifier: BSL-1.0
#include "http/http_date.hpp"
#include "http/http_response.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

std::chrono::sys_seconds const golden_date{std::chrono::seconds{1700035200}};

http_response document(std::string body)
{
    http_response response = http_response::of(200);
    response.fields.add("CONTENT-TYPE", "text/xml; charset=\"utf-8\"");
    response.fields.add("DATE", http_date(golden_date));
    response.fields.add("SERVER", "ExampleOS/3.2 UPnP/2.0 LampStack/0.1");
    response.body = std::make_shared<std::string const>(std::move(body));
    return response;
}

TEST(http_response, G_13_DESC_03_DESC_04_a_document)
{
    std::string const body(1405, 'x');
    EXPECT_EQ(write_response(document(body), 11, false), "HTTP/1.1 200 OK\r\n"
                                                         "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
                                                         "DATE: Wed, 15 Nov 2023 08:00:00 GMT\r\n"
                                                         "SERVER: ExampleOS/3.2 UPnP/2.0 LampStack/0.1\r\n"
                                                         "CONTENT-LENGTH: 1405\r\n"
                                                         "\r\n" +
                                                             body);
}

TEST(http_response, G_15_DESC_08_http_1_0_gets_its_own_status_line)
{
    auto response = document("<x/>");
    response.close = true;
    EXPECT_EQ(write_response(response, 10, false), "HTTP/1.0 200 OK\r\n"
                                                   "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
                                                   "DATE: Wed, 15 Nov 2023 08:00:00 GMT\r\n"
                                                   "SERVER: ExampleOS/3.2 UPnP/2.0 LampStack/0.1\r\n"
                                                   "CONTENT-LENGTH: 4\r\n"
                                                   "\r\n"
                                                   "<x/>");
}

TEST(http_response, G_16_DESC_01_head_has_the_length_but_not_the_body)
{
    auto const written = write_response(document(std::string(1405, 'x')), 11, true);
    EXPECT_TRUE(written.ends_with("\r\nCONTENT-LENGTH: 1405\r\n\r\n"));
    EXPECT_EQ(written.size(), 165u);
}

TEST(http_response, G_33_without_a_body_the_length_is_zero)
{
    EXPECT_EQ(write_response(http_response::of(412), 11, false),
              "HTTP/1.1 412 Precondition Failed\r\nCONTENT-LENGTH: 0\r\n\r\n");
}

TEST(http_response, DESC_11_says_when_it_closes)
{
    http_response response = http_response::of(400);
    response.close = true;
    EXPECT_EQ(write_response(response, 11, false),
              "HTTP/1.1 400 Bad Request\r\nCONTENT-LENGTH: 0\r\nCONNECTION: close\r\n\r\n");
}

TEST(http_response, DESC_15_an_interim_answer_has_no_length)
{
    EXPECT_EQ(write_response(http_response::of(100), 11, false), "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST(http_response, CTRL_10_an_empty_value_leaves_nothing_behind_the_colon)
{
    http_response response = http_response::of(200);
    response.fields.add("EXT", "");
    EXPECT_EQ(write_response(response, 11, false), "HTTP/1.1 200 OK\r\nEXT:\r\nCONTENT-LENGTH: 0\r\n\r\n");
}

TEST(http_response, no_value_can_add_a_field)
{
    http_response response = http_response::of(200);
    response.fields.add("CONTENT-LANGUAGE", std::string_view{"en\r\nX: y\0", 9});
    EXPECT_EQ(write_response(response, 11, false),
              "HTTP/1.1 200 OK\r\nCONTENT-LANGUAGE: en  X: y \r\nCONTENT-LENGTH: 0\r\n\r\n");
}

TEST(http_response, fields_that_are_rendered_already_are_sent_as_they_are)
{
    http_response response = http_response::of(200);
    response.fields.add("DATE", "now");
    response.rendered_fields = std::make_shared<std::string const>("CONTENT-LENGTH: 4\r\n");
    response.body = std::make_shared<std::string const>("<x/>");
    EXPECT_EQ(write_head(response, 11), "HTTP/1.1 200 OK\r\nDATE: now\r\nCONTENT-LENGTH: 4\r\n\r\n");
    EXPECT_EQ(write_response(response, 11, false),
              "HTTP/1.1 200 OK\r\nDATE: now\r\nCONTENT-LENGTH: 4\r\n\r\n<x/>");
}

TEST(http_response, DESC_04_DESC_08_a_streamed_body_has_its_length_or_comes_in_chunks)
{
    http_response response = http_response::of(200);
    response.streamed_length = 5'000'000'000;
    EXPECT_EQ(write_head(response, 11), "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 5000000000\r\n\r\n");
    response.streamed_length.reset();
    response.streamed_in_chunks = true;
    EXPECT_EQ(write_head(response, 11), "HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: chunked\r\n\r\n");
    EXPECT_EQ(write_head(response, 10), "HTTP/1.0 200 OK\r\n\r\n") << "until the end of the connection";
}

TEST(http_response, RFC_9110_8_6_204_and_304_have_no_length)
{
    EXPECT_EQ(write_head(http_response::of(204), 11), "HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_EQ(write_head(http_response::of(304), 11), "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST(http_response, every_status_in_use_has_its_phrase)
{
    for (int const status : {100, 200, 206, 304, 307, 400, 403, 404, 405, 408, 411, 412,
                             413, 414, 415, 416, 417, 421, 431, 500, 501, 503, 505})
        EXPECT_NE(reason_phrase(status), "Unknown") << status;
    EXPECT_EQ(reason_phrase(299), "Unknown");
    EXPECT_EQ(reason_phrase(500), "Internal Server Error"); // SOAP faults (UDA 2.0, 3.2.5)
}

} // namespace
} // namespace onlink
