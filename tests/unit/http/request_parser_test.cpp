// SPDX-License-Identifier: BSL-1.0
#include "http/request_parser.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

using namespace std::string_view_literals;
using state = request_parser::state;

struct outcome {
    state end = state::need_more;
    int status = 0;
    std::size_t consumed = 0;
    unsigned continues = 0; ///< how often 100 Continue was asked for
    http_request request;
};

/// Gives the bytes as a session does: what was not consumed comes again, with up to `step` bytes more.
outcome feed(std::string_view bytes, limits::http_limits const& bounds, std::size_t step)
{
    request_parser parser{bounds};
    outcome out;
    std::size_t arrived = 0;
    for (;;) {
        arrived += std::min(step, bytes.size() - arrived);
        test::guarded_buffer const window{bytes.substr(out.consumed, arrived - out.consumed)};
        auto const progress = parser.feed(window.view());
        EXPECT_LE(progress.consumed, window.view().size());
        out.consumed += progress.consumed;
        out.continues += progress.expects_continue;
        out.end = progress.state;
        if (out.end != state::need_more || arrived == bytes.size())
            break;
    }
    if (out.end == state::complete)
        out.request = parser.take();
    if (out.end == state::failed)
        out.status = parser.status();
    return out;
}

/// At one go, and byte by byte (long ones by a few bytes): both must come to the same end.
outcome feed(std::string_view bytes, limits::http_limits const& bounds = {})
{
    auto const whole = feed(bytes, bounds, bytes.size());
    auto const bytewise = feed(bytes, bounds, bytes.size() < 4096 ? 1 : bytes.size() / 101);
    EXPECT_EQ(whole.end, bytewise.end);
    EXPECT_EQ(whole.status, bytewise.status);
    EXPECT_EQ(whole.request.target, bytewise.request.target);
    EXPECT_EQ(whole.request.body, bytewise.request.body);
    EXPECT_EQ(whole.request.fields.all().size(), bytewise.request.fields.all().size());
    if (whole.end == state::complete) {
        EXPECT_EQ(whole.consumed, bytewise.consumed);
    }
    return whole;
}

std::string repeat(std::string_view what, std::size_t times)
{
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += what;
    return out;
}

std::string const get_desc = "GET /desc.xml HTTP/1.1\r\n"
                             "HOST: 192.168.20.5:49300\r\n"
                             "USER-AGENT: TestOS/1.0 UPnP/2.0 TestCP/1.0\r\n"
                             "ACCEPT-LANGUAGE: en\r\n"
                             "\r\n";

std::string const envelope = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
                             "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
                             "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\r\n"
                             "<s:Body>\r\n"
                             "<u:SetTarget "
                             "xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\"><newTargetValue>1</"
                             "newTargetValue></u:SetTarget>\r\n"
                             "</s:Body>\r\n"
                             "</s:Envelope>";

/// A SetTarget request with these lines in the place of CONTENT-LENGTH.
std::string set_target(std::string_view framing_lines, std::string_view body)
{
    return "POST /sp/control HTTP/1.1\r\n"
           "HOST: 192.168.20.5:49300\r\n"
           "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
           "USER-AGENT: TestOS/1.0 UPnP/2.0 TestCP/1.0\r\n"
           "SOAPACTION: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n" +
           std::string{framing_lines} + "\r\n" + std::string{body};
}

std::string with_length() { return set_target("CONTENT-LENGTH: 316\r\n", envelope); }

std::string chunked(std::string_view chunks) { return set_target("TRANSFER-ENCODING: chunked\r\n", chunks); }

std::string two_chunks()
{
    return chunked("A6\r\n" + envelope.substr(0, 0xA6) + "\r\n96\r\n" + envelope.substr(0xA6) +
                   "\r\n0\r\n\r\n");
}

std::string get_with(std::string_view lines) { return "GET / HTTP/1.1\r\n" + std::string{lines} + "\r\n"; }

void expect_status(int status, std::string_view bytes, limits::http_limits const& bounds = {})
{
    auto const out = feed(bytes, bounds);
    EXPECT_EQ(out.end, state::failed) << bytes.substr(0, 500);
    EXPECT_EQ(out.status, status) << bytes.substr(0, 500);
}

// ---------------------------------------------------------------------------------------- good requests

