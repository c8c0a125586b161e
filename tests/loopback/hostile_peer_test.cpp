// SPDX-License-Identifier: BSL-1.0
// Peers that close, stall, reset or flood: the loop goes on, and others are served.
#include "support/live_light.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <functional>
#include <string>
#include <thread>

namespace onlink::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

void expect_served(live_light& light)
{
    EXPECT_THAT(light.exchange(light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(hostile_peer, one_that_closes_or_resets_at_any_byte_is_forgotten)
{
    live_light light;
    light.start();
    auto const request = light.post("SetTarget", "<newTargetValue>1</newTargetValue>");
    for (std::size_t cut = 0; cut <= request.size(); cut += 7) {
        auto socket = light.connect();
        asio::write(socket, asio::buffer(request.data(), cut));
        light.io.restart();
        light.io.poll();
        if (cut % 2 == 0)
            socket.set_option(asio::socket_base::linger{true, 0}); // a reset
        socket.close();
        light.io.restart();
        light.io.poll();
    }
    expect_served(light);
}

TEST(hostile_peer, one_that_never_finishes_its_request_is_answered_408)
{
    live_light light{[](host_options& o) { o.limits.http.header_deadline = 1s; }};
    light.start();
    auto socket = light.connect();
    asio::write(socket, asio::buffer(std::string{"GET /desc.xml HTTP/1.1\r\nHOST:"}));
    EXPECT_THAT(light.read(socket, [](auto&) { return false; }), StartsWith("HTTP/1.1 408 "));
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::request_timeout));
    expect_served(light);
}

/// The loop is busy while a deadline of a second passes, and finds what the peer did at its end together with
/// it: something has been done for the peer, and is not to be cancelled any more.
void at_a_deadline(live_light& light, std::function<void()> const& peer)
{
    light.run_until([&] { return light.host->snapshot().connections == 1; }, "the connection");
    light.io.restart();
    light.io.run_for(50ms); // its deadline is armed
    asio::post(light.io, [&] {
        std::this_thread::sleep_for(1100ms);
        peer();
    });
    light.io.restart();
    light.io.run_for(50ms);
}

TEST(hostile_peer, one_that_sends_a_little_more_at_the_deadline_is_answered_408)
{
    live_light light{[](host_options& o) {
        o.limits.http.header_deadline = 1s;
        o.limits.http.body_deadline = 1s;
    }};
    light.start();
    for (auto const& begin :
         {std::string{"GET /desc.xml HTTP/1.1\r\nX: "},
          "POST /control HTTP/1.1\r\nHOST: " + light.authority() + "\r\nCONTENT-LENGTH: 4096\r\n\r\n"}) {
        auto socket = light.connect();
        asio::write(socket, asio::buffer(begin));
        at_a_deadline(light, [&] { asio::write(socket, asio::buffer(std::string(700, 'x'))); });
        EXPECT_THAT(light.read(socket, [](auto&) { return false; }), StartsWith("HTTP/1.1 408 ")) << begin;
    }
    EXPECT_EQ(light.host->refusals()[refusal_reason::request_timeout], 2U);
    expect_served(light);
}

TEST(hostile_peer, one_that_says_nothing_is_closed_in_silence)
{
    live_light light{[](host_options& o) { o.limits.http.idle_deadline = 1s; }};
    light.start();
    auto socket = light.connect();
    EXPECT_EQ(light.read(socket, [](auto&) { return false; }), "");
    EXPECT_THAT(light.watch->refusals, IsEmpty());
}

TEST(hostile_peer, one_with_an_endless_header_is_answered_431_and_closed)
{
    live_light light;
    light.start();
    auto socket = light.connect();
    std::string const flood = "GET /desc.xml HTTP/1.1\r\nX: " + std::string(limits{}.http.max_header, 'x');
    boost::system::error_code ignored;
    asio::write(socket, asio::buffer(flood), ignored);
    EXPECT_THAT(light.read(socket, [](auto&) { return false; }), StartsWith("HTTP/1.1 431 "));
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::request_too_large));
    expect_served(light);
}

