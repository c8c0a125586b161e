// SPDX-License-Identifier: BSL-1.0
// The interfaces of the machine that runs the tests, whatever they are.
#include "net/getifaddrs_reader.hpp"
#include "net/interface_monitor.hpp"
#include "support/live_light.hpp"
#include "support/own_namespace.hpp"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <set>
#include <stop_token>
#include <string>
#include <thread>

namespace onlink {
namespace {

using namespace std::chrono_literals;

address ip(char const* text) { return boost::asio::ip::make_address(text); }

struct interface_monitor_test : testing::Test {
    boost::asio::io_context io;
    limits::interface_limits bounds;
    interface_monitor monitor{io.get_executor(), bounds, true};
};

TEST_F(interface_monitor_test, reads_the_loopback_interface)
{
    auto const table = monitor.read();
    ASSERT_TRUE(table);
    auto const lo = std::find_if(table->all().begin(), table->all().end(),
                                 [](network_interface const& i) { return i.owns(ip("127.0.0.1")); });
    ASSERT_NE(lo, table->all().end());
    EXPECT_TRUE(lo->loopback && lo->up);
    EXPECT_FALSE(lo->point_to_point);
    EXPECT_NE(lo->index, 0u);
    auto const own = std::find_if(lo->addresses.begin(), lo->addresses.end(),
                                  [](interface_address const& a) { return a.address == ip("127.0.0.1"); });
    EXPECT_EQ(own->prefix_length, 8u);
    EXPECT_EQ(own->scope, address_scope::host);
    EXPECT_EQ(own->peer, std::nullopt);
}

TEST_F(interface_monitor_test, two_readings_of_one_situation_are_equal)
{
    auto const first = monitor.read();
    auto const second = monitor.read();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->all(), second->all()); // neighbours come and go
}

/// What both ways of reading know.
std::set<std::string> common_facts(interface_table const& table)
{
    std::set<std::string> facts;
    for (auto const& each : table.all()) {
        auto const name = std::to_string(each.index) + ' ' + each.name;
        facts.insert(name + (each.up ? " up" : "") + (each.multicast ? " multicast" : "") +
                     (each.loopback ? " loopback" : "") + (each.point_to_point ? " point to point" : ""));
        for (auto const& own : each.addresses)
            facts.insert(name + ' ' + own.address.to_string() + '/' + std::to_string(own.prefix_length) +
                         (own.peer ? " peer " + own.peer->to_string() : ""));
    }
    return facts;
}

TEST_F(interface_monitor_test, netlink_and_getifaddrs_agree)
{
    auto const told = monitor.read();
    auto const by_getifaddrs = read_by_getifaddrs(bounds);
    ASSERT_TRUE(told && by_getifaddrs);
    EXPECT_EQ(common_facts(*told), common_facts(*by_getifaddrs));
}

TEST_F(interface_monitor_test, both_keep_to_the_limits)
{
    limits::interface_limits const narrow{.max_known_interfaces = 1, .max_addresses = 1, .max_routes = 1};
    interface_monitor few{io.get_executor(), narrow, false};
    for (auto const& table : {few.read(), read_by_getifaddrs(narrow)}) {
        ASSERT_TRUE(table);
        ASSERT_EQ(table->all().size(), 1u);
        EXPECT_LE(table->all()[0].addresses.size(), 1u);
        EXPECT_LE(table->all()[0].routes.size(), 1u);
        EXPECT_TRUE(table->neighbours().empty());
    }
}

#ifdef __linux__

using test::in_another_namespace;
using test::switch_loopback;

bool loopback_is_up(interface_monitor& monitor)
{
    auto const table = monitor.read();
    return table && table->find("lo") && table->find("lo")->up;
}

TEST(interface_monitor_in_a_namespace, tells_of_a_change_at_once_and_of_the_next_after_the_gap)
{
    bool const may = in_another_namespace([] {
        boost::asio::io_context io;
        limits::interface_limits bounds;
        bounds.read_gap = 2s; // within which all of this is, also on a machine that is busy
        interface_monitor monitor{io.get_executor(), bounds, false};
        EXPECT_FALSE(loopback_is_up(monitor));
        int calls = 0;
        ASSERT_TRUE(monitor.follow([&] { ++calls; }));
        EXPECT_TRUE(monitor.up_to_date());
        io.run_for(10ms);
        EXPECT_EQ(calls, 0);

        switch_loopback(true);
        EXPECT_TRUE(monitor.up_to_date()) << "it has just said so";
        EXPECT_EQ(calls, 1);
        EXPECT_TRUE(loopback_is_up(monitor));

        switch_loopback(false);
        EXPECT_FALSE(monitor.up_to_date()) << "it will say so at the end of the gap";
        EXPECT_EQ(calls, 1);
        for (int turn = 0; turn < 500 && calls < 2; ++turn)
            io.run_for(10ms);
        EXPECT_EQ(calls, 2);
        EXPECT_TRUE(monitor.up_to_date());
        EXPECT_FALSE(loopback_is_up(monitor));
    });
    if (!may)
        GTEST_SKIP() << "needs the right to make a network namespace";
}

// ---- With a host behind it

using test::event_sink;
using test::live_light;
using test::set_loopback_alias;

/// Whether the host takes 10.9.9.9/8 for a part of its segment.
bool knows_alias(live_light& light)
{
    auto const all = light.host->exposure();
    return !all.empty() && std::any_of(all[0].segment.begin(), all[0].segment.end(),
                                       [](ip_prefix const& p) { return p.to_string() == "10.0.0.0/8"; });
}

TEST(interface_monitor_in_a_namespace, a_change_is_not_lost_where_no_descriptor_is_left_to_read_it)
{
    bool const may = in_another_namespace([] {
        switch_loopback(true);
        live_light light;
        light.start();
        event_sink sink{light};
        light.exchange(light.subscribe(sink.callback()));
        sink.next();
        rlimit before{};
        ::getrlimit(RLIMIT_NOFILE, &before);
        set_loopback_alias(true);
        rlimit none = before;
        none.rlim_cur = 0;
        ::setrlimit(RLIMIT_NOFILE, &none);
        light.io.restart();
        light.io.run_for(300ms);
        EXPECT_FALSE(knows_alias(light));
        light.power.state().set("Status", true);
        light.io.restart();
        light.io.run_for(100ms);
        EXPECT_THAT(light.watch->deliveries, testing::SizeIs(1)) << "none goes by what may be wrong";
        ::setrlimit(RLIMIT_NOFILE, &before);
        light.run_until([&] { return knows_alias(light); }, "the new address");
        EXPECT_THAT(sink.next(), testing::HasSubstr("SEQ: 1\r\n"));
    });
    if (!may)
        GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(interface_monitor_in_a_namespace, events_go_while_interfaces_change_all_the_time)
{
    bool const may = in_another_namespace([] {
        switch_loopback(true);
        live_light light;
        light.start();
        event_sink sink{light};
        light.exchange(light.subscribe(sink.callback()));
        sink.next();
        std::jthread const storm{[](std::stop_token const& over) {
            for (unsigned turn = 0; !over.stop_requested() && turn < 10'000'000; ++turn)
                set_loopback_alias(turn % 2 == 0);
        }};
        for (int seq = 1; seq <= 5; ++seq) {
            light.power.state().set("Status", seq % 2 == 1);
            EXPECT_THAT(sink.next(), testing::HasSubstr("SEQ: " + std::to_string(seq) + "\r\n"));
        }
    });
    if (!may)
        GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST(interface_monitor_in_a_namespace, survives_more_news_than_the_system_can_keep)
{
    bool const may = in_another_namespace([] {
        boost::asio::io_context io;
        limits::interface_limits bounds;
        bounds.read_gap = 1ms;
        interface_monitor monitor{io.get_executor(), bounds, false};
        int calls = 0;
        ASSERT_TRUE(monitor.follow([&] { ++calls; }));
        for (int turn = 0; turn < 1000; ++turn) // nobody listens meanwhile: ENOBUFS
            switch_loopback(turn % 2 == 0);
        for (int turn = 0; turn < 500 && (calls == 0 || !monitor.up_to_date()); ++turn)
            io.run_for(2ms);
        EXPECT_GT(calls, 0);
        EXPECT_LT(calls, 100) << "many are told as one";
        EXPECT_FALSE(loopback_is_up(monitor));

        int const before = calls;
        switch_loopback(true);
        for (int turn = 0; turn < 500 && calls == before; ++turn)
            io.run_for(2ms);
        EXPECT_GT(calls, before) << "and it still listens";
    });
    if (!may)
        GTEST_SKIP() << "needs the right to make a network namespace";
}

TEST_F(interface_monitor_test, following_ends_with_close_and_with_the_monitor)
{
    int calls = 0;
    ASSERT_TRUE(monitor.follow([&] { ++calls; }));
    io.run_for(20ms);
    EXPECT_FALSE(io.stopped()); // it waits
    monitor.close();
    monitor.close();
    io.run_for(1s);
    EXPECT_TRUE(io.stopped());

    io.restart();
    {
        interface_monitor brief{io.get_executor(), bounds, false};
        ASSERT_TRUE(brief.follow([&] { ++calls; }));
        ASSERT_TRUE(brief.follow([&] { ++calls; })); // instead of the first
        io.run_for(20ms);
    }
    io.run_for(1s);
    EXPECT_TRUE(io.stopped());
}

#endif

} // namespace
} // namespace onlink