TEST(request_parser, G_12_a_get)
{
    ASSERT_EQ(get_desc.size(), 117u);
    auto const out = feed(get_desc);
    ASSERT_EQ(out.end, state::complete);
    EXPECT_EQ(out.consumed, get_desc.size());
    EXPECT_EQ(out.request.method, http_method::get);
    EXPECT_EQ(out.request.method_text, "GET");
    EXPECT_EQ(out.request.target, "/desc.xml");
    EXPECT_EQ(out.request.version, 11u);
    ASSERT_EQ(out.request.fields.all().size(), 3u);
    EXPECT_EQ(out.request.fields.all()[0].name, "HOST");
    EXPECT_EQ(out.request.fields.one("host"), "192.168.20.5:49300");
    EXPECT_EQ(out.request.fields.one("accept-language"), "en");
    EXPECT_EQ(out.request.body, "");
    EXPECT_TRUE(out.request.keep_alive());
    EXPECT_EQ(out.continues, 0u);
}

TEST(request_parser, G_17_a_post)
{
    ASSERT_EQ(with_length().size(), 545u);
    auto const out = feed(with_length());
    ASSERT_EQ(out.end, state::complete);
    EXPECT_EQ(out.request.method, http_method::post);
    EXPECT_EQ(out.request.body, envelope);
}

TEST(request_parser, G_22_DESC_12_a_chunked_post)
{
    ASSERT_EQ(two_chunks().size(), 569u);
    auto const out = feed(two_chunks());
    ASSERT_EQ(out.end, state::complete);
    EXPECT_EQ(out.consumed, 569u);
    EXPECT_EQ(out.request.body, envelope);
    EXPECT_EQ(out.request.fields.all().size(), 5u);
}

TEST(request_parser, DESC_12_the_quoted_form_of_the_specification_is_understood)
{
    auto const out = feed(set_target("Transfer-Encoding: \"chunked\"\r\n", "1\r\nx\r\n0\r\n\r\n"));
    ASSERT_EQ(out.end, state::complete);
    EXPECT_EQ(out.request.body, "x");
    EXPECT_EQ(feed(set_target("transfer-encoding:CHUNKED\r\n", "0\r\n\r\n")).end, state::complete);
}

TEST(request_parser, N_23_DESC_12_extensions_and_trailers_are_ignored)
{
    for (std::string_view const chunks : {
             "3;x=y\r\nabc\r\n0\r\n\r\n",
             "3;\r\nabc\r\n0;\r\n\r\n",
             "3 ;\tx=\"a;b\"\r\nabc\r\n0;z\r\n\r\n",
             "3;;;\r\nabc\r\n0\r\n\r\n",
             "0003\r\nabc\r\n000\r\n\r\n",
             "3\r\nabc\r\n0\r\nX-Checksum: 1\r\nHost: evil.example\r\nContent-Length: 99\r\nEmpty:\r\n\r\n",
             "1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n",
         }) {
        auto const out = feed(chunked(chunks));
        ASSERT_EQ(out.end, state::complete) << chunks;
        EXPECT_EQ(out.request.body, "abc") << chunks;
        EXPECT_EQ(out.request.fields.all().size(), 5u) << "a trailer field is no header field";
    }
    EXPECT_EQ(feed(chunked("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n")).request.body,
              "01234567890123456789");
}

TEST(request_parser, methods_are_known_by_their_exact_name)
{
    auto const method = [](std::string_view name) {
        return feed(std::string{name} + " / HTTP/1.1\r\nContent-Length: 0\r\n\r\n").request.method;
    };
    EXPECT_EQ(method("GET"), http_method::get);
    EXPECT_EQ(method("HEAD"), http_method::head);
    EXPECT_EQ(method("POST"), http_method::post);
    EXPECT_EQ(method("M-POST"), http_method::m_post);
    EXPECT_EQ(method("SUBSCRIBE"), http_method::subscribe);
    EXPECT_EQ(method("UNSUBSCRIBE"), http_method::unsubscribe);
    EXPECT_EQ(method("NOTIFY"), http_method::other);
    EXPECT_EQ(method("DELETE"), http_method::other);
    EXPECT_EQ(method("get"), http_method::other);
    EXPECT_EQ(feed("DELETE / HTTP/1.1\r\n\r\n").request.method_text, "DELETE");
}

