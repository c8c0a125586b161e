// SPDX-License-Identifier: BSL-1.0
#include "ssdp/search_request.hpp"

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

using namespace std::chrono_literals;

limits::ssdp_limits const bounds;
constexpr bool to_group = true;
constexpr bool to_us = false;

std::string const host = "HOST: 239.255.255.250:1900\r\n";
std::string const own_host = "HOST: 192.168.20.5:1900\r\n";
std::string const man = "MAN: \"ssdp:discover\"\r\n";
std::string const mx = "MX: 3\r\n";
std::string const st = "ST: ssdp:all\r\n";

result<search_request> read(std::string const& fields, bool multicast = to_group)
{
    auto const datagram = "M-SEARCH * HTTP/1.1\r\n" + fields + "\r\n";
    auto const message = ssdp_message::parse(datagram, bounds.max_headers);
    EXPECT_TRUE(message) << fields;
    return search_request::parse(message.value(), multicast, bounds);
}

TEST(search_request, SSDP_44_a_multicast_search_has_HOST_MAN_MX_and_ST)
{
    auto const request = read(host + man + mx + st);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->target, search_target{search_all{}});
    for (auto const& incomplete : {man + mx + st, host + mx + st, host + man + st, host + man + mx})
        EXPECT_EQ(read(incomplete).error(), errc::missing) << incomplete;
}

TEST(search_request, SSDP_44_a_unicast_search_has_no_MX_and_one_that_is_there_is_ignored)
{
    EXPECT_TRUE(read(own_host + man + st, to_us));
    for (std::string const any : {"MX: 120\r\n", "MX: 0\r\n", "MX: x\r\n", "MX:\r\n", "MX: 1\r\nMX: 2\r\n"}) {
        auto const request = read(own_host + man + any + st, to_us);
        ASSERT_TRUE(request) << any;
        EXPECT_EQ(request->window, bounds.unicast_answer_window);
    }
    for (auto const& incomplete : {man + st, own_host + st, own_host + man})
        EXPECT_EQ(read(incomplete, to_us).error(), errc::missing) << incomplete;
}

TEST(search_request, N_04_SSDP_45_man_keeps_its_quotes)
{
    for (std::string const bad :
         {"ssdp:discover", "\"ssdp:discover", "ssdp:discover\"", "'ssdp:discover'", "\"SSDP:discover\"",
          "\"ssdp:discover \"", "\"ssdp:all\"", "\"\"", "", "\"ssdp:discover\"; ns=01"}) {
        EXPECT_EQ(read(host + "MAN: " + bad + "\r\n" + mx + st).error(), errc::malformed) << bad;
        EXPECT_EQ(read(own_host + "MAN: " + bad + "\r\n" + st, to_us).error(), errc::malformed) << bad;
    }
    EXPECT_EQ(read(host + man + man + mx + st).error(), errc::missing) << "doubled";
}

TEST(search_request, N_01_SSDP_46_a_multicast_search_without_MX_is_refused)
{
    EXPECT_EQ(read(host + man + st).error(), errc::missing);
    EXPECT_EQ(read(host + man + mx + mx + st).error(), errc::missing);
}

TEST(search_request, N_02_SSDP_46_MX_is_an_integer_of_at_least_1)
{
    for (std::string const bad :
         {"0", "00", "-1", "+1", "abc", "", "1.5", "1 2", "0x1", "3s", "1,2", "\xd9\xa3"})
        EXPECT_EQ(read(host + man + "MX: " + bad + "\r\n" + st).error(), errc::malformed) << bad;
    for (std::string const good : {"1", "01", "2", "5"})
        EXPECT_TRUE(read(host + man + "MX: " + good + "\r\n" + st)) << good;
}

TEST(search_request, N_03_SSDP_47_limits_ssdp_max_mx_a_larger_MX_counts_as_that)
{
    for (std::string const large : {"6", "120", "4294967295", "4294967296", "99999999999",
                                    "184467440737095516170", "00000000000000000000000000000000120"}) {
        auto const request = read(host + man + "MX: " + large + "\r\n" + st);
        ASSERT_TRUE(request) << large;
        EXPECT_LE(request->window, bounds.max_mx) << large;
        EXPECT_GT(request->window, bounds.max_mx / 2) << large;
    }
    auto const huge = read(host + man + "MX: " + std::string(1000, '9') + "\r\n" + st);
    ASSERT_TRUE(huge);
    EXPECT_LE(huge->window, bounds.max_mx);
}

TEST(search_request, SSDP_48_the_window_lies_within_MX)
{
    for (int seconds = 1; seconds <= 5; ++seconds) {
        auto const request = read(host + man + "MX: " + std::to_string(seconds) + "\r\n" + st);
        ASSERT_TRUE(request);
        EXPECT_GT(request->window, 0s);
        EXPECT_LT(request->window, std::chrono::seconds{seconds}) << "time is left for the way back";
    }
}

