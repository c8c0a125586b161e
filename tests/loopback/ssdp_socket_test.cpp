// SPDX-License-Identifier: BSL-1.0
#include "support/live_light.hpp"
#include "support/own_namespace.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace onlink::test {
namespace {

/// A turn of the loop takes in so many datagrams at most, whatever waits: net/ssdp_socket.
constexpr std::size_t datagrams_of_a_turn = 16;

TEST(ssdp_socket, a_flood_lets_the_loop_go_on_after_a_few_datagrams)
{
    constexpr std::size_t flood = 3 * datagrams_of_a_turn + 1;
    live_light light{[](host_options& options) { options.limits.ssdp.search_burst = 1000; }};
    light.start();
    for (unsigned turn = 0; turn < 100; ++turn) // its announcements are out
        light.io.poll_one();
    auto& refused = light.watch->refusals;
    refused.clear();

    udp::socket sender{light.io, udp::endpoint{asio::ip::address_v4::loopback(), 0}};
    std::string_view const broken = "M-SEARCH * HTTP/1.1\r\nno field\r\n\r\n";
    for (std::size_t sent = 0; sent < flood; ++sent)
        sender.send_to(asio::buffer(broken), {asio::ip::address_v4::loopback(), 1900});

    std::vector<std::size_t> turns; // what each of them took in
    for (unsigned turn = 0; turn < 1000 && refused.size() < flood; ++turn) {
        auto const before = refused.size();
        light.io.poll_one();
        if (refused.size() != before)
            turns.push_back(refused.size() - before);
    }
    ASSERT_EQ(refused.size(), flood);
    EXPECT_EQ(std::count(refused.begin(), refused.end(), refusal_reason::datagram_malformed), flood);
    EXPECT_EQ(turns, (std::vector<std::size_t>{16, 16, 16, 1}));
}

/// Remembers what was said of datagrams that were not sent.
class recorder_of_unsent final : public recorder {
public:
    void on_refusal(refusal const& r) override
    {
        recorder::on_refusal(r);
        if (r.reason != refusal_reason::datagram_unsent)
            return;
        details.emplace_back(r.detail);
        EXPECT_EQ(r.interface_name, "lo");
        EXPECT_TRUE(r.peer.is_unspecified()) << "nobody asked for a byebye";
    }

    std::vector<std::string> details;
};

TEST(ssdp_socket, what_the_system_does_not_take_is_counted_and_told)
{
    bool const may = in_another_namespace([] {
        constexpr std::size_t set = 4; // UDA 2.0, 1.2.2: 3 + 2d + k, with one service
        switch_loopback(true);
        auto const watch = std::make_shared<recorder_of_unsent>();
        live_light light{[&](host_options& options) { options.watch = watch; }};
        light.start();
        light.run_on();
        EXPECT_EQ(light.host->refusals()[refusal_reason::datagram_unsent], 0U);
        switch_loopback(false); // no way to the group is left for the byebyes
        light.host->stop();
        light.run_until([&] { return watch->details.size() >= set; }, "what is said of the byebyes");
        EXPECT_EQ(light.host->refusals()[refusal_reason::datagram_unsent], set);
        for (auto const& detail : watch->details)
            EXPECT_TRUE(detail.starts_with("239.255.255.250:1900: ")) << detail;
    });
    if (!may)
        GTEST_SKIP() << "needs the right to make a network namespace";
}

} // namespace
} // namespace onlink::test
