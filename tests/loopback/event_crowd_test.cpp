// SPDX-License-Identifier: BSL-1.0
// Two thousand subscriptions over real sockets.
#include "support/live_light.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <map>
#include <set>

namespace onlink::test {
namespace {

/// An HTTP server for all of them; counts what comes.
class crowd {
public:
    explicit crowd(asio::io_context& io) : acceptor_(io, {asio::ip::address_v4::loopback(), 0})
    {
        asio::co_spawn(io, accept(), asio::detached);
    }

    std::string callback() const
    {
        return "<http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/ev>";
    }
    void close() { acceptor_.close(); }

    std::size_t connections = 0;
    std::size_t events = 0;
    std::map<std::string, std::set<std::string>> seen; ///< SEQs by SID

private:
    asio::awaitable<void> accept()
    try {
        for (;;) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            ++connections;
            asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
        }
    } catch (boost::system::system_error const&) { // closed
    }

    static std::string field(std::string const& head, std::string const& name)
    {
        auto const at = head.find("\r\n" + name + ": ") + name.size() + 4;
        return head.substr(at, head.find("\r\n", at) - at);
    }

    asio::awaitable<void> serve(tcp::socket socket)
    try {
        std::string text;
        for (;;) {
            auto const head = co_await asio::async_read_until(socket, asio::dynamic_buffer(text), "\r\n\r\n",
                                                              asio::use_awaitable);
            auto const whole = head + std::stoul(field(text, "CONTENT-LENGTH"));
            if (text.size() < whole)
                co_await asio::async_read(socket, asio::dynamic_buffer(text),
                                          asio::transfer_exactly(whole - text.size()), asio::use_awaitable);
            ++events;
            EXPECT_TRUE(seen[field(text, "SID")].insert(field(text, "SEQ")).second) << "twice the same";
            text.erase(0, whole);
            co_await asio::async_write(
                socket, asio::buffer(std::string_view{"HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n"}),
                asio::use_awaitable);
        }
    } catch (boost::system::system_error const&) { // the light hangs up
    }

    tcp::acceptor acceptor_;
};

TEST(event_crowd, GENA_37_two_thousand_subscriptions_hear_every_change_once)
{
    constexpr std::size_t size = 2000;
    constexpr std::size_t changes = 10;
    live_light light{[](host_options& o) {
        auto& bounds = o.limits.eventing;
        bounds.max_subscriptions = bounds.max_subscriptions_per_peer = bounds.max_subscriptions_per_target =
            bounds.max_subscriptions_per_endpoint = size;
        bounds.give_way_after = 30s; // this process may stand still for a while, and then nobody was too slow
        o.policies.initial_event_delay = 0ms;
    }};
    light.start();
    crowd all{light.io};
    std::size_t const batch = limits{}.http.max_requests;
    for (std::size_t done = 0; done < size; done += batch) {
        auto socket = light.connect();
        std::string requests;
        for (std::size_t i = 0; i < batch; ++i)
            requests += light.subscribe(all.callback());
        asio::write(socket, asio::buffer(requests));
        auto const answers = light.read(socket, [](auto&) { return false; }); // closed after so many
        EXPECT_TRUE(answers.starts_with("HTTP/1.1 200 OK"));
    }
    light.run_until([&] { return all.events >= size; }, "the initial events");

    auto const began = std::chrono::steady_clock::now();
    for (std::size_t change = 1; change <= changes; ++change) {
        light.power.state().set("Status", change % 2 == 1);
        light.run_until([&] { return all.events >= size * (change + 1); }, "every subscriber");
    }
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
    std::printf("  %zu subscriptions: %.0f events per second, sent and received by one thread\n", size,
                static_cast<double>(size * changes) / took.count());

    light.run_until([&] { return light.host->snapshot().events_delivered == size * (changes + 1); });
    EXPECT_EQ(all.events, size * (changes + 1)) << "and none twice";
    ASSERT_EQ(all.seen.size(), size);
    for (auto const& [sid, numbers] : all.seen)
        EXPECT_EQ(numbers.size(), changes + 1) << sid;
    auto const now = light.host->snapshot();
    EXPECT_EQ(now.subscriptions, size);
    EXPECT_EQ(now.queued_events, 0U);
    EXPECT_EQ(now.refusals[refusal_reason::event_undelivered], 0U);
    EXPECT_EQ(now.refusals[refusal_reason::event_overflow], 0U);
    EXPECT_LE(all.connections, limits{}.eventing.max_deliveries_per_target) << "kept and shared";
    all.close();
}

} // namespace
} // namespace onlink::test