TEST(search_request, SSDP_50_a_unicast_search_is_answered_within_a_second)
{
    auto const request = read(own_host + man + st, to_us);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->window, bounds.unicast_answer_window);
    EXPECT_LT(request->window, 1s);
}

TEST(search_request, SSDP_10_HOST_names_the_group_with_port_1900_or_none)
{
    for (std::string const good :
         {"239.255.255.250:1900", "239.255.255.250", "[FF02::C]:1900", "[ff02::c]", "[FF05::C]:1900"})
        EXPECT_TRUE(read("HOST: " + good + "\r\n" + man + mx + st)) << good;
}

TEST(search_request, SSDP_44_another_HOST_in_a_multicast_search_is_refused)
{
    for (std::string const bad :
         {"", "239.255.255.250:1901", "239.255.255.250:", "239.255.255.250:01900", "239.255.255.250:19000",
          "239.255.255.2500", "239.255.255.246:1900", "192.168.20.5:1900", "239.255.255.250.evil.example",
          "localhost", "[FF02::C", "[FF02::C]:80", "FF02::C:1900", "[FF02::130]:1900"})
        EXPECT_EQ(read("HOST: " + bad + "\r\n" + man + mx + st).error(), errc::malformed) << bad;
    EXPECT_EQ(read(host + host + man + mx + st).error(), errc::missing) << "doubled";
}

TEST(search_request, N_06_SSDP_51_a_target_of_nobody_is_refused)
{
    for (std::string const bad : {"", "urn:schemas-upnp-org:service:SwitchPower:",
                                  "urn:schemas-upnp-org:service:SwitchPower:01x", "anything"}) {
        EXPECT_EQ(read(host + man + mx + "ST: " + bad + "\r\n").error(), errc::malformed) << bad;
        EXPECT_EQ(read(own_host + man + "ST: " + bad + "\r\n", to_us).error(), errc::malformed) << bad;
    }
    EXPECT_EQ(read(host + man + mx).error(), errc::missing);
    EXPECT_EQ(read(host + man + mx + st + st).error(), errc::missing) << "doubled";
}

TEST(search_request, VER_09_SSDP_61_fields_of_UDA_2_0_are_neither_needed_nor_in_the_way)
{
    EXPECT_TRUE(read(
        host + man + mx + st +
        "USER-AGENT: OS/1 UPnP/2.0 CP/1\r\nCPFN.UPNP.ORG: Anna's phone\r\nCPUUID.UPNP.ORG: nonsense\r\n"));
}

TEST(search_request, SSDP_60_TCPPORT_is_one_of_the_dynamic_ports)
{
    for (auto const& [text, port] :
         {std::pair{"49152", 49152}, {"50200", 50200}, {"0050200", 50200}, {"65535", 65535}}) {
        auto const request = read(host + man + mx + st + "TCPPORT.UPNP.ORG: " + text + "\r\n");
        ASSERT_TRUE(request) << text;
        EXPECT_EQ(request->tcp_port, port) << text;
    }
}

TEST(search_request, N_13_SSDP_60_any_other_TCPPORT_is_as_if_it_were_not_there)
{
    for (std::string const port :
         {"80", "49151", "65536", "0", "x", "", "-50200", "50200 ", "50200x", "4294967296"}) {
        auto const request = read(host + man + mx + st + "TCPPORT.UPNP.ORG: " + port + "\r\n");
        ASSERT_TRUE(request) << port;
        EXPECT_EQ(request->tcp_port, port == "50200 " ? std::optional<std::uint16_t>{50200} : std::nullopt);
    }
    auto const twice = "TCPPORT.UPNP.ORG: 50200\r\nTCPPORT.UPNP.ORG: 50200\r\n";
    EXPECT_EQ(read(host + man + mx + st + twice)->tcp_port, std::nullopt);
    EXPECT_EQ(read(own_host + man + st + "TCPPORT.UPNP.ORG: 50200\r\n", to_us)->tcp_port, std::nullopt)
        << "a unicast search is answered where it came from";
}

TEST(search_request, SSDP_47_limits_ssdp_answer_margin_and_half_of_MX_bound_the_window)
{
    struct row {
        int mx;
        std::chrono::milliseconds margin;
        std::chrono::milliseconds window;
    };
    for (auto const& [seconds, margin, window] :
         {row{1, 1000ms, 500ms}, row{2, 1000ms, 1000ms}, row{3, 1000ms, 2000ms}, row{5, 1000ms, 4000ms},
          row{9, 1000ms, 4000ms}, row{3, 0ms, 3000ms}, row{3, 5000ms, 1500ms}}) {
        auto changed = bounds;
        changed.answer_margin = margin;
        auto const text =
            "M-SEARCH * HTTP/1.1\r\n" + host + man + "MX: " + std::to_string(seconds) + "\r\n" + st + "\r\n";
        auto const message = ssdp_message::parse(text, 32);
        ASSERT_TRUE(message);
        EXPECT_EQ(search_request::parse(*message, true, changed)->window, window) << seconds;
    }
}

} // namespace
} // namespace onlink
