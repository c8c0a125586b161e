// SPDX-License-Identifier: BSL-1.0
// Hosts that are stopped, dropped or moved in the middle of things. AddressSanitizer is the judge.
#include "support/live_light.hpp"
#include "support/own_namespace.hpp"

#include <boost/asio/ip/multicast.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>

namespace onlink::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

TEST(lifetime, a_host_that_was_never_started)
{
    live_light light;
    light.host->stop();
    EXPECT_TRUE(light.host->serving().empty());
}

/// Who has called Wait, and is waiting.
tcp::socket begin_waiting(live_light& light)
{
    auto const before = light.waits_begun;
    auto socket = light.connect();
    asio::write(socket, asio::buffer(light.post("Wait", "")));
    light.run_until([&] { return light.waits_begun > before; }, "the beginning of the action");
    return socket;
}

TEST(lifetime, a_host_may_be_started_once)
{
    live_light light;
    light.start();
    EXPECT_THROW(light.host->start(), boost::system::system_error);
}

TEST(lifetime, a_start_that_fails_may_be_tried_again)
{
    asio::io_context other;
    tcp::acceptor in_the_way{other, {asio::ip::address_v4::loopback(), 0}};
    live_light light{[&](host_options& o) { o.port = in_the_way.local_endpoint().port(); }};
    EXPECT_THROW(light.host->start(), boost::system::system_error);
    EXPECT_FALSE(light.host->enabled());
    EXPECT_TRUE(light.host->exposure().empty());
    in_the_way.close();
    light.start();
    event_sink sink{light};
    EXPECT_THAT(light.exchange(light.subscribe(sink.callback())), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(sink.next(), testing::HasSubstr("SEQ: 0\r\n"));
    light.power.state().set("Status", true);
    EXPECT_THAT(sink.next(), testing::HasSubstr("SEQ: 1\r\n")) << "it is listened to";
}

TEST(lifetime, who_stops_or_disables_a_host_is_told_when_that_is_over)
{
    live_light light;
    light.wait_action = 100ms;
    int told = 0;
    auto const done = [&] { ++told; };
    auto const expect_told = [&](int times) {
        EXPECT_LT(told, times) << "not within the call";
        light.run_until([&] { return told == times; }, "the end");
    };
    light.host->disable(done);
    expect_told(1);
    light.start();
    auto socket = begin_waiting(light);
    light.host->disable([&] {
        EXPECT_TRUE(light.wait_finished);
        EXPECT_TRUE(light.host->exposure().empty());
        ++told;
    });
    light.host->disable(done); // while it leaves
    EXPECT_EQ(told, 1);
    light.run_until([&] { return told == 3; }, "both ends");
    light.host->enable();
    light.host->disable(done);
    light.host->enable(); // overtakes it
    expect_told(4);
    light.host->stop(done);
    expect_told(5);
    light.host->stop(done); // once more
    expect_told(6);
    light.host->stop([] { throw std::runtime_error{"of the application"}; });
    light.io.restart();
    light.io.run_for(20ms);
    light.host->stop(done);
    light.host.reset();
    light.io.restart();
    light.io.run_for(20ms);
    EXPECT_EQ(told, 6) << "it was destroyed first";
}

TEST(lifetime, a_host_that_is_told_of_its_end_may_be_dropped_there)
{
    live_light light;
    light.start();
    bool told = false;
    light.host->stop([&] {
        light.host.reset();
        told = true;
    });
    light.run_until([&] { return told; }, "the end");
}

TEST(lifetime, nobody_is_told_of_the_end_of_a_host_that_was_destroyed_first)
{
    int told = 0;
    auto const done = [&told] { ++told; };
    for (bool const started : {false, true}) {
        live_light light;
        if (started)
            light.start();
        light.host->stop(done);
        light.host.reset();
        light.run_on();
        EXPECT_EQ(told, 0) << started;
    }
    live_light light;
    light.start();
    light.host->stop(done);
    light.host->stop([&] { light.host.reset(); });
    light.host->stop(done); // who waits behind the one that destroys it
    light.run_until([&] { return !light.host; }, "the end");
    light.run_on();
    EXPECT_EQ(told, 1);
}

/// What a search for `target` at a multicast address adds to it, sent from a socket of its own.
void search_by_multicast(asio::io_context& io, std::string const& target, std::string const& more = {})
{
    udp::socket searcher{io, {asio::ip::address_v4::loopback(), 0}};
    searcher.set_option(asio::ip::multicast::outbound_interface{asio::ip::address_v4::loopback()});
    auto const text =
        "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: " +
        target + "\r\n" + more + "\r\n";
    searcher.send_to(asio::buffer(text), {asio::ip::make_address_v4("239.255.255.250"), 1900});
}

/// A listener at a port that a search may name.
tcp::acceptor searcher_by_tcp(asio::io_context& io)
{
    tcp::acceptor searcher{io, tcp::v4()};
    boost::system::error_code taken = asio::error::address_in_use;
    for (std::uint16_t port = 50000; taken && port < 51000; ++port)
        searcher.bind({asio::ip::address_v4::loopback(), port}, taken);
    if (taken)
        throw boost::system::system_error(taken);
    searcher.listen();
    searcher.non_blocking(true);
    return searcher;
}

std::string answer_to(tcp::acceptor const& searcher)
{
    return "TCPPORT.UPNP.ORG: " + std::to_string(searcher.local_endpoint().port()) + "\r\n";
}

bool is_connected_to(tcp::acceptor& searcher)
{
    tcp::socket answer{searcher.get_executor()};
    boost::system::error_code none;
    searcher.accept(answer, none);
    return !none;
}

/// Does something when it hears of a refusal, once.
struct refusal_end : recorder {
    void on_refusal(refusal const& r) override
    {
        recorder::on_refusal(r);
        if (end)
            std::exchange(end, {})();
    }
    std::function<void()> end;
};

TEST(lifetime, a_host_that_an_observer_drops_or_stops_connects_to_nobody)
{
    for (bool const drop : {true, false}) {
        auto const watch = std::make_shared<refusal_end>();
        live_light light{[&](host_options& o) { o.watch = watch; }};
        light.start();
        light.run_on();
        auto searcher = searcher_by_tcp(light.io);
        watch->end = [&] {
            if (drop)
                light.host.reset();
            else
                light.host->stop();
        };
        // Both in one turn: what the first draws comes behind what is noted of the second.
        search_by_multicast(light.io, "upnp:rootdevice", answer_to(searcher));
        search_by_multicast(light.io, "no target");
        light.run_until([&] { return !watch->end; }, "a refusal");
        light.run_on();
        EXPECT_FALSE(is_connected_to(searcher)) << "drop: " << drop;
    }
}

TEST(lifetime, an_answer_by_TCP_that_its_life_had_no_time_for_takes_no_place_in_the_next)
{
    auto const watch = std::make_shared<refusal_end>();
    live_light light{[&](host_options& o) {
        o.watch = watch;
        o.limits.ssdp.max_tcp_answers = 1;
    }};
    light.start();
    light.run_on();
    auto searcher = searcher_by_tcp(light.io);
    watch->end = [&] {
        light.host->disable();
        light.host->enable();
    };
    search_by_multicast(light.io, "upnp:rootdevice", answer_to(searcher));
    search_by_multicast(light.io, "no target");
    light.run_until([&] { return !watch->end; }, "a refusal");
    light.run_on();
    ASSERT_FALSE(is_connected_to(searcher));
    search_by_multicast(light.io, "upnp:rootdevice", answer_to(searcher));
    light.run_until([&] { return is_connected_to(searcher); }, "an answer by TCP");
}

/// The descriptors that a program started by this one would inherit.
std::set<int> inherited()
{
    std::set<int> all;
    for (int fd = 0; fd < 1024; ++fd)
        if (int const flags = ::fcntl(fd, F_GETFD); flags >= 0 && (flags & FD_CLOEXEC) == 0)
            all.insert(fd);
    return all;
}

TEST(lifetime, programs_that_the_application_starts_inherit_no_socket)
{
    live_light light;
    event_sink sink{light};
    auto expected = inherited();
    light.start();
    EXPECT_EQ(inherited(), expected) << "of those that listen";
    auto socket = light.connect();
    expected.insert(socket.native_handle());
    EXPECT_THAT(light.exchange(socket, light.subscribe(sink.callback())), StartsWith("HTTP/1.1 200 OK"));
    std::optional<tcp::socket> delivery;
    light.run_until([&] { return (delivery = sink.try_accept()).has_value(); }, "an event");
    expected.insert(delivery->native_handle());
    EXPECT_EQ(inherited(), expected) << "of a connection each way";
}

TEST(lifetime, stop_twice_is_harmless_and_the_loop_runs_dry)
{
    live_light light;
    light.start();
    light.host->stop();
    light.host->stop();
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped());
}