TEST(request_parser, other_forms_of_target_are_passed_on)
{
    for (std::string_view const target :
         {"*", "http://192.168.20.5:49300/desc.xml?x", "192.168.20.5:49300", "//x", "/a?b#c", "/\xC3\xA4"}) {
        auto const out = feed("OPTIONS " + std::string{target} + " HTTP/1.1\r\n\r\n");
        ASSERT_EQ(out.end, state::complete) << target;
        EXPECT_EQ(out.request.target, target);
    }
}

TEST(request_parser, values_are_trimmed_and_doubled_fields_kept)
{
    auto const out = feed(get_with("A:\t b c \t\r\nEmpty:\r\nBlank: \t\r\na: 2\r\nHigh: \xE4\r\n"));
    ASSERT_EQ(out.end, state::complete);
    EXPECT_EQ(out.request.fields.all()[0].value, "b c");
    EXPECT_EQ(out.request.fields.one("empty"), "");
    EXPECT_EQ(out.request.fields.one("blank"), "");
    EXPECT_EQ(out.request.fields.count("A"), 2u);
    EXPECT_EQ(out.request.fields.one("A"), std::nullopt);
    EXPECT_EQ(out.request.fields.one("high"), "\xE4");
}

TEST(request_parser, N_15_http_1_0)
{
    auto const out = feed("GET /desc.xml HTTP/1.0\r\n\r\n");
    ASSERT_EQ(out.end, state::complete);
    EXPECT_EQ(out.request.version, 10u);
    EXPECT_FALSE(out.request.keep_alive());
}

TEST(request_parser, N_18_DESC_10_pipelined_requests_come_one_by_one)
{
    std::string const first = with_length();
    std::string const second = two_chunks();
    std::string bytes = first + second + get_desc;
    for (auto const& expected : {first, second, get_desc}) {
        request_parser parser{limits::http_limits{}};
        test::guarded_buffer const window{bytes};
        auto const progress = parser.feed(window.view());
        ASSERT_EQ(progress.state, state::complete);
        ASSERT_EQ(progress.consumed, expected.size());
        bytes.erase(0, progress.consumed);
    }
    EXPECT_EQ(bytes, "");
}

TEST(request_parser, a_get_may_have_a_body)
{
    auto const out = feed(get_with("Content-Length: 3\r\n") + "abc");
    ASSERT_EQ(out.end, state::complete);
    EXPECT_EQ(out.request.body, "abc");
}

TEST(request_parser, a_few_empty_lines_may_come_first)
{
    EXPECT_EQ(feed("\r\n" + get_desc).consumed, get_desc.size() + 2);
    EXPECT_EQ(feed("\r\n\r\n\r\n\r\n" + get_desc).end, state::complete);
    expect_status(400, "\r\n\r\n\r\n\r\n\r\n" + get_desc);
    expect_status(400, "\r\r\n" + get_desc);
    expect_status(400, "\n" + get_desc);
}

TEST(request_parser, can_be_moved_within_a_request)
{
    request_parser first{limits::http_limits{}};
    auto const bytes = two_chunks();
    auto const progress = first.feed(std::string_view{bytes}.substr(0, 400));
    request_parser second = std::move(first);
    EXPECT_EQ(second.feed(std::string_view{bytes}.substr(progress.consumed)).state, state::complete);
    EXPECT_EQ(second.take().body, envelope);
}

// ------------------------------------------------------------------------------------------ cut requests

TEST(request_parser, every_request_cut_at_every_byte_needs_more)
{
    for (auto const& whole :
         {get_desc, with_length(), two_chunks(), chunked("1;x=y\r\na\r\n0;\r\nA: b\r\n\r\n"),
          set_target("Expect: 100-continue\r\nContent-Length: 316\r\n", envelope)}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            EXPECT_EQ(feed(std::string_view{whole}.substr(0, size), {}, size).end, state::need_more) << size;
            // and goes on from there
            request_parser parser{limits::http_limits{}};
            test::guarded_buffer const front{std::string_view{whole}.substr(0, size)};
            auto const progress = parser.feed(front.view());
            test::guarded_buffer const rest{std::string_view{whole}.substr(progress.consumed)};
            EXPECT_EQ(parser.feed(rest.view()).state, state::complete) << size;
        }
    }
}

