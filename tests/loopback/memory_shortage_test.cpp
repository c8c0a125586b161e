// SPDX-License-Identifier: BSL-1.0
// Memory runs out in every place, one after the other, while a real host serves real sockets: whoever is
// served in that moment may lose an answer; the next one is served as ever, by the same host. A program of
// its own, as it links heap.cpp.
#include "base/time.hpp"
#include "support/heap.hpp"
#include "support/inside_library.hpp"
#include "support/live_light.hpp"
#include "support/own_namespace.hpp"

#include <boost/asio/ip/multicast.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

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
    struct settings {
        bool starts = true;
    };

    memory_shortage() : memory_shortage(settings{}) {}
    explicit memory_shortage(settings how)
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
              options.limits.interfaces.retry_period = 1s;
              options.limits.interfaces.poll_period = 1s;
              options.limits.interfaces.read_gap = 1ms;
              options.watch = nullptr;
          }),
          acceptor(light.io, {asio::ip::address_v4::loopback(), 0}),
          searcher(light.io, {asio::ip::address_v4::loopback(), 0})
    {
        if (how.starts)
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
            event = hear(socket, patience);
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
            if (is_found())
                return true;
        }
        return false;
    }

    /// Whether an answer to a search is there.
    bool is_found()
    {
        char chunk[2048];
        boost::system::error_code ec;
        return searcher.receive(asio::buffer(chunk), 0, ec) != 0;
    }

    /// Whether a search at the group was answered; it is repeated.
    bool finds_by_multicast(int patience)
    {
        std::string const message =
            "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\n"
            "ST: upnp:rootdevice\r\n\r\n";
        searcher.set_option(asio::ip::multicast::outbound_interface{asio::ip::address_v4::loopback()});
        for (int turn = 0; turn < patience; ++turn) {
            if (turn % 100 == 0)
                searcher.send_to(asio::buffer(message), {asio::ip::make_address_v4("239.255.255.250"), 1900});
            poll();
            if (is_found())
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
        if (auto const sid = granted.find("SID: "); sid != granted.npos) {
            auto const goodbye = "UNSUBSCRIBE /event HTTP/1.1\r\nHOST: " + light.authority() +
                                 "\r\nSID: " + granted.substr(sid + 5, 41) + "\r\n\r\n";
            if (ask(goodbye, patience).starts_with("HTTP/1.1 200 "))
                ++worked;
            else
                unheard.push_back(goodbye);
        }
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
            for (auto const& goodbye : std::exchange(unheard, {}))
                ask(goodbye, 2000); // or all that was ever left behind would be sent each event from now on
            ASSERT_EQ(do_everything(2000), everything) << "after allocation " << first;
        }
        EXPECT_GT(first, 50U + stride) << "it did something";
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
    std::string event;                ///< the last one
    std::vector<std::string> unheard; ///< cancellations that were not answered
};

TEST_F(memory_shortage, of_one_allocation_costs_one_answer_at_most) { run_short_of_memory(1); }

TEST_F(memory_shortage, of_twenty_in_a_row_is_survived) { run_short_of_memory(20); }

TEST_F(memory_shortage, at_a_change_of_state_is_made_up_for_a_little_later_or_shown_by_SEQ)
{
    auto const callback = "<http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()) + "/>";
    ASSERT_TRUE(ask(light.subscribe(callback), 2000).starts_with("HTTP/1.1 200 "));
    ASSERT_TRUE(hear_event(2000));
    auto const change = [&] {
        on = !on;
        light.power.state().set("Status", on);
    };
    unsigned seq = 0;
    std::uint64_t first = 0;
    for (bool failed = true; failed; first += stride) {
        change();
        heap::fail(first, 1);
        for (int turn = 0; turn < 10; ++turn)
            poll();
        failed = heap::has_failed();
        heap::stop_failing();
        // By the clock, as a turn may take far longer than it should; and it is looked once more afterwards.
        auto const pause_is_over = std::chrono::steady_clock::now() + pause_without_memory + 200ms;
        for (bool heard = false, last = false; !heard && !last;) {
            last = std::chrono::steady_clock::now() > pause_is_over;
            heard = hear_event(20);
        }
        change();
        ASSERT_TRUE(hear_event(2000)) << "mute after allocation " << first;
        seq += 2;
        EXPECT_THAT(event, testing::HasSubstr("SEQ: " + std::to_string(seq) + "\r\n"))
            << "after allocation " << first;
    }
    EXPECT_GT(first, 10U + stride) << "it did something";
}

// ---- While the host opens, and while interfaces change

/// What is not a test by itself, but made by one.
struct shortage : memory_shortage {
    using memory_shortage::memory_shortage;
    void TestBody() override {}
};

TEST(memory_shortage_at_the_start, costs_no_more_than_another_start)
{
    std::uint64_t first = 0;
    for (bool failed = true; failed; first += stride) {
        shortage one{{.starts = false}};
        heap::fail(first, 1);
        {
            library_call const inside;
            try {
                one.light.host->start();
            } catch (std::bad_alloc const&) {
                EXPECT_FALSE(one.light.host->enabled()) << first;
            } catch (boost::system::system_error const&) { // of the system's own, e.g. netlink's
                EXPECT_FALSE(one.light.host->enabled()) << first;
            }
        }
        failed = heap::has_failed();
        heap::stop_failing();
        if (!one.light.host->enabled())
            one.light.host->start();
        // What had no memory to run is tried again after limits::interfaces::retry_period.
        for (int turn = 0; turn < 3000 && one.light.host->serving().empty(); ++turn)
            one.poll();
        ASSERT_FALSE(one.light.host->serving().empty()) << "after allocation " << first;
        one.light.port = one.light.served_port();
        ASSERT_TRUE(one.finds_by_multicast(3000)) << "after allocation " << first;
        ASSERT_EQ(one.do_everything(2000), one.everything) << "after allocation " << first;
    }
    EXPECT_GT(first, 30U + stride) << "it did something";
}