TEST(hostile_peer, one_that_does_not_read_its_answer_is_closed_in_time)
{
    constexpr std::size_t size = 32U << 20; // more than the sockets of both sides hold
    live_light light{[](host_options& o) { o.limits.http.response_deadline = 1s; }, size};
    light.start();
    auto socket = light.connect();
    asio::write(socket, asio::buffer(light.get("/icon.png")));
    light.io.restart();
    light.io.run_for(1500ms);
    auto const got = light.read(socket, [](auto&) { return false; });
    EXPECT_GT(got.size(), 0U);
    EXPECT_LT(got.size(), size);
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::answer_timeout));
    expect_served(light);
}

/// A connection from another address of the loopback network, with so much of a request.
tcp::socket begun(live_light& light, char const* from, std::string const& with)
{
    tcp::socket socket{light.io};
    socket.open(tcp::v4());
    socket.bind({asio::ip::make_address_v4(from), 0});
    socket.connect({asio::ip::address_v4::loopback(), light.port});
    socket.non_blocking(true);
    asio::write(socket, asio::buffer(with));
    light.io.restart();
    light.io.run_for(5ms);
    return socket;
}

tcp::socket half_sent(live_light& light, char const* from)
{
    return begun(light, from, "GET /desc.xml HTTP/1.1\r\n");
}

tcp::socket silent(live_light& light, char const* from) { return begun(light, from, ""); }

bool is_open(live_light& light, tcp::socket& socket)
{
    light.io.restart();
    light.io.run_for(5ms);
    char byte;
    boost::system::error_code ec;
    socket.read_some(asio::buffer(&byte, 1), ec);
    return ec == asio::error::would_block;
}

void six_connections(host_options& o)
{
    o.limits.http.max_connections = 6;
    o.limits.http.max_connections_per_peer = 3;
    o.limits.http.idle_grace = 1h; // a machine that is busy may take any time
}

/// Of one peer as many as it may have, of another one fewer: there is a place for one more.
std::vector<tcp::socket> five_half_sent(live_light& light)
{
    std::vector<tcp::socket> held;
    for (auto const* from : {"127.0.0.2", "127.0.0.2", "127.0.0.2", "127.0.0.3", "127.0.0.3"})
        held.push_back(half_sent(light, from));
    return held;
}

TEST(hostile_peer, those_that_hold_all_connections_with_half_sent_requests_make_room_for_others)
{
    live_light light{six_connections};
    light.start();
    std::vector<tcp::socket> held;
    for (auto const* from : {"127.0.0.2", "127.0.0.3"})
        for (int i = 0; i < 3; ++i)
            held.push_back(half_sent(light, from));
    expect_served(light); // from 127.0.0.1
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::connection_limit));
    EXPECT_FALSE(is_open(light, held[0])) << "the oldest of one that holds most";
    for (std::size_t i = 1; i < held.size(); ++i)
        EXPECT_TRUE(is_open(light, held[i])) << i;
}

TEST(hostile_peer, nobody_pushes_out_one_that_holds_no_more_than_itself)
{
    live_light light{[](host_options& o) {
        o.limits.http.max_connections = 2;
        o.limits.http.max_connections_per_peer = 2;
    }};
    light.start();
    auto first = half_sent(light, "127.0.0.2");
    auto second = half_sent(light, "127.0.0.3");
    auto third = half_sent(light, "127.0.0.4");
    EXPECT_TRUE(is_open(light, first));
    EXPECT_TRUE(is_open(light, second));
    EXPECT_FALSE(is_open(light, third));
}