TEST(lifetime, stop_lets_a_running_action_finish)
{
    live_light light;
    light.wait_action = 100ms;
    light.start();
    auto socket = begin_waiting(light);
    light.host->stop();
    EXPECT_THAT(light.read(socket, live_light::complete), StartsWith("HTTP/1.1 200 OK"));
}

TEST(lifetime, stop_does_not_wait_for_ever)
{
    live_light light{[](host_options& o) { o.limits.stop_deadline = 200ms; }};
    light.wait_action = 3600s;
    light.start();
    auto socket = begin_waiting(light);
    light.host->stop();
    EXPECT_EQ(light.waits_ended, 0) << "it may take until the stop_deadline";
    EXPECT_EQ(light.read(socket, [](auto&) { return false; }), "");
    light.io.restart();
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped()) << "the handler is not left on the executor";
    EXPECT_EQ(light.waits_ended, 1) << "it was cancelled";
    EXPECT_FALSE(light.wait_finished);
    EXPECT_EQ(light.host->refusals()[refusal_reason::action_timeout], 0U) << "it was not late";
}

TEST(lifetime, a_running_action_does_not_outlast_its_host)
{
    for (bool const dropped : {false, true}) {
        live_light light{[](host_options& o) { o.limits.stop_deadline = 0ms; }};
        light.wait_action = 3600s;
        light.start();
        std::vector<tcp::socket> sockets;
        for (int i = 0; i < 3; ++i) {
            sockets.push_back(light.connect());
            asio::write(sockets.back(), asio::buffer(light.post("Wait", "")));
        }
        light.run_until([&] { return light.waits_begun == 3; }, "the beginning of the actions");
        if (dropped)
            light.host.reset();
        else
            light.host->disable();
        light.io.restart();
        light.io.run_for(3s);
        EXPECT_TRUE(light.io.stopped()) << dropped;
        EXPECT_EQ(light.waits_ended, 3) << dropped;
    }
}