TEST(request_parser, any_byte_replaced_leads_to_the_same_end_however_it_arrives)
{
    for (auto whole :
         {get_desc, chunked("1;x=y\r\na\r\n0;\r\nA: b\r\n\r\n"), get_with("Content-Length: 1\r\n") + "x"})
        for (std::size_t at = 0; at < whole.size(); ++at)
            for (char const c : {'\0', '\r', '\n', ' ', ':', ';', '\x7F', '\xFF', '0', 'f', '"'}) {
                char const before = std::exchange(whole[at], c);
                auto const at_once = feed(whole, {}, whole.size());
                auto const in_pieces = feed(whole, {}, 13);
                EXPECT_EQ(at_once.end, in_pieces.end) << whole;
                EXPECT_EQ(at_once.status, in_pieces.status) << whole;
                EXPECT_EQ(at_once.request.body, in_pieces.request.body) << whole;
                whole[at] = before;
            }
}

// ------------------------------------------------------------------------------------------- bad headers

TEST(request_parser, CTRL_21_broken_request_lines)
{
    for (std::string_view const line : {
             "GET"sv,
             "GET "sv,
             "GET /"sv,
             "GET / "sv,
             "GET  / HTTP/1.1"sv,
             "GET /  HTTP/1.1"sv,
             " GET / HTTP/1.1"sv,
             "GET / HTTP/1.1 "sv,
             "GET / HTTP/1.1 x"sv,
             "GET /a b HTTP/1.1"sv,
             "GET\t/\tHTTP/1.1"sv,
             "GET / http/1.1"sv,
             "GET / HTTP/11"sv,
             "GET / HTTP/1"sv,
             "GET / HTTP/1.x"sv,
             "GET / HTTP/1.10"sv,
             "GET / HTTX/1.1"sv,
             "G(T / HTTP/1.1"sv,
             "\"GET\" / HTTP/1.1"sv,
             "\xC3\xA4 / HTTP/1.1"sv,
             "GET /\x7F HTTP/1.1"sv,
             "GET /\x01 HTTP/1.1"sv,
             "GET /\tx HTTP/1.1"sv,
             "SUBSCRIBE HTTP/1.1"sv,
         })
        expect_status(400, std::string{line} + "\r\nHost: x\r\n\r\n");
}

