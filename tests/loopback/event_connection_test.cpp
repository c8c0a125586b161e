// SPDX-License-Identifier: BSL-1.0
// Events over real connections, kept and not; and what posts them.
#include "support/live_light.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace onlink::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char const* ok = "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n\r\n";

/// A light and a subscriber that keeps its connections.
struct event_connection : testing::Test {
    explicit event_connection(live_light::configure const& change = {}) : light(change)
    {
        light.start();
        light.exchange(light.subscribe(sink.callback()));
    }

    tcp::socket accept()
    {
        std::optional<tcp::socket> socket;
        light.run_until([&] { return (socket = sink.try_accept()).has_value(); }, "a connection");
        return *std::move(socket);
    }
    std::string read(tcp::socket& from) { return light.read(from, live_light::complete); }
    void answer(tcp::socket& to, std::string const& with = ok)
    {
        auto const settled = light.watch->deliveries.size();
        asio::write(to, asio::buffer(with));
        light.run_until([&] { return light.watch->deliveries.size() > settled; }, "the delivery's end");
    }
    void turn()
    {
        light.io.restart();
        light.io.run_for(30ms);
    }
    void set(bool on) { light.power.state().set("Status", on); }
    std::uint64_t lost() { return light.host->refusals()[refusal_reason::event_undelivered]; }

    live_light light;
    event_sink sink{light};
};

TEST_F(event_connection, GENA_44_one_event_after_the_other_goes_over_one_connection)
{
    auto kept = accept();
    EXPECT_THAT(read(kept), HasSubstr("SEQ: 0\r\n"));
    answer(kept);
    EXPECT_EQ(light.host->snapshot().kept_connections, 1U);
    for (int seq = 1; seq < 20; ++seq) {
        set(seq % 2 == 1);
        EXPECT_THAT(read(kept), HasSubstr("SEQ: " + std::to_string(seq) + "\r\n"));
        answer(kept);
    }
    EXPECT_FALSE(sink.try_accept().has_value());
    EXPECT_EQ(light.host->snapshot().events_delivered, 20U);
    EXPECT_EQ(light.watch->deliveries, std::vector<bool>(20, true));
}

TEST_F(event_connection, GENA_44_a_subscriber_that_says_close_gets_a_new_one_for_each_event)
{
    for (auto const* closing :
         {"HTTP/1.1 200 OK\r\nCONNECTION: close\r\nCONTENT-LENGTH: 0\r\n\r\n", "HTTP/1.0 200 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 64000000\r\n\r\nno more of it"}) {
        auto once = accept();
        read(once);
        answer(once, closing);
        EXPECT_EQ(light.read(once, [](auto&) { return false; }), "") << "we hang up, and wait for nothing";
        EXPECT_EQ(light.host->snapshot().kept_connections, 0U);
        set(!light.power.state().get<bool>("Status"));
    }
    EXPECT_EQ(lost(), 0U);
}

TEST_F(event_connection, GENA_44_one_that_the_subscriber_closed_meanwhile_costs_no_event)
{
    {
        auto kept = accept();
        read(kept);
        answer(kept);
    }
    light.run_until(
        [&] {
            auto const now = light.host->snapshot();
            return now.events_delivered == 1 && now.kept_connections == 0;
        },
        "the end to be seen");
    set(true);
    auto fresh = accept();
    EXPECT_THAT(read(fresh), HasSubstr("SEQ: 1\r\n"));
    answer(fresh);
    EXPECT_EQ(lost(), 0U);
}

TEST_F(event_connection, GENA_44_nor_one_that_it_closes_on_the_event)
{
    {
        auto kept = accept();
        read(kept);
        answer(kept);
        set(true);
        EXPECT_THAT(read(kept), HasSubstr("SEQ: 1\r\n"));
    } // closed without an answer, as by a server whose patience ended just then
    auto fresh = accept();
    EXPECT_THAT(read(fresh), AllOf(HasSubstr("SEQ: 1\r\n"), HasSubstr("<Status>1</Status>")));
    answer(fresh);
    EXPECT_EQ(lost(), 0U);
}

TEST_F(event_connection, GENA_44_a_fresh_one_that_is_closed_without_an_answer_does)
{
    {
        auto once = accept();
        read(once);
    }
    light.run_until([&] { return lost() == 1; });
}

TEST_F(event_connection, GENA_44_a_subscriber_that_talks_without_being_asked_is_hung_up_on)
{
    auto kept = accept();
    read(kept);
    answer(kept);
    asio::write(kept, asio::buffer(std::string{ok}));
    EXPECT_EQ(light.read(kept, [](auto&) { return false; }), "");
    EXPECT_EQ(light.host->snapshot().kept_connections, 0U);
}

TEST_F(event_connection, GENA_44_an_answer_in_pieces_is_one_answer)
{
    auto kept = accept();
    read(kept);
    for (char const c : std::string_view{ok}) {
        asio::write(kept, asio::buffer(&c, 1));
        light.io.restart();
        light.io.run_for(1ms);
    }
    light.run_until([&] { return light.host->snapshot().events_delivered == 1; });
    EXPECT_EQ(light.host->snapshot().kept_connections, 1U);
}