TEST(lifetime, a_handler_may_drop_the_host_and_wait_on)
{
    live_light light;
    light.wait_action = 3600s;
    bool cancelled = false;
    light.power.on("Hurry", [&]() -> asio::awaitable<void> {
        light.host.reset();
        asio::steady_timer timer{light.io};
        timer.expires_after(3600s);
        try {
            co_await timer.async_wait(asio::use_awaitable);
        } catch (boost::system::system_error const& thrown) {
            cancelled = thrown.code() == asio::error::operation_aborted;
            throw;
        }
    });
    light.start();
    auto socket = light.connect();
    asio::write(socket, asio::buffer(light.post("Hurry", "")));
    light.io.restart();
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped());
    EXPECT_TRUE(cancelled);
}

TEST(lifetime, disable_cancels_what_has_not_ended_in_time_and_enable_serves_on)
{
    live_light light{[](host_options& o) { o.limits.stop_deadline = 200ms; }};
    light.wait_action = 3600s;
    light.start();
    auto socket = begin_waiting(light);
    light.host->disable();
    light.io.restart();
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped());
    light.host->enable();
    light.port = light.served_port();
    light.wait_action = 20ms;
    EXPECT_THAT(light.exchange(light.post("Wait", "")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(lifetime, an_action_past_its_deadline_and_a_stop_leave_nothing_behind)
{
    live_light light{[](host_options& o) { o.limits.control.action_deadline = 1s; }};
    light.wait_action = 3600s;
    light.start();
    EXPECT_THAT(light.exchange(light.post("Wait", "")), StartsWith("HTTP/1.1 500 "));
    light.host->stop();
    light.io.restart();
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped());
    EXPECT_EQ(light.host->refusals()[refusal_reason::internal_error], 0U);
}

TEST(lifetime, an_action_goes_on_when_its_caller_hangs_up)
{
    live_light light;
    light.wait_action = 100ms;
    light.start();
    {
        auto socket = light.connect();
        socket.set_option(tcp::socket::linger{true, 0}); // a reset, of which one hears at once
        asio::write(socket, asio::buffer(light.post("Wait", "")));
        light.run_until([&] { return light.waits_begun == 1; }, "the beginning of the action");
    }
    light.run_until([&] { return light.wait_finished; }, "the end of the action");
}

TEST(lifetime, a_handler_may_stop_its_host_and_is_cancelled)
{
    live_light light{[](host_options& o) { o.limits.stop_deadline = 0ms; }};
    bool resumed = false;
    light.power.on("Hurry", [&]() -> asio::awaitable<void> {
        light.host->stop();
        asio::steady_timer timer{light.io, std::chrono::hours{1}};
        co_await timer.async_wait(asio::use_awaitable);
        resumed = true;
    });
    light.start();
    auto socket = light.connect();
    asio::write(socket, asio::buffer(light.post("Hurry", "")));
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped());
    EXPECT_FALSE(resumed);
}

