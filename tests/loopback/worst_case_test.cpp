// SPDX-License-Identifier: BSL-1.0
// Everything that limits allow, taken at once by peers with real sockets: the host stays below
// limits::worst_case_bytes(). A program of its own, as it links heap.cpp.
#include "support/heap.hpp"
#include "support/live_light.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <unistd.h>

namespace onlink::test {
namespace {

/// Of this process, in memory at the moment.
std::size_t resident_bytes()
{
    std::ifstream statm{"/proc/self/statm"};
    std::size_t pages = 0;
    statm >> pages >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// The n-th neighbour of a light on loopback.
asio::ip::address_v4 neighbour(std::size_t n)
{
    return asio::ip::address_v4{static_cast<std::uint32_t>(0x7f000002 + n)};
}

struct worst_case : testing::Test {
    explicit worst_case()
        : bounds(limits::small()), light([this](host_options& options) {
              bounds.control.action_deadline = 25s;
              bounds.eventing.give_way_after = 30s;
              options.limits = bounds;
              options.limits.ssdp.search_burst = options.limits.ssdp.answer_burst =
                  options.limits.ssdp.total_answer_burst = 100000;
              options.watch = nullptr;
              options.policies.initial_event_delay = 0ms;
              options.web.folders = {{"/files/", folder.path().string()}};
          })
    {
        std::ofstream{folder.path() / "large", std::ios::binary} << std::string(16 << 20, 'x');
        light.wait_action = 60s;
        light.start();
        light.io.run_for(300ms); // the announcements
    }

    tcp::socket connect(std::size_t from)
    {
        tcp::socket socket{light.io, {neighbour(from), 0}};
        socket.connect({asio::ip::address_v4::loopback(), light.port});
        socket.non_blocking(true);
        return socket;
    }
    void run(std::chrono::milliseconds how_long)
    {
        light.io.restart();
        light.io.run_for(how_long);
    }
    std::string ask(std::size_t from, std::string const& request)
    {
        auto socket = connect(from);
        return light.exchange(socket, request);
    }
    std::string with_body_of(std::string request, std::size_t size) const
    {
        auto const at = request.find("CONTENT-LENGTH: ") + 16;
        auto const end = request.find("\r\n", at);
        auto const had = std::stoul(request.substr(at, end - at));
        request.replace(at, end - at, std::to_string(size));
        return request + std::string(size - had, ' ');
    }

    temporary_folder folder;
    limits bounds;
    live_light light;
};

TEST_F(worst_case, everything_taken_at_once_stays_below_what_limits_say)
{
    auto const& e = bounds.eventing;
    auto const idle = heap::live_bytes();
    auto const resident = resident_bytes();
    heap::forget_peak();

    // Who takes connections, and reads nothing.
    tcp::acceptor hole{light.io, {asio::ip::address_v4::any(), 0}};
    std::string const port = std::to_string(hole.local_endpoint().port());
    std::size_t subscribed = 0;
    for (; subscribed < e.max_subscriptions; ++subscribed) {
        std::string callbacks;
        for (std::size_t url = 0; url < e.max_callbacks; ++url) {
            auto const target = neighbour(64 + subscribed * e.max_callbacks + url).to_string();
            auto const start = "<http://" + target + ":" + port + "/";
            callbacks += start + std::string(e.max_callback_length + 1 - start.size(), 'p') + ">";
        }
        auto const answer = ask(subscribed / e.max_subscriptions_per_peer, light.subscribe(callbacks));
        ASSERT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
    }
    bool on = false;
    for (std::size_t change = 0; change < 2 * e.max_queued_events; ++change) {
        light.power.state().set("Status", on = !on);
        run(20ms);
    }

    // Actions whose callers hang up.
    for (std::size_t i = 0; i < bounds.control.max_running; ++i) {
        auto socket = connect(i);
        asio::write(socket, asio::buffer(with_body_of(light.post("Wait", ""), bounds.http.max_body)));
        light.run_until([&] { return light.host->snapshot().running_actions == i + 1; }, "a running action");
    }
    run(50ms);

    // Downloads that nobody reads, in the place of some connections; the rest sends all but the last byte.
    std::vector<tcp::socket> peers;
    for (std::size_t i = 0; i < bounds.http.max_connections; ++i) {
        peers.push_back(connect(i % (bounds.http.max_connections / bounds.http.max_connections_per_peer)));
        if (i < bounds.http.max_transfers) {
            asio::write(peers.back(), asio::buffer(light.get("/files/large")));
        } else {
            auto request = with_body_of(light.post("SetTarget", ""), bounds.http.max_body);
            auto const end = request.find("\r\n\r\n");
            request.insert(end, "\r\nX: " + std::string(bounds.http.max_header - end - 16, 'h'));
            request.pop_back();
            asio::write(peers.back(), asio::buffer(request));
        }
        run(20ms);
    }

    // Searches that wait.
    std::vector<udp::socket> searchers;
    for (std::size_t i = 0; i < bounds.ssdp.max_pending_searches; ++i) {
        searchers.emplace_back(light.io, udp::endpoint{neighbour(i), 0});
        std::string const message =
            "M-SEARCH * HTTP/1.1\r\nHOST: 127.0.0.1:1900\r\nMAN: \"ssdp:discover\"\r\n"
            "ST: ssdp:all\r\n\r\n";
        searchers.back().send_to(asio::buffer(message), {asio::ip::address_v4::loopback(), 1900});
    }
    run(50ms);

    auto const now = light.host->snapshot();
    EXPECT_EQ(now.connections, bounds.http.max_connections);
    EXPECT_EQ(now.running_actions, bounds.control.max_running);
    EXPECT_EQ(now.running_transfers, bounds.http.max_transfers);
    EXPECT_EQ(now.subscriptions, e.max_subscriptions);
    EXPECT_EQ(now.queued_events, e.max_subscriptions * e.max_queued_events);
    EXPECT_EQ(now.deliveries_under_way, e.max_deliveries / 2) << "all that doubtful subscribers may have";

    auto const ceiling = bounds.worst_case_bytes(256);
    auto const peak = heap::peak_bytes() - idle; // the peers of this test among it
    std::printf("  worst case of limits::small(): %zu bytes by the limits, %zu reached", ceiling, peak);
    EXPECT_LE(peak, ceiling);
    EXPECT_GT(peak, ceiling / 8) << "it did take it";
#ifdef __SANITIZE_ADDRESS__
    (void)resident;
    std::printf("\n");
#else
    auto const grown = resident_bytes() - std::min(resident, resident_bytes());
    std::printf(", the process grew by %zu\n", grown);
    EXPECT_LE(grown, ceiling);
#endif
}

} // namespace
} // namespace onlink::test
