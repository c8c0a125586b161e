// SPDX-License-Identifier: BSL-1.0
// Port 1900, and who else has it.
#include "support/live_light.hpp"
#include "support/own_namespace.hpp"

#include <boost/asio/ip/multicast.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#ifdef __linux__

namespace onlink::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

/// Where unicast searches go, as the exposure has it.
std::uint16_t search_port(device_host const& host)
{
    for (auto const& where : host.exposure())
        if (where.function == exposed_function::discovery)
            return where.port;
    return 0;
}

/// The answers to one search, sent there.
std::vector<std::string> answers(live_light& light, char const* to, std::uint16_t port)
{
    udp::socket asker{light.io, udp::endpoint{asio::ip::address_v4::loopback(), 0}};
    asker.non_blocking(true);
    asker.set_option(asio::ip::multicast::outbound_interface{asio::ip::address_v4::loopback()});
    std::string const search =
        "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n"
        "MX: 1\r\nST: upnp:rootdevice\r\n\r\n";
    asker.send_to(asio::buffer(search), {asio::ip::make_address(to), port});
    std::vector<std::string> all;
    for (unsigned turn = 0; turn < 300 && all.empty(); ++turn) {
        light.io.run_for(5ms);
        std::array<char, 2048> buffer{};
        boost::system::error_code ec;
        if (auto const size = asker.receive(asio::buffer(buffer), 0, ec); !ec)
            all.emplace_back(buffer.data(), size);
    }
    return all;
}

TEST(search_port, SSDP_23_where_port_1900_is_taken_unicast_searches_go_to_another)
{
    bool const may = in_another_namespace([] {
        switch_loopback(true);
        asio::io_context other;
        udp::socket alone{other}; // without SO_REUSEADDR
        alone.open(udp::v4());
        alone.bind({asio::ip::address_v4::loopback(), 1900});

        live_light light;
        light.start();
        auto const port = search_port(*light.host);
        EXPECT_GE(port, 49152);
        auto const told = HasSubstr("\r\nSEARCHPORT.UPNP.ORG: " + std::to_string(port) + "\r\n");
        EXPECT_THAT(answers(light, "127.0.0.1", port), ElementsAre(told));
        EXPECT_THAT(answers(light, "239.255.255.250", 1900), ElementsAre(told))
            << "the group is heard as ever";
    });
    if (!may)
        GTEST_SKIP() << "needs root, for a network namespace of its own";
}

TEST(search_port, SSDP_23_where_somebody_has_all_of_port_1900_the_group_is_told_to_be_out_of_reach)
{
    bool const may = in_another_namespace([] {
        switch_loopback(true);
        asio::io_context other;
        udp::socket alone{other};
        alone.open(udp::v4());
        alone.bind({asio::ip::address_v4::any(), 1900});

        live_light light{[](host_options& o) { o.limits.interfaces.retry_period = std::chrono::seconds{1}; }};
        light.start();
        EXPECT_THAT(answers(light, "127.0.0.1", search_port(*light.host)), testing::SizeIs(1));
        EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::endpoint_unavailable));

        alone.close(); // and when it is gone, the group is heard
        std::vector<std::string> heard;
        for (unsigned turn = 0; turn < 5 && heard.empty(); ++turn)
            heard = answers(light, "239.255.255.250", 1900);
        EXPECT_THAT(heard, testing::SizeIs(1));
    });
    if (!may)
        GTEST_SKIP() << "needs root, for a network namespace of its own";
}

TEST(search_port, SSDP_62_port_1900_is_shared_with_programs_that_share_it)
{
    bool const may = in_another_namespace([] {
        switch_loopback(true);
        asio::io_context other;
        udp::socket neighbour{other};
        neighbour.open(udp::v4());
        neighbour.set_option(udp::socket::reuse_address{true});
        neighbour.bind({asio::ip::address_v4::any(), 1900});

        live_light light;
        light.start();
        EXPECT_EQ(search_port(*light.host), 1900);
        EXPECT_THAT(answers(light, "127.0.0.1", 1900), testing::SizeIs(1));
        EXPECT_THAT(answers(light, "239.255.255.250", 1900), testing::SizeIs(1));
    });
    if (!may)
        GTEST_SKIP() << "needs root, for a network namespace of its own";
}

} // namespace
} // namespace onlink::test

#endif