TEST(lifetime, a_host_dropped_with_everything_under_way)
{
    live_light light;
    light.wait_action = 3600s;
    light.start();
    event_sink sink{light};
    auto idle = light.connect();
    auto half = light.connect();
    asio::write(half, asio::buffer(std::string{"GET /"}));
    auto acting = light.connect();
    asio::write(acting, asio::buffer(light.post("Wait", "")));
    light.exchange(light.subscribe(sink.callback()));
    light.host.reset();
    light.io.restart();
    light.io.run_for(50ms);
    light.power.state().set("Status", true); // the state table outlives the host and tells nobody
    light.io.restart();
    light.io.run_for(50ms);
}

TEST(lifetime, a_loop_that_never_runs_again)
{
    live_light light;
    light.start();
    auto half = light.connect();
    asio::write(half, asio::buffer(std::string{"GET /"}));
    light.io.run_for(20ms);
} // everything goes with the io_context; LeakSanitizer is the judge

TEST(lifetime, an_observer_may_stop_the_host)
{
    struct stopper : observer {
        void on_action(action_report const&) override { light->host->stop(); }
        live_light* light = nullptr;
    };
    auto const watch = std::make_shared<stopper>();
    live_light light{[&](host_options& o) { o.watch = watch; }};
    watch->light = &light;
    light.start();
    EXPECT_THAT(light.exchange(light.post("GetStatus", "")), StartsWith("HTTP/1.1 200 OK"));
    light.io.restart();
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped());
}

/// While it lives, this process gets no descriptor.
class no_descriptors {
public:
    no_descriptors()
    {
        getrlimit(RLIMIT_NOFILE, &before_);
        auto none = before_;
        none.rlim_cur = 0;
        setrlimit(RLIMIT_NOFILE, &none);
    }
    ~no_descriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
    no_descriptors(no_descriptors const&) = delete;
    no_descriptors& operator=(no_descriptors const&) = delete;

private:
    rlimit before_{};
};

TEST(lifetime, stop_does_not_wait_for_the_pause_of_a_listener)
{
    live_light light{[](host_options& o) { o.limits.http.accept_pause = 24h; }};
    light.start();
    auto const waiting = light.connect();
    no_descriptors const now;
    light.run_until([&] { return !light.watch->refusals.empty(); });
    EXPECT_THAT(light.watch->refusals, ElementsAre(refusal_reason::connection_unavailable));
    light.host->stop();
    light.io.restart();
    light.io.run_for(5s);
    EXPECT_TRUE(light.io.stopped());
}

