// SPDX-License-Identifier: BSL-1.0
// Memory runs out in every place, one after the other, while a real host serves real sockets: whoever is
// served in that moment may lose an answer; the next one is served as ever, by the same host. A program of
// its own, as it links heap.cpp.
#include "support/heap.hpp"
#include "support/inside_library.hpp"
#include "support/live_light.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t stride = 11;
#else
constexpr std::uint64_t stride = 1;
#endif

/// A light whose loop runs only within poll(), so that all that it allocates there is the library's; the
/// peers' ends are plain sockets.
struct memory_shortage : testing::Test {
    memory_shortage()
        : light([](host_options& options) {
              auto& e = options.limits.eventing;
              e.max_subscriptions = e.max_subscriptions_per_peer = e.max_subscriptions_per_target =
                  e.max_subscriptions_per_endpoint = 100000;
              e.notify_connect_burst = 100000;
              e.retry_pause = 0ms;
              options.limits.ssdp.search_burst = options.limits.ssdp.answer_burst = 1000000;
              options.limits.ssdp.total_answer_burst = 1000000;
              options.limits.ssdp.unicast_answer_window = 1ms;
              options.policies.initial_event_delay = 0ms;
              options.watch = nullptr;
          }),
          acceptor(light.io, {asio::ip::address_v4::loopback(), 0}),
          searcher(light.io, {asio::ip::address_v4::loopback(), 0})
    {
        light.start();
        acceptor.non_blocking(true);
        searcher.non_blocking(true);
    }
    ~memory_shortage() override { heap::stop_failing(); }

    void poll()
    {
        library_call const inside;
        light.io.restart();
        light.io.run_for(1ms);
    }

    /// What comes until the other end closes, or is a whole message; or until patience is over.
    std::string hear(tcp::socket& socket, int patience)
    {
        std::string all;
        for (int turn = 0; turn < patience; ++turn) {
            poll();
            char chunk[4096];
            boost::system::error_code ec;
            auto const size = socket.read_some(asio::buffer(chunk), ec);
            all.append(chunk, size);
            if ((ec && ec != asio::error::would_block) || live_light::complete(all))
                break;
        }
        return all;
    }

    std::string ask(std::string const& request, int patience)
    {
        auto socket = light.connect();
        asio::write(socket, asio::buffer(request));
        return hear(socket, patience);
    }

    /// Whether an event came.
    bool hear_event(int patience)
    {
        for (int turn = 0; turn < patience; ++turn) {
            poll();
            tcp::socket socket{light.io};
            boost::system::error_code ec;
            acceptor.accept(socket, ec);
            if (ec)
                continue;
            socket.non_blocking(true);
            auto const event = hear(socket, patience);
            asio::write(socket,
                        asio::buffer(std::string_view{"HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n"}), ec);
            poll();
            if (event.starts_with("NOTIFY "))
                return true;
        }
        return false;
    }

    /// Whether a search was answered.
    bool search(int patience)
    {
        std::string const message =
            "M-SEARCH * HTTP/1.1\r\nHOST: 127.0.0.1:1900\r\nMAN: \"ssdp:discover\"\r\n"
            "ST: upnp:rootdevice\r\n\r\n";
        searcher.send_to(asio::buffer(message), {asio::ip::address_v4::loopback(), 1900});
        for (int turn = 0; turn < patience; ++turn) {
            poll();
            char chunk[2048];
            boost::system::error_code ec;
            if (searcher.receive(asio::buffer(chunk), 0, ec) != 0)
                return true;
        }
        return false;
    }

    /// Everything that a control point does, with so much patience for each; how much of it worked.
    unsigned do_everything(int patience)
    {
        unsigned worked = 0;
        worked += search(patience);
        worked += ask(light.get("/desc.xml"), patience).starts_with("HTTP/1.1 200 ");
        on = !on;
        auto const target = "<newTargetValue>" + std::to_string(on) + "</newTargetValue>";
        worked += ask(light.post("SetTarget", target), patience).starts_with("HTTP/1.1 200 ");
        worked += ask(light.post("SetTarget", target), patience).starts_with("HTTP/1.1 200 ");
        worked += ask(light.post("Hurry", ""), patience).starts_with("HTTP/1.1 200 ");
        auto const callback = "<http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/>";
        auto const granted = ask(light.subscribe(callback), patience);
        worked += granted.starts_with("HTTP/1.1 200 ");
        worked += hear_event(patience);
        if (auto const sid = granted.find("SID: "); sid != granted.npos)
            worked += ask("UNSUBSCRIBE /event HTTP/1.1\r\nHOST: " + light.authority() +
                              "\r\nSID: " + granted.substr(sid + 5, 41) + "\r\n\r\n",
                          patience)
                          .starts_with("HTTP/1.1 200 ");
        return worked;
    }
    static constexpr unsigned everything = 8;

    void run_short_of_memory(std::uint64_t count)
    {
        ASSERT_EQ(do_everything(2000), everything);
        std::uint64_t first = 0;
        for (bool failed = true; failed; first += stride) {
            heap::fail(first, count);
            do_everything(20);
            failed = heap::has_failed();
            heap::stop_failing();
            while (hear_event(3)) {
            } // what is late
            ASSERT_EQ(do_everything(2000), everything) << "after allocation " << first;
        }
        EXPECT_GT(first, 50U) << "it did something";
        for (int turn = 0; turn < 3000 && light.host->snapshot().connections != 0; ++turn)
            poll();
        auto const now = light.host->snapshot();
        EXPECT_EQ(now.connections, 0U) << "sessions are lost";
        EXPECT_EQ(now.running_actions, 0U) << "places are lost";
    }

    live_light light;
    tcp::acceptor acceptor;
    udp::socket searcher;
    bool on = false;
};

TEST_F(memory_shortage, of_one_allocation_costs_one_answer_at_most) { run_short_of_memory(1); }

TEST_F(memory_shortage, of_twenty_in_a_row_is_survived) { run_short_of_memory(20); }

} // namespace
} // namespace onlink::test
