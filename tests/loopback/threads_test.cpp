// SPDX-License-Identifier: BSL-1.0
// The loop in one thread, or in several behind a strand, and others beside it. A program of its own, so that
// ThreadSanitizer need not build the others: tests/threads.
#include "support/live_light.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <future>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::HasSubstr;

/// Requests from a thread of its own, one after the other; each answer in full.
class blocking_client {
public:
    explicit blocking_client(std::uint16_t port)
    {
        socket_.connect({asio::ip::address_v4::loopback(), port});
    }

    std::string exchange(std::string const& request)
    {
        asio::write(socket_, asio::buffer(request));
        std::string all;
        while (!live_light::complete(all)) {
            char part[4096];
            all.append(part, socket_.read_some(asio::buffer(part)));
        }
        return all;
    }

private:
    asio::io_context io_;
    tcp::socket socket_{io_};
};

/// A light whose loop another thread runs. Requests are made here, posts come from wherever the test wants.
class threads : public testing::Test {
protected:
    threads() { light_.start(); }

    ~threads() override
    {
        if (loop_.joinable()) {
            light_.io.stop();
            loop_.join();
        }
    }

    void run_loop()
    {
        loop_ = std::thread{[this] { light_.io.run(); }};
    }

    /// Stops the host, and waits until nothing of it is left on the loop.
    void stop_and_join()
    {
        light_.host->post([this] { light_.host->stop(); });
        loop_.join();
    }

    live_light light_;
    std::thread loop_;
};

TEST_F(threads, what_each_posts_runs_once_in_its_order_while_requests_are_served)
{
    constexpr int posters = 4;
    constexpr int posts = 2000;
    std::vector<std::vector<int>> ran(posters); // on the loop only
    auto const status = light_.power.variable<bool>("Status");
    run_loop();

    std::vector<std::thread> crowd;
    for (int who = 0; who < posters; ++who)
        crowd.emplace_back([&, who, status] {
            for (int number = 0; number < posts; ++number)
                light_.host->post([&ran, who, number, status] {
                    ran[static_cast<std::size_t>(who)].push_back(number);
                    status = number % 2 == 0;
                });
        });
    for (int connections = 0; connections < 3; ++connections) {
        blocking_client client{light_.port};
        for (int turn = 0; turn < 40; ++turn) {
            auto const on = std::to_string(turn % 2);
            EXPECT_THAT(
                client.exchange(light_.post("SetTarget", "<newTargetValue>" + on + "</newTargetValue>")),
                HasSubstr("SetTargetResponse"));
        }
    }
    for (auto& thread : crowd)
        thread.join();
    stop_and_join();

    for (auto const& one : ran) {
        ASSERT_EQ(one.size(), static_cast<std::size_t>(posts));
        EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
    }
}

TEST_F(threads, what_is_posted_while_the_host_stops_runs_or_is_dropped)
{
    std::atomic<bool> enough = false;
    std::atomic<bool> stopped = false;
    std::uint64_t ran = 0; // on the loop only
    run_loop();
    std::thread poster{[&] {
        while (!enough)
            light_.host->post([&] { ++ran; });
    }};
    blocking_client client{light_.port};
    EXPECT_THAT(client.exchange(light_.get("/desc.xml")), HasSubstr("200 OK"));
    light_.host->post([&] {
        light_.host->stop();
        stopped = true;
    });
    while (!stopped)
        std::this_thread::yield();
    enough = true;
    poster.join();
    loop_.join();
    auto const by_then = ran;
    light_.host->post([&] { ++ran; });
    light_.io.restart();
    light_.io.run();
    EXPECT_EQ(ran, by_then) << "a host that has stopped runs nothing";
}

TEST_F(threads, the_loop_is_shared_with_work_of_the_application)
{
    // As an application would have it: something short again and again, and something long now and then.
    std::atomic<bool> enough = false;
    std::uint64_t steps = 0; // on the loop only
    std::function<void()> const work = [&] {
        if (++steps % 50 == 0)
            std::this_thread::sleep_for(2ms);
        if (!enough)
            asio::post(light_.io, work);
    };
    asio::post(light_.io, work);
    run_loop();

    std::vector<std::uint64_t> at; // how far the work was at each answer
    {
        blocking_client client{light_.port};
        for (int turn = 0; turn < 50; ++turn) {
            EXPECT_THAT(client.exchange(light_.post("GetStatus", "")), HasSubstr("ResultStatus"));
            std::promise<std::uint64_t> seen;
            light_.host->post([&] { seen.set_value(steps); });
            at.push_back(seen.get_future().get());
        }
    }
    enough = true;
    stop_and_join();

    EXPECT_EQ(std::adjacent_find(at.begin(), at.end(), std::greater_equal<>{}), at.end())
        << "whoever shares the loop gets on between any two requests";
}

TEST(strand, a_host_behind_one_is_served_by_several_threads)
{
    asio::thread_pool pool{3};
    auto const strand = asio::make_strand(pool);
    std::optional<device_host> host;
    std::optional<service> power;
    std::promise<std::uint16_t> served;
    asio::post(strand, [&] {
        host_options options;
        options.interfaces = {"lo"};
        options.limits.ssdp.announcements = 1;
        live_light plan;
        power.emplace(plan.make_power());
        auto& state = power->state();
        power->on("SetTarget", [&state](bool on) { state.set("Status", on); });
        power->on("GetStatus", [&state] { return state.get<bool>("Status"); });
        device light{{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                      .udn = "uuid:2fac1234-31f8-11b4-a222-08002b34c004"_udn,
                      .friendly_name = "Light of many threads",
                      .manufacturer = "Example",
                      .model_name = "Bulb",
                      .description_path = "/desc.xml"}};
        light.add(*power);
        host.emplace(strand, std::move(light), options);
        host->start();
        auto const url = host->serving().front().location;
        served.set_value(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    });
    auto const port = served.get_future().get();

    int count = 0; // on the strand only
    std::vector<std::thread> crowd;
    for (int who = 0; who < 3; ++who)
        crowd.emplace_back([&] {
            for (int turn = 0; turn < 500; ++turn)
                host->post([&] { ++count; });
        });
    for (int who = 0; who < 3; ++who)
        crowd.emplace_back([port] {
            blocking_client client{port};
            for (int turn = 0; turn < 30; ++turn)
                EXPECT_THAT(client.exchange("GET /desc.xml HTTP/1.1\r\nHOST: 127.0.0.1:" +
                                            std::to_string(port) + "\r\n\r\n"),
                            HasSubstr("Light of many threads"));
        });
    for (auto& thread : crowd)
        thread.join();
    host->post([&] { host->stop(); });
    pool.join();
    EXPECT_EQ(count, 1500);
}

} // namespace
} // namespace onlink::test