TEST(lifetime, an_observer_may_stop_a_host_that_is_told_to_have_no_descriptors)
{
    struct stopper : observer {
        void on_refusal(refusal const&) override { light->host->stop(); }
        live_light* light = nullptr;
    };
    auto const watch = std::make_shared<stopper>();
    live_light light{[&](host_options& o) {
        o.watch = watch;
        o.limits.http.accept_pause = 24h;
    }};
    watch->light = &light;
    light.start();
    auto const waiting = light.connect();
    no_descriptors const now;
    light.run_until([&] { return light.host->refusals()[refusal_reason::connection_unavailable] != 0; });
    light.io.restart();
    light.io.run_for(5s);
    EXPECT_TRUE(light.io.stopped());
}

TEST(lifetime, a_stop_right_behind_an_answer_does_not_wait_for_its_connection)
{
    struct stopper : observer {
        void on_action(action_report const&) override
        {
            asio::post(light->io, [l = light] { l->host->stop(); });
        }
        live_light* light = nullptr;
    };
    auto const watch = std::make_shared<stopper>();
    live_light light{[&](host_options& o) {
        o.watch = watch;
        o.limits.stop_deadline = o.limits.http.idle_deadline = 3600s;
    }};
    watch->light = &light;
    light.start();
    auto socket = light.connect(); // and stays open
    asio::write(socket, asio::buffer(light.post("GetStatus", "")));
    light.io.restart();
    light.io.run_for(5s);
    EXPECT_TRUE(light.io.stopped());
}

TEST(lifetime, an_observer_may_drop_the_host)
{
    struct dropper : observer {
        void on_action(action_report const&) override { light->host.reset(); }
        live_light* light = nullptr;
    };
    auto const watch = std::make_shared<dropper>();
    live_light light{[&](host_options& o) { o.watch = watch; }};
    watch->light = &light;
    light.start();
    auto socket = light.connect();
    asio::write(socket, asio::buffer(light.post("GetStatus", "")));
    light.io.run_for(200ms);
    EXPECT_FALSE(light.host.has_value());
    socket.close();
    light.io.restart();
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped()) << "nothing of it is left on the executor";
}