TEST(request_parser, versions_that_are_not_ours)
{
    for (std::string_view const version : {"HTTP/2.0", "HTTP/0.9", "HTTP/3.0", "HTTP/9.9"})
        expect_status(505, "GET / " + std::string{version} + "\r\nHost: x\r\n\r\n");
    expect_status(505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
}

TEST(request_parser, RFC_9110_2_5_a_higher_minor_version_is_understood_as_ours)
{
    for (auto const* version : {"HTTP/1.1", "HTTP/1.2", "HTTP/1.9"}) {
        auto const out = feed("GET / " + std::string{version} + "\r\nHost: x\r\n\r\n");
        EXPECT_EQ(out.end, state::complete) << version;
        EXPECT_EQ(out.request.version, 11u) << version;
    }
    for (auto const* version : {"HTTP/1.10", "HTTP/1.", "HTTP/1.x", "http/1.2", "HTTP/1.2 "})
        expect_status(400, "GET / " + std::string{version} + "\r\nHost: x\r\n\r\n");
}

TEST(request_parser, DESC_08_a_refusal_knows_the_version_and_whether_a_body_may_come)
{
    request_parser old{limits{}.http};
    old.feed("HEAD / HTTP/1.0\r\nCONTENT-LENGTH: x\r\n\r\n");
    EXPECT_EQ(old.status(), 400);
    EXPECT_EQ(old.version(), 10u);
    EXPECT_TRUE(old.is_head());
    request_parser unread{limits{}.http};
    unread.feed("GET / HTTP/1.0\r\nA\tB\0\r\n\r\n"sv);
    EXPECT_EQ(unread.status(), 400);
    EXPECT_EQ(unread.version(), 10u);
    EXPECT_FALSE(unread.is_head());
}

TEST(request_parser, broken_fields)
{
    for (std::string_view const lines : {
             "no colon\r\n"sv,
             ": x\r\n"sv,
             "A : b\r\n"sv,
             "A\t: b\r\n"sv,
             " A: b\r\n"sv,
             "A b: c\r\n"sv,
             "A: b\0c\r\n"sv,
             "A\0: b\r\n"sv,
             "A: b\x01\r\n"sv,
             "A: b\x7F\r\n"sv,
             "A: b\nC: d\r\n"sv,
             "A: b\n\r\n"sv,
             "A: b\rC: d\r\n"sv,
             "A: b\r\r\n"sv,
             "\xC3\xA4: b\r\n"sv,
             "A(: b\r\n"sv,
             "\"A\": b\r\n"sv,
         })
        expect_status(400, get_with(lines));
    expect_status(400, "GET / HTTP/1.1\nHost: x\n\n");
    expect_status(400, "GET / HTTP/1.1\r\nHost: x\n\n");
    expect_status(400, "GET / HTTP/1.1\r\nHost: x\r\n\n");
}

TEST(request_parser, folded_fields)
{
    expect_status(400, get_with("A: b\r\n c\r\n"));
    expect_status(400, get_with("A: b\r\n\tc\r\n"));
    expect_status(400, get_with("A:\r\n b\r\n"));
    expect_status(400, get_with("A: b\r\n \r\n"));
    expect_status(400, "GET / HTTP/1.1\r\n Host: x\r\n\r\n");
    expect_status(400, get_with("Transfer-Encoding:\r\n chunked\r\n"));
}

TEST(request_parser, what_is_no_http_ends_at_once_or_at_the_limit)
{
    expect_status(400, "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"sv); // TLS
    expect_status(431, std::string(100'000, 'x'));
    expect_status(400, std::string(100'000, '\0'));
}

// ------------------------------------------------------------------------------------------------ limits

TEST(request_parser, the_header_has_a_limit)
{
    limits::http_limits bounds;
    bounds.max_header = get_desc.size();
    EXPECT_EQ(feed(get_desc, bounds).end, state::complete);
    bounds.max_header = get_desc.size() - 1;
    expect_status(431, get_desc, bounds);
    expect_status(431, get_with("A: " + std::string(100'000, 'x') + "\r\n"));
    expect_status(431, get_with(std::string(100'000, 'x') + ": a\r\n"));
    expect_status(431, std::string(100'000, 'X') + " / HTTP/1.1\r\n\r\n");
    expect_status(431, "GET / HTTP/1.1" + std::string(100'000, ' '));
}

TEST(request_parser, the_number_of_fields_has_a_limit)
{
    EXPECT_EQ(feed(get_with(repeat("A: b\r\n", 64))).end, state::complete);
    expect_status(431, get_with(repeat("A: b\r\n", 65)));
}

TEST(request_parser, CVE_2020_13848_the_target_has_a_limit)
{
    limits::http_limits bounds;
    bounds.max_target = 100;
    EXPECT_EQ(feed("GET /" + std::string(99, 'x') + " HTTP/1.1\r\n\r\n", bounds).end, state::complete);
    expect_status(414, "GET /" + std::string(100, 'x') + " HTTP/1.1\r\n\r\n", bounds);
    expect_status(414, "GET /" + std::string(100'000, 'x'));
    bounds.max_target = bounds.max_header;
    expect_status(414, "GET /" + std::string(100'000, 'x'), bounds);
}

TEST(request_parser, CTRL_21_the_body_has_a_limit)
{
    limits::http_limits bounds;
    bounds.max_body = 316;
    EXPECT_EQ(feed(with_length(), bounds).end, state::complete);
    EXPECT_EQ(feed(two_chunks(), bounds).end, state::complete);
    bounds.max_body = 315;
    expect_status(413, with_length(), bounds);
    expect_status(413, two_chunks(), bounds);
    bounds.max_body = 4 << 20; // beyond what Beast would take by itself
    auto const large = feed(set_target("Content-Length: 2097152\r\n", std::string(2 << 20, 'x')), bounds);
    ASSERT_EQ(large.end, state::complete);
    EXPECT_EQ(large.request.body.size(), 2u << 20);
    // before any of it arrived
    expect_status(413, set_target("Content-Length: 65537\r\n", ""));
    expect_status(413, set_target("Content-Length: 18446744073709551615\r\n", ""));
    expect_status(413, chunked("10001\r\n"));
    expect_status(413, chunked("FFFFFFFFFFFFFFFF\r\n"));
    expect_status(413, chunked("ffffffff\r\n"));
    expect_status(413, chunked("80000000\r\n"));
    expect_status(413, chunked(repeat("4000\r\n" + std::string(0x4000, 'x') + "\r\n", 4) + "1\r\n"));
}

TEST(request_parser, chunk_overhead_has_a_limit)
{
    limits::http_limits bounds;
    bounds.max_body = 256;
    EXPECT_EQ(feed(chunked(repeat("1\r\nx\r\n", 256) + "0\r\n\r\n"), bounds).end, state::complete);
    EXPECT_EQ(feed(chunked("1;" + std::string(2000, 'x') + "\r\nx\r\n0\r\n\r\n"), bounds).end,
              state::complete);
    expect_status(413, chunked("1;" + std::string(2100, 'x')), bounds);
    expect_status(413, chunked(repeat("1;abcdefghijklmnopqrstuvwxyz\r\nx\r\n", 256) + "0\r\n\r\n"), bounds);
    expect_status(413, chunked(std::string(3000, '0')), bounds);
    expect_status(413, chunked("1" + std::string(3000, ' ')), bounds);
}

TEST(request_parser, the_trailer_has_a_limit)
{
    limits::http_limits bounds;
    bounds.max_header = 400;
    EXPECT_EQ(feed(chunked("0\r\nA: " + std::string(390, 'x') + "\r\n\r\n"), bounds).end, state::complete);
    expect_status(431, chunked("0\r\nA: " + std::string(400, 'x') + "\r\n\r\n"), bounds);
    EXPECT_EQ(feed(chunked("0\r\n" + repeat("A:b\r\n", 64) + "\r\n")).end, state::complete);
    expect_status(431, chunked("0\r\n" + repeat("A:b\r\n", 65) + "\r\n"));
}

// ----------------------------------------------------------------------------------------------- framing

TEST(request_parser, N_20_CTRL_21_a_post_without_length)
{
    expect_status(411, set_target("", ""));
    expect_status(411, "M-POST / HTTP/1.1\r\nHost: x\r\n\r\n");
    expect_status(411, "POST / HTTP/1.0\r\n\r\n");
    EXPECT_EQ(feed("SUBSCRIBE / HTTP/1.1\r\nHost: x\r\n\r\n").end, state::complete);
    EXPECT_EQ(feed(set_target("Content-Length: 0\r\n", "")).end, state::complete); // CVE-2009-2174
}

TEST(request_parser, N_21_DESC_04_length_and_encoding_together)
{
    expect_status(400, set_target("Content-Length: 316\r\nTransfer-Encoding: chunked\r\n", envelope));
    expect_status(400, set_target("Transfer-Encoding: chunked\r\nContent-Length: 316\r\n", envelope));
    expect_status(400, set_target("Transfer-Encoding: \"chunked\"\r\nContent-Length: 316\r\n", envelope));
    expect_status(400, set_target("Transfer-Encoding: gzip\r\nContent-Length: 316\r\n", envelope));
    expect_status(400, set_target("Content-Length: 316\r\nTransfer-Encoding: identity\r\n", envelope));
}

TEST(request_parser, N_21_two_lengths)
{
    expect_status(400, set_target("Content-Length: 316\r\nContent-Length: 317\r\n", envelope));
    expect_status(400, set_target("Content-Length: 316\r\nContent-Length: 316\r\n", envelope));
    expect_status(400, set_target("Content-Length: 316, 316\r\n", envelope));
    expect_status(400, set_target("Content-Length: 316, 317\r\n", envelope));
}

TEST(request_parser, CVE_2015_4141_lengths_that_are_none)
{
    for (std::string_view const length : {"", "-1", "+316", "316x", "0x13C", "3 16", "316;", "\"316\"",
                                          "3.16", ",316", "99999999999999999999999"})
        expect_status(400, set_target("Content-Length: " + std::string{length} + "\r\n", envelope));
}

TEST(request_parser, other_transfer_encodings)
{
    for (std::string_view const coding :
         {"gzip", "identity", "gzip, chunked", "chunked, gzip", "chunked, chunked", "chunked;q=1", "xchunked",
          "chunked ,", "'chunked'", "\"chunked"})
        expect_status(501, set_target("Transfer-Encoding: " + std::string{coding} + "\r\n", "0\r\n\r\n"));
    expect_status(501, set_target("Transfer-Encoding:\r\n", "0\r\n\r\n"));
    expect_status(400,
                  set_target("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"));
    expect_status(400, set_target("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"));
    expect_status(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
}

TEST(request_parser, N_22_CVE_2020_28926_CVE_2023_33476_broken_chunks)
{
    for (std::string_view const chunks : {
             "FFFFFFFFFFFFFFFFF\r\n"sv,
             "10000000000000000\r\n"sv,
             "-1\r\n"sv,
             "+1\r\nx\r\n"sv,
             "0x1\r\nx\r\n"sv,
             "\r\n"sv,
             ";x\r\n"sv,
             " 1\r\nx\r\n"sv,
             "g\r\n"sv,
             "1\nx\r\n"sv,
             "1\r\nxy\r\n"sv,
             "1\r\nx\n0\r\n"sv,
             "1\r\nx0\r\n\r\n"sv,
             "1\r\nx\r0\r\n"sv,
             "1\rx"sv,
             "1 \r\nx\r\n"sv,
             "1 x\r\n"sv,
             "1;a\nb\r\nx\r\n"sv,
             "1;a\0\r\n"sv,
             "1;a\x7F\r\n"sv,
             "1;\"\r\r\n"sv,
             "1,\r\n"sv,
             "0\r\nno colon\r\n\r\n"sv,
             "0\r\n: x\r\n\r\n"sv,
             "0\r\nA : b\r\n\r\n"sv,
             "0\r\nA: b\r\n c\r\n\r\n"sv,
             "0\r\n A: b\r\n\r\n"sv,
             "0\r\nA: b\nC: d\r\n\r\n"sv,
             "0\r\nA: \0\r\n\r\n"sv,
             "0\r\n\rx"sv,
             "0\r\nA: b\r\n\n"sv,
             "0\n\n"sv,
         })
        expect_status(400, chunked(chunks));
}

// ------------------------------------------------------------------------------------------------ Expect

TEST(request_parser, N_24_DESC_15_a_client_that_waits_is_told_to_go_on)
{
    for (std::string_view const value : {"100-continue", "100-Continue", "100-CONTINUE"}) {
        auto const bytes =
            set_target("Expect: " + std::string{value} + "\r\nContent-Length: 316\r\n", envelope);
        auto const header = bytes.size() - envelope.size();
        request_parser parser{limits::http_limits{}};
        auto progress = parser.feed(std::string_view{bytes}.substr(0, header));
        EXPECT_EQ(progress.state, state::need_more);
        EXPECT_EQ(progress.consumed, header);
        EXPECT_TRUE(progress.expects_continue);
        progress = parser.feed(std::string_view{bytes}.substr(header, 10));
        EXPECT_FALSE(progress.expects_continue) << "only once";
        EXPECT_EQ(parser.feed(std::string_view{bytes}.substr(header + 10)).state, state::complete);
        EXPECT_EQ(parser.take().body, envelope);
    }
    EXPECT_EQ(feed(set_target("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", "")).continues, 1u);
}

TEST(request_parser, a_client_that_does_not_wait_is_not_told)
{
    EXPECT_EQ(
        feed(set_target("Expect: 100-continue\r\nContent-Length: 316\r\n", envelope), {}, 10'000).continues,
        0u);
    EXPECT_EQ(feed(get_with("Expect: 100-continue\r\n")).continues, 0u);
    EXPECT_EQ(feed("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n").continues, 0u);
}

TEST(request_parser, other_expectations)
{
    expect_status(417, set_target("Expect: 200-ok\r\nContent-Length: 316\r\n", ""));
    expect_status(417, set_target("Expect: \r\nContent-Length: 316\r\n", ""));
    expect_status(417, set_target("Expect: 100-continue\r\nExpect: x\r\nContent-Length: 316\r\n", ""));
    expect_status(413, set_target("Expect: 100-continue\r\nContent-Length: 65537\r\n", ""));
    EXPECT_EQ(feed("GET / HTTP/1.0\r\nExpect: x\r\n\r\n").end, state::complete);
}

} // namespace
} // namespace onlink
