// SPDX-License-Identifier: BSL-1.0
#include "http/request_guard.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

endpoint at(char const* host, std::uint16_t port) { return {boost::asio::ip::make_address(host), port}; }

http_request request(std::initializer_list<std::string_view> hosts, unsigned version = 11,
                     std::string_view target = "/desc.xml")
{
    http_request r;
    r.method = http_method::get;
    r.target = target;
    r.version = version;
    for (auto const host : hosts)
        r.fields.add("Host", host);
    return r;
}

/// 0 if the request may pass.
int verdict(http_request const& r, endpoint const& local)
{
    auto const refusal = check_host(r, local);
    if (!refusal)
        return 0;
    EXPECT_EQ(refusal->reason, refusal_reason::host_header);
    return refusal->status;
}

auto const lamp = at("192.168.20.5", 49300);

TEST(request_guard, DESC_16_accepts_exactly_the_own_address)
{
    EXPECT_EQ(verdict(request({"192.168.20.5:49300"}), lamp), 0);
    EXPECT_EQ(verdict(request({"192.168.20.5:80"}), at("192.168.20.5", 80)), 0);
    EXPECT_EQ(verdict(request({"192.168.20.5"}), at("192.168.20.5", 80)), 0);
    EXPECT_EQ(verdict(request({"192.168.20.5"}), lamp), 421);
}

TEST(request_guard, IP_30_compares_ipv6_by_value)
{
    auto const local = at("fe80::1%2", 49300);
    EXPECT_EQ(verdict(request({"[fe80::1]:49300"}), local), 0);
    EXPECT_EQ(verdict(request({"[FE80:0:0::0:1]:49300"}), local), 0);
    EXPECT_EQ(verdict(request({"[fe80::1]"}), at("fe80::1", 80)), 0);
    EXPECT_EQ(verdict(request({"[fe80::2]:49300"}), local), 421);
    EXPECT_EQ(verdict(request({"[fe80::1]"}), local), 421);
    EXPECT_EQ(verdict(request({"fe80::1"}), local), 400);
    EXPECT_EQ(verdict(request({"[fe80::1%252]:49300"}), local), 400);
}

TEST(request_guard, CVE_2021_29462_CVE_2021_33516_refuses_rebound_names)
{
    for (std::string_view const host :
         {"evil.example:49300", "evil.example", "localhost:49300", "8.8.8.8", "8.8.8.8:49300",
          "127.0.0.1:49300", "192.168.20.5:49301", "192.168.20.5:1", "[::ffff:c0a8:1405]:49300",
          "192.168.20.5.evil.example:49300", "192.168.20.5.evil.example", "0xc0a81405:49300",
          "3232240645:49300", "192.168.5125:49300", "lamp:49300"})
        EXPECT_EQ(verdict(request({host}), lamp), 421) << host;
}

TEST(request_guard, N_14_refuses_what_is_no_host)
{
    EXPECT_EQ(verdict(request({}), lamp), 400);
    for (std::string_view const host :
         {"", " ", ":49300", "192.168.20.5:", "192.168.20.5:x", "192.168.20.5:0", "192.168.20.5:49300:49300",
          "192.168.20.5:114836", "192.168.20.5:49300/", "192.168.20.5:49300/x", "192.168.20.5:49300?x",
          "192.168.20.5:49300#x", "user@192.168.20.5:49300", "192.168.20.5:49300, 192.168.20.5:49300",
          "192.168.20.5 :49300", "192.168.20.5\\@evil:49300", "[192.168.20.5]:49300", "evil.example/",
          "http://192.168.20.5:49300"})
        EXPECT_EQ(verdict(request({host}), lamp), 400) << host;
}

TEST(request_guard, DESC_16_refuses_a_doubled_host)
{
    EXPECT_EQ(verdict(request({"192.168.20.5:49300", "192.168.20.5:49300"}), lamp), 400);
    EXPECT_EQ(verdict(request({"192.168.20.5:49300", "evil.example"}, 10), lamp), 400);
}

TEST(request_guard, N_15_http_1_0_may_do_without_but_not_lie)
{
    EXPECT_EQ(verdict(request({}, 10), lamp), 0);
    EXPECT_EQ(verdict(request({"192.168.20.5:49300"}, 10), lamp), 0);
    EXPECT_EQ(verdict(request({"evil.example:49300"}, 10), lamp), 421);
}

TEST(request_guard, an_absolute_target_has_to_name_this_server_too)
{
    std::string_view const host = "192.168.20.5:49300";
    EXPECT_EQ(verdict(request({host}, 11, "http://192.168.20.5:49300/desc.xml"), lamp), 0);
    EXPECT_EQ(verdict(request({host}, 11, "HTTP://192.168.20.5:49300"), lamp), 0);
    EXPECT_EQ(verdict(request({host}, 11, "http://evil.example:49300/desc.xml"), lamp), 421);
    EXPECT_EQ(verdict(request({host}, 11, "http://192.168.20.5/desc.xml"), lamp), 421);
    EXPECT_EQ(verdict(request({host}, 11, "https://192.168.20.5:49300/desc.xml"), lamp), 400);
    EXPECT_EQ(verdict(request({host}, 11, "192.168.20.5:49300"), lamp), 400);
    EXPECT_EQ(verdict(request({host}, 11, "http://"), lamp), 400);
    EXPECT_EQ(verdict(request({host}, 11, "desc.xml"), lamp), 400);
    EXPECT_EQ(verdict(request({"evil.example"}, 11, "http://192.168.20.5:49300/desc.xml"), lamp), 421);
    EXPECT_EQ(verdict(request({}, 10, "http://evil.example/"), lamp), 421);
    EXPECT_EQ(verdict(request({host}, 11, "*"), lamp), 0);
}

int origin_verdict(std::vector<std::string_view> const& origins, http_method method = http_method::post,
                   endpoint const& at = lamp)
{
    http_request r;
    r.method = method;
    for (auto const origin : origins)
        r.fields.add("Origin", origin);
    auto const refused = check_origin(r, at);
    EXPECT_TRUE(!refused || refused->reason == refusal_reason::origin_foreign);
    return refused ? refused->status : 0;
}

TEST(request_guard, ORIGIN_of_this_very_server_or_of_no_page_passes)
{
    EXPECT_EQ(origin_verdict({}), 0);
    EXPECT_EQ(origin_verdict({"http://192.168.20.5:49300"}), 0);
    EXPECT_EQ(origin_verdict({"HTTP://192.168.20.5:49300"}), 0);
}

TEST(request_guard, ORIGIN_of_another_server_is_403_for_all_that_may_change_something)
{
    for (auto const method : {http_method::post, http_method::m_post, http_method::subscribe,
                              http_method::unsubscribe, http_method::other}) {
        for (std::string_view const origin :
             {"null", "", "http://192.168.20.5", "http://192.168.20.6:49300", "http://evil.example:49300",
              "http://192.168.20.5.evil.example:49300", "https://192.168.20.5:49300",
              "http://192.168.20.5:49300/", "http://u@192.168.20.5:49300",
              "http://[::ffff:192.168.20.5]:49300"})
            EXPECT_EQ(origin_verdict({origin}, method), 403) << origin;
        EXPECT_EQ(origin_verdict({"http://192.168.20.5:49300", "http://192.168.20.5:49300"}, method), 403);
    }
    for (auto const method : {http_method::get, http_method::head})
        EXPECT_EQ(origin_verdict({"http://evil.example"}, method), 0);
}

} // namespace
} // namespace onlink