TEST(event_connections, GENA_41_a_subscriber_that_does_not_read_is_given_up)
{
    live_light light{[](host_options& o) { o.limits.eventing.notify_write_deadline = 1s; }};
    scpd const contract = scpd::build().state("Picture", data_type::string).done().value();
    service large{{.type = "urn:example-com:service:Large:1"_service_type,
                   .id = "urn:example-com:serviceId:Large"_service_id,
                   .paths = {.event = "/large"}},
                  contract};
    large.state().set("Picture", std::string(8 << 20, 'x')); // more than the system takes at once
    device camera{{.type = "urn:example-com:device:Camera:1"_device_type,
                   .udn = "uuid:2fac1234-31f8-11b4-a222-08002b34c0aa"_udn,
                   .friendly_name = "Camera",
                   .manufacturer = "Example",
                   .model_name = "C"}};
    camera.add(large);
    light.host->add(camera);
    light.start();
    event_sink sink{light};
    auto request = light.subscribe(sink.callback());
    request.replace(request.find("/event"), 6, "/large");
    light.exchange(request);
    std::optional<tcp::socket> silent;
    light.run_until([&] { return (silent = sink.try_accept()).has_value(); });
    light.run_until([&] { return light.host->refusals()[refusal_reason::event_undelivered] == 1; });
}

TEST(event_connections, a_change_log_that_throws_does_not_end_the_loop)
{
    struct broken_log : change_log {
        std::string take_changes() override { throw std::runtime_error{"bug"}; }
        std::string everything() const override { throw std::runtime_error{"bug"}; }
    };
    live_light light;
    service player{{.type = "urn:example-com:service:Player:1"_service_type,
                    .id = "urn:example-com:serviceId:Player"_service_id,
                    .paths = {.event = "/player"}},
                   scpd::build().state("LastChange", data_type::string).done().value()};
    player.state().tell_by("LastChange", std::make_shared<broken_log>());
    device radio{{.type = "urn:example-com:device:Radio:1"_device_type,
                  .udn = "uuid:2fac1234-31f8-11b4-a222-08002b34c0ab"_udn,
                  .friendly_name = "Radio",
                  .manufacturer = "Example",
                  .model_name = "R"}};
    radio.add(player);
    light.host->add(radio);
    light.start();
    event_sink sink{light};
    auto request = light.subscribe(sink.callback());
    request.replace(request.find("/event"), 6, "/player");
    light.exchange(request);
    EXPECT_THAT(sink.next(), HasSubstr("SEQ: 0\r\n"));
    player.state().touch(0);
    EXPECT_THAT(sink.next(), HasSubstr("SEQ: 1\r\n"));
    EXPECT_EQ(light.host->refusals()[refusal_reason::internal_error], 2U);
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::internal_error));
}

TEST_F(event_connection, stopping_leaves_no_kept_connection_and_nothing_on_the_loop)
{
    auto kept = accept();
    read(kept);
    answer(kept);
    light.host->stop();
    light.io.restart();
    light.io.run();
    EXPECT_EQ(light.read(kept, [](auto&) { return false; }), "");
    EXPECT_EQ(light.host->snapshot().kept_connections, 0U);
    EXPECT_EQ(light.host->snapshot().subscriptions, 0U);
}

TEST_F(event_connection, dropping_the_host_in_the_middle_of_an_event_leaves_nothing_either)
{
    auto once = accept();
    light.host.reset();
    light.io.restart();
    light.io.run();
    EXPECT_THAT(light.watch->deliveries, IsEmpty());
}

// ---- From other threads

TEST_F(event_connection, GENA_36_what_one_post_changes_goes_out_in_one_event)
{
    auto kept = accept();
    read(kept);
    answer(kept);
    auto const status = light.power.variable<bool>("Status");
    std::thread sensor{[&, status] {
        light.host->post([status] {
            status = true;
            status = false;
            status = true;
        });
    }};
    EXPECT_THAT(read(kept), AllOf(HasSubstr("SEQ: 1\r\n"), HasSubstr("<Status>1</Status>")));
    sensor.join();
    answer(kept);
}

TEST_F(event_connection, posts_of_many_threads_all_arrive)
{
    int count = 0; // on the loop only
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int turn = 0; turn < 250; ++turn)
                light.host->post([&count] { ++count; });
        });
    light.run_until([&] { return count == 1000; });
    for (auto& thread : threads)
        thread.join();
}

TEST_F(event_connection, an_exception_that_leaves_a_post_is_counted_and_goes_nowhere)
{
    light.host->post([] { throw std::runtime_error{"bomb"}; });
    light.run_until([&] { return light.host->refusals()[refusal_reason::internal_error] == 1; });
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::internal_error));
}

TEST_F(event_connection, what_was_posted_to_a_host_that_is_gone_is_dropped)
{
    bool ran = false;
    light.host->post([&] { ran = true; });
    light.host.reset();
    light.io.restart();
    light.io.run();
    EXPECT_FALSE(ran);
}

TEST_F(event_connection, GENA_36_a_batch_lasts_over_a_wait)
{
    auto kept = accept();
    read(kept);
    answer(kept);
    auto const status = light.power.variable<bool>("Status");
    std::optional<state_batch> together{light.power.batch()};
    status = true;
    turn();
    EXPECT_EQ(light.watch->deliveries.size(), 1U);
    boost::system::error_code ec;
    char byte = 0;
    kept.read_some(asio::buffer(&byte, 1), ec);
    EXPECT_EQ(ec, asio::error::would_block) << "nothing has come";
    together.reset();
    EXPECT_THAT(read(kept), HasSubstr("<Status>1</Status>"));
    answer(kept);
}

} // namespace
} // namespace onlink::test