TEST(lifetime, an_observer_may_switch_the_host_off_and_on)
{
    struct toggler : observer {
        void on_action(action_report const&) override
        {
            light->host->disable();
            light->host->enable();
        }
        live_light* light = nullptr;
    };
    auto const watch = std::make_shared<toggler>();
    live_light light{[&](host_options& o) { o.watch = watch; }};
    watch->light = &light;
    light.start();
    for (int round = 0; round < 3; ++round) {
        auto socket = light.connect();
        asio::write(socket, asio::buffer(light.post("GetStatus", "")));
        light.io.restart();
        light.io.run_for(100ms);
        EXPECT_TRUE(light.host->enabled());
        light.port = light.served_port();
    }
    EXPECT_THAT(light.exchange(light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(lifetime, an_observer_that_drops_the_host_hears_no_more_of_it)
{
    struct dropper : recorder {
        void on_refusal(refusal const&) override
        {
            ++heard;
            light->host.reset();
        }
        live_light* light = nullptr;
        int heard = 0;
    };
    auto const watch = std::make_shared<dropper>();
    live_light light{[&](host_options& o) { o.watch = watch; }};
    watch->light = &light;
    light.start();
    light.run_on();
    for (int i = 0; i < 3; ++i) // in one turn
        search_by_multicast(light.io, "no target");
    light.run_until([&] { return !light.host; }, "a refusal");
    light.run_on();
    EXPECT_EQ(watch->heard, 1);
}

#ifdef __linux__
TEST(lifetime, what_a_pump_has_begun_does_not_go_on_in_another_life)
{
    struct toggler : recorder {
        void on_exposure(std::vector<exposed_endpoint> const& all) override
        {
            if (!light || all.empty())
                return;
            auto& host = *std::exchange(light, nullptr)->host;
            host.disable();
            host.enable();
        }
        live_light* light = nullptr;
    };
    bool const may = in_another_namespace([] {
        switch_loopback(true);
        auto const watch = std::make_shared<toggler>();
        live_light light{[&](host_options& o) {
            o.watch = watch;
            o.policies.initial_event_delay = 0ms;
        }};
        light.start();
        light.run_on();
        event_sink sink{light};
        light.exchange(light.subscribe(sink.callback()));
        sink.next();
        watch->light = &light;
        set_loopback_alias(true); // which is told in the turn that sends the event
        light.power.state().set("Status", true);
        light.run_until([&] { return watch->light == nullptr; }, "news of the interface");
        light.run_on();
        EXPECT_EQ(light.host->snapshot().subscriptions, 0U);
        EXPECT_FALSE(sink.try_accept()) << "an event of a subscription that has ended";
    });
    if (!may)
        GTEST_SKIP() << "needs the right to make a network namespace";
}
#endif

device lamp_with(service const& power)
{
    device lamp{{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                 .udn = "uuid:2fac1234-31f8-11b4-a222-08002b34c004"_udn,
                 .friendly_name = "Slow light",
                 .manufacturer = "Example",
                 .model_name = "Bulb"}};
    lamp.add(power);
    return lamp;
}

TEST(lifetime, enabled_again_it_goes_on_although_something_was_held_back)
{
    live_light light;
    light.host.reset();
    auto power = light.make_power();
    power.moderate("Status", {.maximum_rate = 200ms});
    host_options options;
    options.interfaces = {"lo"};
    light.host.emplace(light.io.get_executor(), lamp_with(power), options);
    light.host->start();
    light.run_on();
    for (bool const on : {true, false}) { // the second one is held back
        power.state().set("Status", on);
        light.io.restart();
        light.io.poll();
    }
    light.host->disable();
    light.run_on();
    std::this_thread::sleep_for(300ms); // it would be due
    light.host->enable();
    udp::socket searcher{light.io, {asio::ip::address_v4::loopback(), 0}};
    searcher.non_blocking(true);
    searcher.send_to(asio::buffer(std::string{"M-SEARCH * HTTP/1.1\r\nHOST: 127.0.0.1:1900\r\nMAN: "
                                              "\"ssdp:discover\"\r\nST: upnp:rootdevice\r\n\r\n"}),
                     {asio::ip::address_v4::loopback(), 1900});
    light.run_until([&] { return searcher.available() != 0; }, "an answer, which takes a timer");
}

/// One that takes nothing at times, as if there were no memory for it.
struct forgetful_executor {
    asio::any_io_executor of;
    bool const* forgets;

    template <class Property>
    auto query(Property const& p) const -> decltype(asio::query(of, p))
    {
        return asio::query(of, p);
    }
    template <class Property>
    auto require(Property const& p) const
        -> std::enable_if_t<asio::can_require<asio::any_io_executor, Property>::value, forgetful_executor>
    {
        return {asio::require(of, p), forgets};
    }
    template <class F>
    void execute(F&& what) const
    {
        if (*forgets)
            throw std::bad_alloc{};
        of.execute(std::forward<F>(what));
    }
    bool operator==(forgetful_executor const&) const noexcept = default;
};

TEST(lifetime, a_change_that_could_not_be_posted_is_told_with_whatever_happens_next)
{
    bool forgets = false;
    live_light light;
    light.host.reset();
    auto power = light.make_power();
    host_options options;
    options.interfaces = {"lo"};
    light.host.emplace(forgetful_executor{light.io.get_executor(), &forgets}, lamp_with(power), options);
    light.start();
    event_sink sink{light};
    EXPECT_THAT(light.exchange(light.subscribe(sink.callback())), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(sink.next(), HasSubstr("SEQ: 0\r\n"));
    forgets = true;
    EXPECT_THROW(power.state().set("Status", true), std::bad_alloc);
    forgets = false;
    EXPECT_THAT(light.exchange(light.get("/anything")), StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(sink.next(), AllOf(HasSubstr("SEQ: 1\r\n"), HasSubstr("<Status>1</Status>")));
    forgets = true;
    {
        auto const all = power.batch(); // whose end throws nothing
        power.state().set("Status", false);
    }
    forgets = false;
    EXPECT_THAT(light.exchange(light.get("/anything")), StartsWith("HTTP/1.1 404 "));
    EXPECT_THAT(sink.next(), AllOf(HasSubstr("SEQ: 2\r\n"), HasSubstr("<Status>0</Status>")));
}

TEST(lifetime, disabled_it_answers_nobody_and_enabled_it_serves_again)
{
    live_light light;
    EXPECT_FALSE(light.host->enabled());
    light.start();
    for (int round = 0; round < 5; ++round) {
        EXPECT_TRUE(light.host->enabled());
        EXPECT_FALSE(light.host->exposure().empty());
        event_sink sink{light};
        auto const subscribed = light.exchange(light.subscribe(sink.callback()));
        EXPECT_THAT(subscribed, StartsWith("HTTP/1.1 200 OK"));

        light.host->disable();
        EXPECT_FALSE(light.host->enabled());
        light.run_until([&] { return light.host->exposure().empty(); }, "the byebyes");
        EXPECT_TRUE(light.host->serving().empty());
        EXPECT_THROW(light.connect(), boost::system::system_error);
        light.host->disable(); // once more is harmless

        light.host->enable();
        light.port = light.served_port();
        EXPECT_THAT(light.exchange(light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
        auto const sid = subscribed.substr(subscribed.find("SID: "), 46);
        EXPECT_THAT(light.exchange("UNSUBSCRIBE /event HTTP/1.1\r\nHOST: " + light.authority() + "\r\n" +
                                   sid + "\r\n\r\n"),
                    StartsWith("HTTP/1.1 412 "));
    }
    light.host->stop();
    light.io.restart();
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped());
    EXPECT_TRUE(light.host->exposure().empty());
}

TEST(lifetime, enable_overtakes_the_byebyes)
{
    live_light light;
    light.start();
    light.host->disable();
    light.host->enable();
    light.port = light.served_port();
    EXPECT_THAT(light.exchange(light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(lifetime, stop_is_for_good_also_while_disabled_or_on_the_way)
{
    for (bool const wait : {false, true}) {
        live_light light;
        light.start();
        light.host->disable();
        if (wait)
            light.run_until([&] { return light.host->exposure().empty(); }, "the byebyes");
        light.host->stop();
        EXPECT_THROW(light.host->enable(), boost::system::system_error);
        light.io.restart();
        light.io.run_for(3s);
        EXPECT_TRUE(light.io.stopped()) << wait;
    }
    live_light never;
    EXPECT_THROW(never.host->enable(), boost::system::system_error);
    never.host->disable();
    never.start();
}

TEST(lifetime, a_handler_may_disable_the_host_and_is_still_answered)
{
    live_light light;
    light.wait_action = 50ms;
    light.start();
    auto socket = begin_waiting(light);
    light.host->disable();
    EXPECT_THAT(light.read(socket, live_light::complete), StartsWith("HTTP/1.1 200 OK"));
    light.run_until([&] { return light.host->exposure().empty(); }, "the end");
}

TEST(lifetime, enable_that_fails_leaves_it_disabled_and_may_be_tried_again)
{
    std::uint16_t port = 0;
    {
        live_light first;
        first.start();
        port = first.port;
    } // it was free a moment ago
    live_light light{[&](host_options& o) { o.port = port; }};
    light.start();
    light.host->disable();
    light.run_until([&] { return light.host->exposure().empty(); }, "the byebyes");
    {
        live_light thief{[&](host_options& o) { o.port = port; }};
        thief.start();
        EXPECT_THROW(light.host->enable(), boost::system::system_error);
        EXPECT_FALSE(light.host->enabled());
        EXPECT_TRUE(light.host->exposure().empty());
    }
    light.host->enable();
    EXPECT_TRUE(light.host->enabled());
    EXPECT_THAT(light.exchange(light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(lifetime, hosts_can_be_moved_while_they_serve)
{
    live_light light;
    light.start();
    auto moved = std::move(*light.host);
    EXPECT_THAT(light.exchange(light.get("/desc.xml")), StartsWith("HTTP/1.1 200 OK"));
    *light.host = std::move(moved);
}

} // namespace
} // namespace onlink::test
