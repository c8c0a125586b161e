// SPDX-License-Identifier: BSL-1.0
#include "http/response_parser.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t max_header = 4096;

result<std::optional<int>> read(std::string_view bytes, std::size_t limit = max_header)
{
    auto const head = read_response(test::guarded_buffer{bytes}.view(), limit);
    if (!head)
        return head.error();
    return *head ? std::optional<int>{(*head)->status} : std::nullopt;
}

bool reusable(std::string_view bytes)
{
    return read_response(test::guarded_buffer{bytes}.view(), max_header).value().value().reusable;
}

TEST(response_parser, G_28_reads_the_status)
{
    EXPECT_EQ(read("HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n").value(), 200);
    EXPECT_EQ(read("HTTP/1.0 200 OK\r\n\r\n").value(), 200);
    EXPECT_EQ(read("HTTP/1.1 200 \r\n\r\n").value(), 200);
    EXPECT_EQ(read("HTTP/1.1 412 Precondition Failed\r\nX: \xE4\r\n\r\nbody\r\n\r\n").value(), 412);
    EXPECT_EQ(read("HTTP/1.1 301 Moved\r\nLocation: http://evil.example/\r\n\r\n").value(), 301);
    EXPECT_EQ(read("HTTP/1.1 599 x\r\nTransfer-Encoding: chunked\r\n\r\nzz").value(), 599);
}

TEST(response_parser, interim_responses_are_skipped)
{
    EXPECT_EQ(read("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n").value(), 200);
    EXPECT_EQ(
        read(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 503 No\r\n\r\n")
            .value(),
        503);
    EXPECT_EQ(read("HTTP/1.1 100 Continue\r\n\r\n").value(), std::nullopt);
    EXPECT_EQ(read("HTTP/1.1 101 Switching Protocols\r\n\r\n").value(), 101);
}

TEST(response_parser, waits_for_the_end_of_the_header)
{
    std::string_view const whole =
        "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto const status = read(whole.substr(0, size));
        ASSERT_TRUE(status) << size;
        EXPECT_EQ(*status, std::nullopt) << size;
    }
    EXPECT_EQ(read(whole).value(), 200);
}

TEST(response_parser, refuses_what_is_no_response)
{
    for (std::string_view const bytes : {
             "x"sv,
             "GET / HTTP/1.1\r\n\r\n"sv,
             "HTTP/2.0 200 OK\r\n\r\n"sv,
             "http/1.1 200 OK\r\n\r\n"sv,
             "\r\nHTTP/1.1 200 OK\r\n\r\n"sv,
             "HTTP/1.1 20 OK\r\n\r\n"sv,
             "HTTP/1.1 2000 OK\r\n\r\n"sv,
             "HTTP/1.1 -20 OK\r\n\r\n"sv,
             "HTTP/1.1 000 OK\r\n\r\n"sv,
             "HTTP/1.1 099 OK\r\n\r\n"sv,
             "HTTP/1.1 600 OK\r\n\r\n"sv,
             "HTTP/1.1  200 OK\r\n\r\n"sv,
             "HTTP/1.1\r\n\r\n"sv,
             "HTTP/1.1 200 O\0K\r\n\r\n"sv,
             "HTTP/1.1 200 OK\nA: b\r\n\r\n"sv,
             "HTTP/1.1 200 OK\r\nno colon\r\n\r\n"sv,
             "HTTP/1.1 200 OK\r\n: x\r\n\r\n"sv,
             "HTTP/1.1 200 OK\r\nA : b\r\n\r\n"sv,
             "HTTP/1.2 200 OK\r\n\r\n"sv,
             "HTTP/1.1 100 Continue\r\n\r\nfoo"sv,
         })
        EXPECT_EQ(read(bytes).error(), errc::malformed) << bytes;
}

TEST(response_parser, N_49_an_endless_header_has_a_limit)
{
    std::string const endless = "HTTP/1.1 200 OK\r\nX: " + std::string(10'000, 'x');
    EXPECT_EQ(read(endless).error(), errc::too_large);
    EXPECT_EQ(read(endless.substr(0, max_header)).value(), std::nullopt);
    EXPECT_EQ(read(endless.substr(0, max_header + 1)).error(), errc::too_large);
    std::string_view const minimal = "HTTP/1.1 200 \r\n\r\n";
    EXPECT_EQ(read(minimal, minimal.size()).value(), 200);
    EXPECT_EQ(read(minimal, minimal.size() - 1).error(), errc::too_large);
}

TEST(response_parser, N_49_endless_interim_responses_have_the_same_limit)
{
    std::string bytes;
    for (int i = 0; i < 1000; ++i)
        bytes += "HTTP/1.1 100 Continue\r\n\r\n";
    EXPECT_EQ(read(bytes).error(), errc::too_large);
}

TEST(response_parser, GENA_44_a_connection_can_be_used_again_after_an_answer_that_is_complete)
{
    for (std::string_view const bytes : {
             "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n"sv,
             "HTTP/1.1 412 No\r\nCONTENT-LENGTH: 3\r\n\r\nabc"sv,
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"sv,
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"sv,
             "HTTP/1.1 204 No Content\r\n\r\n"sv,
             "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"sv,
             "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"sv,
         })
        EXPECT_TRUE(reusable(bytes)) << bytes;
    for (std::string_view const bytes : {
             "HTTP/1.1 200 OK\r\n\r\n"sv, // until the connection ends
             "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"sv,
             "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"sv,
             "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"sv,   // not all there
             "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd"sv, // more than all
             "HTTP/1.1 200 OK\r\nContent-Length: 64000000\r\n\r\n"sv,
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"sv,
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz"sv,
         })
        EXPECT_FALSE(reusable(bytes)) << bytes;
}

} // namespace
} // namespace onlink
