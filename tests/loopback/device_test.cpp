// SPDX-License-Identifier: BSL-1.0
// The public API over real sockets on 127.0.0.1.
#include "support/live_light.hpp"

#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/read.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <string_view>

namespace onlink::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

TEST(loopback_device, description_control_and_events_over_real_sockets)
{
    live_light light;
    light.start();
    EXPECT_THAT(light.exchange(light.get("/desc.xml")),
                HasSubstr("<friendlyName>Loopback light</friendlyName>"));

    event_sink sink{light};
    EXPECT_THAT(light.exchange(light.subscribe(sink.callback())), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(sink.next(), AllOf(StartsWith("NOTIFY /ev HTTP/1.1\r\n"), HasSubstr("SEQ: 0\r\n"),
                                   HasSubstr("<Status>0</Status>")));

    EXPECT_THAT(light.exchange(light.post("SetTarget", "<newTargetValue>1</newTargetValue>")),
                StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(sink.next(), AllOf(HasSubstr("SEQ: 1\r\n"), HasSubstr("<Status>1</Status>")));
    EXPECT_THAT(light.exchange(light.post("GetStatus", "")), HasSubstr("<ResultStatus>1</ResultStatus>"));

    EXPECT_THAT(light.watch->actions, ElementsAre("SetTarget", "GetStatus"));
    EXPECT_THAT(light.watch->deliveries, ElementsAre(true, true));
    EXPECT_THAT(light.watch->refusals, testing::IsEmpty());
}

TEST(loopback_device, GENA_31_the_answer_comes_before_the_initial_event)
{
    live_light light;
    light.start();
    event_sink sink{light};
    auto socket = light.connect();
    asio::write(socket, asio::buffer(light.subscribe(sink.callback())));
    std::string answer;
    light.run_until([&] {
        char chunk[1024];
        boost::system::error_code ec;
        auto const n = socket.read_some(asio::buffer(chunk), ec);
        answer.append(chunk, n);
        bool const event_is_here = sink.try_accept().has_value();
        EXPECT_TRUE(!event_is_here || live_light::complete(answer)) << "an event before the whole answer";
        return event_is_here;
    });
    EXPECT_THAT(answer, AllOf(HasSubstr("SID: uuid:"), HasSubstr("CONTENT-LENGTH: 0\r\n")));
}

TEST(loopback_device, GENA_31_the_end_of_a_closing_answer_comes_before_the_initial_event)
{
    live_light light{[](host_options& o) { o.policies.initial_event_delay = 0ms; }};
    light.start();
    event_sink sink{light};
    auto const subscribe = light.subscribe(sink.callback());
    auto closing = subscribe;
    closing.insert(closing.find("NT: "), "CONNECTION: close\r\n");
    auto old = subscribe;
    old.replace(old.find("HTTP/1.1"), 8, "HTTP/1.0");
    for (auto const& request : {closing, old}) {
        auto socket = light.connect();
        asio::write(socket, asio::buffer(request));
        light.run_until([&] { return sink.try_accept().has_value(); }, "an event");
        std::string answer(4096, '\0'); // all of it is here by now, and its end, without the loop running on
        boost::system::error_code ec;
        answer.resize(asio::read(socket, asio::buffer(answer), ec));
        EXPECT_EQ(ec, asio::error::eof) << ec.message();
        EXPECT_THAT(answer, HasSubstr("SID: uuid:"));
    }
}

TEST(loopback_device, DESC_10_a_connection_serves_several_requests)
{
    live_light light;
    light.start();
    auto socket = light.connect();
    for (int i = 0; i < 3; ++i)
        EXPECT_THAT(light.exchange(socket, light.get("/scpd.xml")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(loopback_device, N_24_DESC_15_100_continue_comes_at_once)
{
    live_light light;
    light.start();
    auto const request = light.post("SetTarget", "<newTargetValue>1</newTargetValue>");
    auto head = request.substr(0, request.find("\r\n\r\n") + 4);
    head.insert(head.find("SOAPACTION"), "EXPECT: 100-continue\r\n");
    auto socket = light.connect();
    EXPECT_EQ(light.exchange(socket, head), "HTTP/1.1 100 Continue\r\n\r\n");
    EXPECT_THAT(light.exchange(socket, request.substr(request.find("\r\n\r\n") + 4)),
                StartsWith("HTTP/1.1 200 OK"));
}

TEST(loopback_device, GENA_36_changes_made_together_are_one_event)
{
    live_light light;
    light.start();
    event_sink sink{light};
    light.exchange(light.subscribe(sink.callback()));
    sink.next();
    light.power.state().set("Status", true);
    light.power.state().set("Status", false);
    light.power.state().set("Status", true);
    EXPECT_THAT(sink.next(), AllOf(HasSubstr("SEQ: 1\r\n"), HasSubstr("<Status>1</Status>")));
    light.io.restart();
    light.io.run_for(50ms);
    EXPECT_FALSE(sink.try_accept().has_value());
}

TEST(loopback_device, an_action_may_wait_without_holding_up_others)
{
    live_light light;
    light.wait_action = 100ms;
    light.start();
    auto waiting = light.connect();
    asio::write(waiting, asio::buffer(light.post("Wait", "")));
    EXPECT_THAT(light.exchange(light.post("GetStatus", "")), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_FALSE(light.wait_finished);
    EXPECT_THAT(light.read(waiting, live_light::complete), HasSubstr("WaitResponse"));
    EXPECT_TRUE(light.wait_finished);
}

TEST(loopback_device, a_coroutine_that_never_suspends_is_answered_at_once)
{
    live_light light;
    light.start();
    EXPECT_THAT(light.exchange(light.post("Hurry", "")), HasSubstr("HurryResponse"));
    EXPECT_THAT(light.exchange(light.post("Hurry", "")), HasSubstr("HurryResponse"));
}

TEST(loopback_device, CTRL_15_an_action_past_its_deadline_is_answered_501_and_cancelled)
{
    live_light light{[](host_options& o) { o.limits.control.action_deadline = 1s; }};
    light.wait_action = 3600s;
    light.start();
    EXPECT_THAT(light.exchange(light.post("Wait", "")),
                AllOf(StartsWith("HTTP/1.1 500 "), HasSubstr("<errorCode>501</errorCode>")));
    EXPECT_THAT(light.watch->refusals, Contains(refusal_reason::action_timeout));
    // Its slot is free again: as many as may run can be started.
    EXPECT_FALSE(light.wait_finished);
    EXPECT_THAT(light.exchange(light.post("GetStatus", "")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(loopback_device, a_handler_that_throws_is_501_and_tells_nothing)
{
    struct listener : recorder {
        void on_refusal(refusal const& r) override { details += r.detail; }
        std::string details;
    };
    auto const watch = std::make_shared<listener>();
    live_light light{[&](host_options& o) { o.watch = watch; }};
    light.start();
    for (auto const* action : {"Explode", "ExplodeLater"})
        EXPECT_THAT(light.exchange(light.post(action, "")),
                    AllOf(HasSubstr("<errorCode>501</errorCode>"), Not(HasSubstr("secret"))))
            << action;
    EXPECT_EQ(light.host->refusals()[refusal_reason::internal_error], 2U);
    EXPECT_THAT(watch->actions, ElementsAre("Explode", "ExplodeLater"));
    EXPECT_THAT(watch->details, AllOf(HasSubstr("ExplodeLater"), Not(HasSubstr("secret"))));
    EXPECT_THAT(light.exchange(light.post("GetStatus", "")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(loopback_device, a_coroutine_that_throws_is_501_and_tells_nothing)
{
    live_light light;
    light.power.on("Hurry", [](action_caller) -> asio::awaitable<void> { throw std::string{"secret"}; });
    light.power.on("Wait", [&light]() -> asio::awaitable<action_outcome<void>> {
        asio::steady_timer timer{light.io, 1ms};
        co_await timer.async_wait(asio::use_awaitable);
        throw std::runtime_error{"secret"};
    });
    light.start();
    for (unsigned count = 1; auto const* action : {"Hurry", "Wait"}) {
        EXPECT_THAT(light.exchange(light.post(action, "")),
                    AllOf(HasSubstr("<errorCode>501</errorCode>"), Not(HasSubstr("secret"))));
        EXPECT_EQ(light.host->refusals()[refusal_reason::internal_error], count++) << action;
    }
    EXPECT_THAT(light.exchange(light.post("GetStatus", "")), StartsWith("HTTP/1.1 200 OK"));
}

TEST(loopback_device, too_many_waiting_actions_are_503)
{
    live_light light{
        [](host_options& o) { o.limits.control.max_running = o.limits.control.max_running_per_peer = 1; }};
    light.wait_action = 500ms;
    light.start();
    auto waiting = light.connect();
    asio::write(waiting, asio::buffer(light.post("Wait", "")));
    light.run_until([&] { return light.host->snapshot().running_actions == 1; }, "the action");
    EXPECT_THAT(light.exchange(light.post("Wait", "")), StartsWith("HTTP/1.1 503 "));
    EXPECT_THAT(light.watch->refusals, ElementsAre(refusal_reason::action_limit));
    EXPECT_THAT(light.exchange(light.post("GetStatus", "")), StartsWith("HTTP/1.1 200 OK"))
        << "what answers at once needs no place";
    EXPECT_THAT(light.read(waiting, live_light::complete), StartsWith("HTTP/1.1 200 OK"));
    EXPECT_THAT(light.exchange(light.post("Wait", "")), StartsWith("HTTP/1.1 200 OK"));
}

/// A socket in the group, on loopback.
udp::socket group_member(asio::io_context& io)
{
    auto const group = asio::ip::make_address_v4("239.255.255.250");
    udp::socket socket{io};
    socket.open(udp::v4());
    socket.set_option(udp::socket::reuse_address{true});
    socket.bind({group, 1900});
    socket.set_option(asio::ip::multicast::join_group{group, asio::ip::address_v4::loopback()});
    socket.non_blocking(true);
    return socket;
}

/// Messages of our light that have come in; others may be on the group too.
void receive(udp::socket& socket, std::vector<std::string>& into)
{
    char buffer[2048];
    for (;;) {
        udp::endpoint from;
        boost::system::error_code ec;
        auto const size = socket.receive_from(asio::buffer(buffer), from, 0, ec);
        if (ec)
            return;
        std::string message{buffer, size};
        if (message.find("2fac1234-31f8-11b4-a222-08002b34c003") != message.npos)
            into.push_back(std::move(message));
    }
}

TEST(loopback_device, SSDP_25_SSDP_30_alive_at_start_and_byebye_at_stop)
{
    live_light light;
    auto member = group_member(light.io);
    light.start();
    std::vector<std::string> messages;
    light.run_until([&] { return receive(member, messages), messages.size() >= 4; }, "the alive set");
    EXPECT_THAT(messages, testing::Each(HasSubstr("NTS: ssdp:alive\r\n")));
    EXPECT_THAT(messages, Contains(HasSubstr("LOCATION: http://" + light.authority() + "/desc.xml\r\n")));

    messages.clear();
    light.host->stop();
    light.io.restart();
    light.io.run_for(3s); // returns as soon as nothing is left on the loop
    EXPECT_TRUE(light.io.stopped()) << "stop() leaves nothing behind";
    receive(member, messages);
    EXPECT_THAT(messages, SizeIs(4));
    EXPECT_THAT(messages, testing::Each(HasSubstr("NTS: ssdp:byebye\r\n")));
}

/// The time to live that a waiting datagram of our light came with; none if none waits.
std::optional<int> received_ttl(udp::socket& socket)
{
    char bytes[2048];
    alignas(cmsghdr) char control[64];
    iovec part{bytes, sizeof bytes};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    auto const size = ::recvmsg(socket.native_handle(), &message, 0);
    if (size < 0 || std::string_view{bytes, static_cast<std::size_t>(size)}.find(
                        "2fac1234-31f8-11b4-a222-08002b34c003") == std::string_view::npos)
        return std::nullopt;
    for (auto* with = CMSG_FIRSTHDR(&message); with; with = CMSG_NXTHDR(&message, with))
        if (with->cmsg_level == IPPROTO_IP && with->cmsg_type == IP_TTL)
            return *reinterpret_cast<int const*>(CMSG_DATA(with));
    return std::nullopt;
}

TEST(loopback_device, SSDP_02_the_TTL_of_multicasts_is_2_or_as_configured)
{
    for (std::uint8_t const configured : {std::uint8_t{0}, std::uint8_t{5}}) {
        live_light light{[&](host_options& o) {
            if (configured != 0)
                o.policies.multicast_ttl = configured;
        }};
        auto member = group_member(light.io);
        member.set_option(asio::detail::socket_option::boolean<IPPROTO_IP, IP_RECVTTL>{true});
        light.start();
        std::optional<int> ttl;
        light.run_until([&] { return (ttl = received_ttl(member)).has_value(); }, "an advertisement");
        EXPECT_EQ(*ttl, configured != 0 ? configured : 2);
    }
}

TEST(loopback_device, SSDP_43_searches_are_answered_by_multicast_and_unicast)
{
    live_light light;
    light.start();
    udp::socket asker{light.io, udp::endpoint{asio::ip::address_v4::loopback(), 0}};
    asker.non_blocking(true);
    asker.set_option(asio::ip::multicast::outbound_interface{asio::ip::address_v4::loopback()});
    std::string const search =
        "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n"
        "MX: 1\r\nST: upnp:rootdevice\r\n\r\n";
    for (auto const* to : {"239.255.255.250", "127.0.0.1"}) {
        asker.send_to(asio::buffer(search), {asio::ip::make_address(to), 1900});
        std::vector<std::string> answers;
        light.run_until([&] { return receive(asker, answers), !answers.empty(); }, "an answer");
        EXPECT_THAT(answers, ElementsAre(AllOf(StartsWith("HTTP/1.1 200 OK\r\n"),
                                               HasSubstr("ST: upnp:rootdevice\r\n"))))
            << to;
    }
}

TEST(loopback_device, options_that_contradict_fail_at_construction_and_name_the_field)
{
    try {
        live_light light{[](host_options& o) { o.limits.http.max_connections = 0; }};
        FAIL() << "accepted";
    } catch (configuration_error const& e) {
        EXPECT_THAT(e.what(), HasSubstr("limits.http.max_connections"));
    }
}

TEST(loopback_device, an_unknown_interface_fails_at_start)
{
    live_light light{[](host_options& o) {
        o.interfaces = {"nosuchif0"};
        o.policies.wait_for_network = false;
    }};
    try {
        light.host->start();
        FAIL() << "started";
    } catch (boost::system::system_error const& e) {
        EXPECT_EQ(e.code(), errc::unknown_interface);
    }
}

TEST(loopback_device, an_unknown_interface_is_waited_for_if_the_policy_says_so)
{
    live_light light{[](host_options& o) { o.interfaces = {"nosuchif0"}; }};
    light.host->start();
    EXPECT_TRUE(light.host->enabled());
    EXPECT_TRUE(light.host->serving().empty());
    light.io.run_for(100ms);
    light.host->stop();
    light.io.run_for(3s);
    EXPECT_TRUE(light.io.stopped());
}

TEST(loopback_device, a_port_in_use_fails_at_start_and_leaves_nothing_open)
{
    live_light light;
    light.start();
    live_light second{[&](host_options& o) { o.port = light.port; }};
    EXPECT_THROW(second.host->start(), boost::system::system_error);
    second.io.run_for(1s);
    EXPECT_TRUE(second.io.stopped());
}

} // namespace
} // namespace onlink::test