// ---- While it ends, and while devices go

TEST(memory_shortage_at_the_end, delays_it_and_no_more)
{
    std::uint64_t first = 0;
    for (bool failed = true; failed; first += stride) {
        shortage one;
        auto half_a_request = one.light.connect();
        asio::write(half_a_request, asio::buffer(std::string_view{"GET /desc.xml HTTP/1.1\r\n"}));
        for (int turn = 0; turn < 5; ++turn)
            one.poll();
        int told = 0;
        heap::fail(first, 1);
        bool threw = false;
        try {
            library_call const inside;
            one.light.host->stop([&] { ++told; });
        } catch (std::bad_alloc const&) {
            threw = true;
        }
        one.poll();
        failed = heap::has_failed();
        heap::stop_failing();
        if (threw) {
            EXPECT_TRUE(one.light.host->enabled()) << "nothing has changed, after allocation " << first;
            one.light.host->stop([&] { ++told; });
        }
        for (int turn = 0; turn < 10000 && told == 0; ++turn)
            one.poll();
        for (int turn = 0; turn < 5; ++turn)
            one.poll();
        EXPECT_EQ(told, 1) << "after allocation " << first;
        EXPECT_TRUE(one.light.host->exposure().empty()) << "after allocation " << first;
    }
    EXPECT_GT(first, stride) << "it did something";
}

TEST(memory_shortage_at_a_removal, takes_nobody_the_voice)
{
    auto const name = "uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn;
    std::uint64_t first = 0;
    for (bool failed = true; failed; first += stride) {
        shortage one;
        for (int turn = 0; turn < 5; ++turn)
            one.poll();
        bool threw = false;
        heap::fail(first, 1);
        try {
            library_call const inside;
            one.light.host->remove(name);
        } catch (std::bad_alloc const&) {
            threw = true;
        }
        failed = heap::has_failed();
        heap::stop_failing();
        if (!threw) {
            EXPECT_TRUE(one.light.host->serving().empty());
            continue;
        }
        ASSERT_EQ(one.do_everything(2000), one.everything) << "after allocation " << first;
        one.ask(one.light.subscribe(
                    "<http://127.0.0.1:" + std::to_string(one.acceptor.local_endpoint().port()) + "/>"),
                2000);
        ASSERT_TRUE(one.hear_event(2000)) << "the first one, after allocation " << first;
        one.light.power.state().set("Status", !one.on);
        ASSERT_TRUE(one.hear_event(2000)) << "it is mute after allocation " << first;
    }
    EXPECT_GT(first, 5U + stride) << "it did something";
}

#ifdef __linux__

/// Interfaces that could not be read are read again later; not any more once the host leaves.
void leave_with_interfaces_unread()
{
    switch_loopback(true);
    shortage one;
    one.light.wait_action = 500ms;
    auto waiting = one.light.connect();
    asio::write(waiting, asio::buffer(one.light.post("Wait", "")));
    for (int turn = 0; turn < 50; ++turn)
        one.poll();
    heap::fail(0, 1000000);
    set_loopback_alias(true);
    for (int turn = 0; turn < 5; ++turn)
        one.poll();
    EXPECT_TRUE(heap::has_failed());
    heap::stop_failing();
    one.light.host->stop();
    std::size_t handlers = 0;
    for (int turn = 0; turn < 200; ++turn) {
        one.light.io.restart();
        handlers += one.light.io.run_for(1ms);
    }
    EXPECT_LT(handlers, 200U) << "a deadline of the past comes again and again";
}

TEST(memory_shortage_in_a_namespace, costs_no_processor_while_the_host_leaves)
{
    if (!in_another_namespace(leave_with_interfaces_unread))
        GTEST_SKIP() << "needs the right to make a network namespace";
}

void change_interfaces_short_of_memory(std::uint64_t count)
{
    switch_loopback(true);
    shortage one;
    ASSERT_EQ(one.do_everything(2000), one.everything);
    bool there = false;
    auto const knows = [&] {
        auto const all = one.light.host->exposure();
        if (all.empty())
            return false;
        auto const& segment = all.front().segment;
        bool const seen = std::any_of(segment.begin(), segment.end(),
                                      [](ip_prefix const& p) { return p.to_string() == "10.0.0.0/8"; });
        return seen == there;
    };
    std::uint64_t first = 0;
    for (bool failed = true; failed; first += stride) {
        heap::fail(first, count);
        there = !there;
        set_loopback_alias(there);
        for (int turn = 0; turn < 5; ++turn)
            one.poll();
        failed = heap::has_failed();
        heap::stop_failing();
        for (int turn = 0; turn < 6000 && !knows(); ++turn)
            one.poll();
        ASSERT_TRUE(knows()) << "after allocation " << first;
        ASSERT_EQ(one.do_everything(2000), one.everything) << "after allocation " << first;
    }
    EXPECT_GT(first, 10U + stride) << "it did something";
}

TEST(memory_shortage_in_a_namespace, news_of_interfaces_is_not_lost)
{
    if (!in_another_namespace([] { change_interfaces_short_of_memory(1); }))
        GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(memory_shortage_in_a_namespace, news_of_interfaces_is_not_lost_for_twenty_in_a_row)
{
    if (!in_another_namespace([] { change_interfaces_short_of_memory(20); }))
        GTEST_SKIP() << "needs the right to make a network namespace";
}

#endif

} // namespace
} // namespace onlink::test