TEST(hostile_peer, those_that_hold_more_cannot_push_out_one_whose_request_is_on_its_way)
{
    live_light light{six_connections};
    light.start();
    auto held = five_half_sent(light);
    auto honest = silent(light, "127.0.0.4");
    auto one_more = half_sent(light, "127.0.0.3");
    EXPECT_FALSE(is_open(light, one_more));
    auto other = silent(light, "127.0.0.5"); // it has fewer than they, and than the honest one will have
    EXPECT_FALSE(is_open(light, held[0])) << "the oldest of the one that holds most";
    EXPECT_THAT(light.exchange(other, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(light.exchange(honest, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(hostile_peer, those_that_hold_more_cannot_push_out_one_that_was_answered_a_moment_ago)
{
    live_light light{six_connections};
    light.start();
    auto held = five_half_sent(light);
    auto honest = silent(light, "127.0.0.4");
    EXPECT_THAT(light.exchange(honest, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
    auto one_more = half_sent(light, "127.0.0.3");
    EXPECT_FALSE(is_open(light, one_more));
    EXPECT_THAT(light.exchange(honest, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(hostile_peer, nobody_pushes_out_one_whose_request_is_there_to_be_read)
{
    live_light light{[](host_options& o) {
        six_connections(o);
        o.limits.http.idle_grace = 1ms;
    }};
    light.start();
    auto honest = silent(light, "127.0.0.4");
    EXPECT_THAT(light.exchange(honest, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
    auto held = five_half_sent(light);
    light.io.restart();
    light.io.run_for(20ms);
    tcp::socket yet_another{light.io, tcp::v4()};
    yet_another.bind({asio::ip::make_address_v4("127.0.0.3"), 0});
    yet_another.connect({asio::ip::address_v4::loopback(), light.port});
    auto const action = light.post("SetTarget", "<newTargetValue>1</newTargetValue>");
    asio::write(honest, asio::buffer(action)); // both are seen in one turn of the loop
    EXPECT_THAT(light.read(honest, live_light::complete), StartsWith("HTTP/1.1 200 OK"));
}

TEST(hostile_peer, limits_http_idle_grace_one_that_is_idle_for_longer_makes_room_for_anybody)
{
    live_light light{[](host_options& o) {
        o.limits.http.max_connections = 3;
        o.limits.http.max_connections_per_peer = 2;
        o.limits.http.idle_grace = 1ms;
    }};
    light.start();
    auto idle = silent(light, "127.0.0.2");
    EXPECT_THAT(light.exchange(idle, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
    auto first = half_sent(light, "127.0.0.3");
    auto other = half_sent(light, "127.0.0.4");
    light.io.restart();
    light.io.run_for(20ms);
    auto second = half_sent(light, "127.0.0.3");
    EXPECT_FALSE(is_open(light, idle));
    for (auto* open : {&first, &other, &second})
        EXPECT_TRUE(is_open(light, *open));
    EXPECT_THAT(light.watch->refusals, IsEmpty()) << "nothing was lost";
}

TEST(hostile_peer, of_those_that_say_nothing_the_oldest_makes_room_for_one_that_holds_fewer)
{
    live_light light{[](host_options& o) {
        o.limits.http.max_connections = 2;
        o.limits.http.max_connections_per_peer = 2;
        o.limits.http.idle_grace = 1h;
    }};
    light.start();
    auto first = silent(light, "127.0.0.2");
    auto second = silent(light, "127.0.0.3");
    auto again = silent(light, "127.0.0.3"); // which holds as many as the first
    EXPECT_FALSE(is_open(light, again));
    auto third = half_sent(light, "127.0.0.4");
    EXPECT_FALSE(is_open(light, first));
    EXPECT_TRUE(is_open(light, second));
    EXPECT_TRUE(is_open(light, third));
    EXPECT_EQ(light.host->refusals()[refusal_reason::connection_limit], 2U);
}

TEST(hostile_peer, it_is_of_those_that_hold_most_that_one_goes)
{
    live_light light{[](host_options& o) {
        o.limits.http.max_connections = 16;
        o.limits.http.max_connections_per_peer = 8;
        o.limits.http.idle_grace = 1h;
    }};
    light.start();
    std::vector<tcp::socket> browser;
    std::vector<tcp::socket> most;
    std::vector<tcp::socket> others;
    for (int i = 0; i < 8; ++i)
        most.push_back(half_sent(light, "127.0.0.2"));
    for (int i = 0; i < 2; ++i)
        others.push_back(half_sent(light, "127.0.0.3"));
    for (int i = 0; i < 6; ++i)
        browser.push_back(silent(light, "127.0.0.4"));
    for (int i = 0; i < 2; ++i)
        others.push_back(half_sent(light, "127.0.0.3"));
    auto const open = [&](std::vector<tcp::socket>& all) {
        return std::count_if(all.begin(), all.end(), [&](auto& one) { return is_open(light, one); });
    };
    EXPECT_EQ(open(most), 6);
    EXPECT_EQ(open(others), 4);
    EXPECT_EQ(open(browser), 6);
}

TEST(hostile_peer, those_that_hold_all_connections_and_do_not_read_their_answers_make_room_for_others)
{
    live_light light{six_connections, 32U << 20};
    light.start();
    std::vector<tcp::socket> held;
    for (auto const* from : {"127.0.0.2", "127.0.0.3"})
        for (int i = 0; i < 3; ++i)
            held.push_back(begun(light, from, light.get("/icon.png")));
    EXPECT_EQ(light.host->snapshot().connections, 6U);
    expect_served(light); // from 127.0.0.1
    EXPECT_EQ(light.host->refusals()[refusal_reason::connection_limit], 1U);
    auto again = begun(light, "127.0.0.2", light.get("/icon.png")); // holds two
    EXPECT_EQ(light.host->snapshot().connections, 6U);
}

TEST(hostile_peer, one_whose_actions_take_long_leaves_places_to_others)
{
    live_light light{[](host_options& o) { o.limits = limits::small(); }};
    light.wait_action = 20s;
    light.start();
    std::vector<tcp::socket> held;
    for (std::size_t i = 0; i < limits::small().control.max_running; ++i)
        held.push_back(begun(light, "127.0.0.2", light.post("Wait", "")));
    EXPECT_EQ(light.host->snapshot().running_actions, limits::small().control.max_running_per_peer);
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::action_limit));
    auto const other = begun(light, "127.0.0.3", light.post("Wait", ""));
    EXPECT_EQ(light.host->snapshot().running_actions, limits::small().control.max_running_per_peer + 1);
}

TEST(hostile_peer, those_that_have_their_answer_and_do_not_close_make_room_for_others)
{
    live_light light{[](host_options& o) {
        o.limits.http.max_connections = 2;
        o.limits.http.max_connections_per_peer = 1;
        o.limits.http.linger_deadline = 3600s;
    }};
    light.start();
    std::vector<tcp::socket> held;
    for (auto const* from : {"127.0.0.2", "127.0.0.3"}) {
        held.push_back(half_sent(light, from));
        // What is behind the request keeps the other side from closing: its answer might be lost.
        auto const answer = light.exchange(held.back(), "CONNECTION: close\r\n\r\nmore");
        EXPECT_THAT(answer, StartsWith("HTTP/1.1 "));
    }
    expect_served(light);
    EXPECT_THAT(light.watch->refusals, Not(Contains(refusal_reason::connection_limit)));
}

/// Whether the other side is closed for good: what is written to it comes back as a reset.
bool write_fails(live_light& light, tcp::socket& socket)
{
    boost::system::error_code ec;
    socket.write_some(asio::buffer(std::string(1024, 'x')), ec);
    light.io.restart();
    light.io.run_for(5ms);
    return ec && ec != asio::error::would_block;
}

TEST(hostile_peer, one_that_goes_on_sending_after_a_refusal_is_closed_after_a_bounded_amount)
{
    live_light light{[](host_options& o) {
        o.limits.http.max_linger = 8 * 1024;
        o.limits.http.linger_deadline = 3600s;
    }};
    light.start();
    auto socket = light.connect();
    auto const answer = light.exchange(socket, "POST /control HTTP/1.1\r\nHOST: " + light.authority() +
                                                   "\r\nCONTENT-LENGTH: 99999999\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 413 "));
    std::size_t sent = 0;
    while (!write_fails(light, socket) && sent < 1024)
        ++sent;
    EXPECT_GE(sent, 8U);
    EXPECT_LT(sent, 32U);
}

TEST(hostile_peer, one_that_holds_on_after_a_refusal_is_closed_in_time)
{
    live_light light{[](host_options& o) { o.limits.http.linger_deadline = 1s; }};
    light.start();
    auto socket = light.connect();
    EXPECT_THAT(light.exchange(socket, "GET\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    light.io.restart();
    light.io.run_for(1200ms);
    light.run_until([&] { return write_fails(light, socket); }, "the end");
}

TEST(hostile_peer, one_that_sends_a_little_more_at_the_end_of_a_refusal_is_closed_in_time)
{
    live_light light{[](host_options& o) { o.limits.http.linger_deadline = 1s; }};
    light.start();
    auto socket = light.connect();
    EXPECT_THAT(light.exchange(socket, "GET\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    at_a_deadline(light, [&] { asio::write(socket, asio::buffer(std::string(700, 'x'))); });
    light.run_until([&] { return light.host->snapshot().connections == 0; }, "the end");
}

TEST(hostile_peer, one_peer_cannot_have_more_than_its_share_of_connections)
{
    live_light light{[](host_options& o) { o.limits.http.max_connections_per_peer = 3; }};
    light.start();
    std::vector<tcp::socket> held;
    for (int i = 0; i < 4; ++i)
        held.push_back(light.connect());
    light.run_until([&] { return !light.watch->refusals.empty(); });
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::connection_peer_limit));
    EXPECT_EQ(light.read(held.back(), [](auto&) { return false; }), "");
    held.clear();
    light.io.restart();
    light.io.run_for(50ms);
    expect_served(light);
}

TEST(hostile_peer, when_all_connections_are_taken_the_longest_idle_one_goes)
{
    live_light light{[](host_options& o) {
        o.limits.http.max_connections = 2;
        o.limits.http.max_connections_per_peer = 2;
    }};
    // One address may have two here, so two peers of loopback are needed: 127.0.0.1 and 127.0.0.2.
    light.start();
    auto first = light.connect();
    auto second = light.connect();
    // Both are there before the first says anything.
    for (int turn = 0; turn < 2000 && light.host->snapshot().connections < 2; ++turn) {
        light.io.restart();
        light.io.run_for(std::chrono::milliseconds{1});
    }
    EXPECT_THAT(light.exchange(first, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
    tcp::socket third{light.io, tcp::v4()};
    third.bind({asio::ip::make_address("127.0.0.2"), 0});
    third.connect({asio::ip::address_v4::loopback(), light.port});
    third.non_blocking(true);
    EXPECT_THAT(light.exchange(third, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_EQ(light.read(second, [](auto&) { return false; }), "") << "the second never said anything";
    EXPECT_THAT(light.exchange(first, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(hostile_peer, requests_on_one_connection_are_counted)
{
    live_light light{[](host_options& o) { o.limits.http.max_requests = 2; }};
    light.start();
    auto socket = light.connect();
    light.exchange(socket, light.get("/desc.xml"));
    EXPECT_THAT(light.exchange(socket, light.get("/desc.xml")), HasSubstr("CONNECTION: close\r\n"));
    EXPECT_EQ(light.read(socket, [](auto&) { return false; }), "");
}

TEST(hostile_peer, the_accept_loop_survives_running_out_of_descriptors)
{
    live_light light;
    light.start();
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    auto waiting = light.connect(); // connected by the kernel, not yet accepted
    rlimit tight = before;
    tight.rlim_cur = 0; // no new descriptor whatever: accept() fails with EMFILE
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &tight), 0);
    light.io.restart();
    light.io.run_for(300ms);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::connection_unavailable));
    EXPECT_THAT(light.exchange(waiting, light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
    expect_served(light);
}

TEST(hostile_peer, GENA_41_a_subscriber_that_never_answers_delays_no_other)
{
    live_light light{[](host_options& o) { o.limits.eventing.notify_answer_deadline = 1s; }};
    light.start();
    event_sink silent{light};
    event_sink well{light};
    light.exchange(light.subscribe(silent.callback()));
    light.exchange(light.subscribe(well.callback()));
    EXPECT_THAT(well.next(), HasSubstr("SEQ: 0\r\n"));
    light.power.state().set("Status", true);
    EXPECT_THAT(well.next(), HasSubstr("SEQ: 1\r\n"));
    std::optional<tcp::socket> held;
    light.run_until([&] { return held.has_value() || (held = silent.try_accept()).has_value(); });
    light.run_until([&] { return light.host->refusals()[refusal_reason::event_undelivered] >= 1; },
                    "the deadline");
}

TEST(hostile_peer, N_49_GENA_43_redirects_and_endless_headers_of_a_subscriber_are_failures)
{
    live_light light;
    light.start();
    event_sink sink{light};
    light.exchange(light.subscribe(sink.callback()));
    sink.next("HTTP/1.1 302 Found\r\nLOCATION: " + sink.callback() + "\r\n\r\n");
    EXPECT_EQ(light.host->refusals()[refusal_reason::event_undelivered], 1U);
    EXPECT_FALSE(sink.try_accept().has_value()) << "nothing is followed";

    light.power.state().set("Status", true);
    sink.next("HTTP/1.1 200 OK\r\nX: " + std::string(limits{}.eventing.max_notify_response, 'x'));
    light.run_until([&] { return light.host->refusals()[refusal_reason::event_undelivered] == 2; });
}

TEST(hostile_peer, GENA_43_a_subscriber_that_fails_too_often_is_dropped)
{
    live_light light{[](host_options& o) { o.limits.eventing.max_failures = 2; }};
    light.start();
    std::string callback;
    {
        event_sink gone{light};
        callback = gone.callback();
    }
    light.exchange(light.subscribe(callback));
    light.run_until([&] { return light.host->refusals()[refusal_reason::event_undelivered] == 1; });
    light.power.state().set("Status", true);
    light.run_until([&] { return light.host->refusals()[refusal_reason::subscription_failing] == 1; });
    EXPECT_THAT(light.watch->subscriptions, Contains(subscription_change::dropped));
}

TEST(hostile_peer, an_observer_that_throws_disturbs_nobody)
{
    struct bomb : observer {
        void on_action(action_report const&) override { throw std::runtime_error{"bomb"}; }
        void on_refusal(refusal const&) override { throw 42; }
    };
    live_light light{[](host_options& o) { o.watch = std::make_shared<bomb>(); }};
    light.start();
    EXPECT_THAT(light.exchange(light.post("GetStatus", "")), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(light.exchange(light.get("/nothing")), StartsWith("HTTP/1.1 404 "));
    expect_served(light);
    EXPECT_GE(light.host->refusals()[refusal_reason::internal_error], 1U);
}

TEST(hostile_peer, garbage_over_TCP_is_answered_400_and_closed)
{
    live_light light;
    light.start();
    for (auto const& garbage : {std::string(64, '\0'), std::string{"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"},
                                std::string{"GET\r\n\r\n"}, std::string{"GET / HTTP/1.1\nHOST: x\n\n"}}) {
        auto socket = light.connect();
        asio::write(socket, asio::buffer(garbage));
        socket.shutdown(tcp::socket::shutdown_send);
        auto const answer = light.read(socket, [](auto&) { return false; });
        EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 400 ")) << answer;
    }
    expect_served(light);
}

} // namespace
} // namespace onlink::test
