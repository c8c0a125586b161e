// SPDX-License-Identifier: BSL-1.0
// Everything that limits allow, taken at once by peers with real sockets: the host stays below
// limits::worst_case_bytes(). A program of its own, as it links heap.cpp. Two things are not taken: what the
// system says of its interfaces, for which see worst_case_interfaces_test.cpp; and multicast events that wait
// to be repeated, as no peer has a hand in them.
#include "control/soap_request.hpp"
#include "support/heap.hpp"
#include "support/live_light.hpp"
#include "support/temporary_folder.hpp"
#include "xml/xml_budget.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace onlink::test {
namespace {

constexpr std::size_t largest_event = 1024;

/// Of this process, in memory at the moment.
std::size_t resident_bytes()
{
    std::ifstream statm{"/proc/self/statm"};
    std::size_t pages = 0;
    statm >> pages >> pages;
    return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(heap_of_asio, is_counted)
{
    asio::io_context io;
    auto const before = heap::live_bytes();
    asio::post(io, [large = std::array<char, 1000>{}] { EXPECT_EQ(large.size(), 1000U); });
    EXPECT_GE(heap::live_bytes(), before + 1000);
    io.run();
    EXPECT_LT(heap::live_bytes(), before + 1000);
}

/// The n-th neighbour of a light on loopback.
asio::ip::address_v4 neighbour(std::size_t n)
{
    return asio::ip::address_v4{static_cast<std::uint32_t>(0x7f000002 + n)};
}
std::size_t number_of(asio::ip::address_v4 const& neighbour) { return neighbour.to_uint() - 0x7f000002; }

std::string const control_type = "urn:example-com:service:Shelf0:1";

/// A call of `Take` that is `size` bytes long: `more` stands within it, the rest is its argument.
std::string call_of(std::size_t size, std::string const& more)
{
    auto const head =
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><u:Take xmlns:u=\"" +
        control_type + "\">" + more + "<Note>";
    std::string const tail = "</Note></u:Take></s:Body></s:Envelope>";
    return head + std::string(size - head.size() - tail.size(), 'x') + tail;
}

/// A call as large as may be, in which `part` stands as often as may be.
std::string call_full_of(std::string const& part, limits const& bounds)
{
    auto const room = bounds.http.max_body - 256;
    std::string more;
    for (std::size_t n = 4; n < bounds.xml.max_elements && more.size() + part.size() < room;
         ++n) // four are there
        more += part;
    return call_of(bounds.http.max_body, more);
}

/// An element with all attributes that it may have, and texts on both sides: no other piece costs as much.
std::string heaviest_element(limits const& bounds)
{
    std::string all = "<e";
    for (std::size_t n = 0; n < bounds.xml.max_attributes; ++n) {
        all += {' ', static_cast<char>('a' + n % 26)};
        if (n >= 26)
            all += std::to_string(n / 26);
        all += "=\"\"";
    }
    return all + ">t</e>t";
}

/// What one request takes to be read, beyond its text.
std::size_t bytes_to_read(std::string const& call, limits const& bounds)
{
    auto const before = heap::live_bytes();
    heap::forget_peak();
    auto const read = soap_request::parse(call, xml_budget::for_peers(bounds));
    EXPECT_TRUE(read);
    return heap::peak_bytes() - before;
}

TEST(worst_case_of_one_request, holds_whatever_it_is_full_of)
{
    limits crowded; // of small pieces; the first that makes a vector of a power of two of them grow
    crowded.http.max_body = 320 << 10;
    crowded.xml.max_elements = (1 << 15) + 5;
    crowded.xml.max_attributes = 1;
    limits wide;
    wide.http.max_body = 1 << 18;
    wide.xml.max_attributes = 256;
    for (auto const& bounds : {limits::small(), limits{}, limits::large(), crowded, wide}) {
        auto const ceiling = bounds.worst_case().request;
        std::size_t most = 0;
        for (auto const& part :
             {heaviest_element(bounds), std::string{"<e>t</e>t"}, std::string{"<e/>"},
              std::string{"t<!---->"}, std::string{"t<?p?>"}, std::string{"t<![CDATA[t]]>"}}) {
            auto const taken = bytes_to_read(call_full_of(part, bounds), bounds);
            EXPECT_LE(taken, ceiling) << bounds.xml.max_elements << " of " << part.substr(0, 80);
            most = std::max(most, taken);
        }
        EXPECT_GT(most, ceiling / 4);
        std::printf("  a request: %zu bytes by the limits, %zu reached\n", ceiling, most);
    }
}

/// Takes the initial event of each subscription, and from then on reads events and does not answer.
class sinks {
public:
    /// Connections to those from the neighbour `kept_from` on may be kept.
    sinks(asio::io_context& io, std::size_t kept_from)
        : kept_from_(kept_from), acceptor_(io, {asio::ip::address_v4::any(), 0})
    {
        asio::co_spawn(io, accept(), asio::detached);
    }

    std::string port() const { return std::to_string(acceptor_.local_endpoint().port()); }

    bool silent = false;

private:
    asio::awaitable<void> accept()
    try {
        for (;;) {
            auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
            asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
        }
    } catch (boost::system::system_error const&) { // closed
    }

    asio::awaitable<void> serve(tcp::socket socket)
    try {
        bool const kept = number_of(socket.local_endpoint().address().to_v4()) >= kept_from_;
        std::string text;
        for (;;) {
            co_await asio::async_read_until(socket, asio::dynamic_buffer(text), "</e:propertyset>",
                                            asio::use_awaitable);
            text.clear();
            if (silent)
                continue;
            std::string const answer = "HTTP/1.1 200 OK\r\nCONTENT-LENGTH: 0\r\n" +
                                       std::string{kept ? "" : "CONNECTION: close\r\n"} + "\r\n";
            co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
            if (!kept)
                co_return;
        }
    } catch (boost::system::system_error const&) { // the light hangs up
    }

    std::size_t kept_from_;
    tcp::acceptor acceptor_;
};

struct named_limits {
    char const* name;
    limits bounds;
};

struct worst_case : testing::TestWithParam<named_limits> {
    worst_case()
        : bounds(GetParam().bounds), light([this](host_options& options) {
              // What waits here waits until all of it is there, and no rate is in the way.
              bounds.control.action_deadline = 1s;
              bounds.eventing.give_way_after = 30s;
              bounds.eventing.notify_answer_deadline = 60s;
              bounds.eventing.kept_connection_idle = 60s;
              bounds.http.body_deadline = 60s;
              bounds.http.transfer_deadline = 60s;
              bounds.ssdp.tcp_answer_deadline = 3s;
              bounds.ssdp.search_burst = bounds.ssdp.answer_burst = bounds.ssdp.total_answer_burst = 1000000;
              options.limits = bounds;
              options.watch = nullptr;
              options.policies.initial_event_delay = 0ms;
              options.web.folders = {{"/files/", folder.path().string()}};
          })
    {
        rlimit descriptors{};
        ::getrlimit(RLIMIT_NOFILE, &descriptors);
        descriptors.rlim_cur = descriptors.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &descriptors);

        std::ofstream{folder.path() / "large", std::ios::binary} << std::string(16 << 20, 'x');
        light.host->add(make_shelves());
        light.start();
        run(500ms); // the announcements: they are paced
    }

    /// A service for each subscription, so that no two events have the same body; and an action that keeps
    /// its argument.
    device make_shelves()
    {
        device all{{.type = "urn:example-com:device:Shelves:1"_device_type,
                    .udn = "uuid:2fac1234-31f8-11b4-a222-08002b34c004"_udn,
                    .friendly_name = "Shelves",
                    .manufacturer = "Example",
                    .model_name = "Shelves",
                    .description_path = "/shelves.xml"}};
        for (std::size_t i = 0; i < bounds.eventing.max_subscriptions; ++i) {
            auto const n = std::to_string(i);
            // A hundred answers to a search by TCP, and not more, are within the ceiling.
            auto const type =
                service_type::parse("urn:example-com:service:Shelf" + std::to_string(i % 64) + ":1");
            service one{{.type = type.value(),
                         .id = service_id::parse("urn:example-com:serviceId:Shelf" + n).value(),
                         .paths = {"/s" + n, "/c" + n, "/e" + n}},
                        scpd::build()
                            .state("Text", data_type::string, {.evented = true, .initial = ""})
                            .state("Note", data_type::string, {.evented = false})
                            .action("Take")
                            .in("Note", "Note")
                            .done()
                            .value()};
            one.on("Take", [this](std::string) -> asio::awaitable<void> {
                co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
                asio::steady_timer timer{light.io};
                timer.expires_after(5min);
                co_await timer.async_wait(asio::use_awaitable);
            });
            all.add(one);
            shelves.push_back(std::move(one));
        }
        return all;
    }
    tcp::socket connect(std::size_t from)
    {
        tcp::socket socket{light.io};
        socket.open(tcp::v4());
        socket.set_option(tcp::socket::reuse_address{true});
        socket.bind({neighbour(from), 0});
        socket.connect({asio::ip::address_v4::loopback(), light.port});
        socket.non_blocking(true);
        return socket;
    }
    void run(std::chrono::milliseconds how_long)
    {
        light.io.restart();
        light.io.run_for(how_long);
    }
    /// All of it; the light reads meanwhile.
    void send(tcp::socket& socket, std::string_view text)
    {
        auto const until = std::chrono::steady_clock::now() + 10s;
        boost::system::error_code ec;
        while (!text.empty() && std::chrono::steady_clock::now() < until &&
               (!ec || ec == asio::error::would_block)) {
            text.remove_prefix(socket.write_some(asio::buffer(text), ec));
            poll();
        }
        ASSERT_TRUE(text.empty()) << ec.message();
    }
    void poll()
    {
        light.io.restart();
        light.io.poll();
    }
    std::string subscribe(std::size_t service, std::string const& callbacks) const
    {
        return "SUBSCRIBE /e" + std::to_string(service) + " HTTP/1.1\r\nHOST: " + light.authority() +
               "\r\nCALLBACK: " + callbacks + "\r\nNT: upnp:event\r\nTIMEOUT: Second-1800\r\n\r\n";
    }
    /// As long a header as there may be before it. In chunks its length shows only at the end.
    std::string post(std::string const& call, bool in_chunks) const
    {
        auto header =
            "POST /c0 HTTP/1.1\r\nHOST: " + light.authority() +
            "\r\nCONTENT-TYPE: text/xml; charset=\"utf-8\"\r\nSOAPACTION: \"" + control_type + "#Take\"\r\n" +
            (in_chunks ? "TRANSFER-ENCODING: chunked" : "CONTENT-LENGTH: " + std::to_string(call.size())) +
            "\r\nX: ";
        header.append(bounds.http.max_header - header.size() - 8, 'h');
        header += "\r\n\r\n";
        if (!in_chunks)
            return header + call;
        constexpr std::size_t chunk = 1000; // three digits of "3e8"
        std::size_t at = 0;
        for (; call.size() - at > chunk; at += chunk)
            header += "3e8\r\n" + call.substr(at, chunk) + "\r\n";
        for (; at != call.size(); ++at)
            header += std::string{"1\r\n"} + call[at] + "\r\n";
        return header + "0\r\n\r\n";
    }
    void search(std::size_t from, std::string const& what, std::string const& more = {})
    {
        auto& socket = searchers.emplace_back(light.io, udp::endpoint{neighbour(from), 0});
        socket.set_option(asio::ip::multicast::outbound_interface{asio::ip::address_v4::loopback()});
        socket.non_blocking(true);
        auto const message =
            "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\nMX: 5\r\n"
            "ST: " +
            what + "\r\n" + more + "\r\n";
        socket.send_to(asio::buffer(message), {asio::ip::make_address_v4("239.255.255.250"), 1900});
        poll();
    }
    std::uint64_t refused(refusal_reason why) const { return light.host->snapshot().refusals[why]; }

    temporary_folder folder;
    limits bounds;
    std::vector<service> shelves;
    live_light light;
    std::vector<udp::socket> searchers;
};

/// At a port to which searches may be answered by TCP, and where connections neither come about nor fail.
struct full_listener {
    explicit full_listener(asio::io_context& io) : acceptor(io), first(io), second(io)
    {
        acceptor.open(tcp::v4());
        boost::system::error_code taken;
        for (port = 49152; port != 0; ++port)
            if (!acceptor.bind({asio::ip::address_v4::any(), port}, taken))
                break;
        acceptor.listen(0);
        for (auto* one : {&first, &second}) {
            one->open(tcp::v4());
            one->async_connect({asio::ip::address_v4::loopback(), port}, [](auto) {});
        }
    }

    std::uint16_t port = 0;
    tcp::acceptor acceptor;
    tcp::socket first;
    tcp::socket second;
};

TEST_P(worst_case, everything_taken_at_once_stays_below_what_limits_say)
{
    auto const& e = bounds.eventing;
    auto const began = std::chrono::steady_clock::now();
    auto const idle = heap::live_bytes();
    auto const resident = resident_bytes();
    heap::forget_peak();

    // Subscribers who take their first event, so that nobody doubts them. Some let their connection be kept;
    // the others, who come first, will have all deliveries under way, so that those connections stay idle.
    constexpr std::size_t first_target = 10000;
    auto const kept_from = first_target + (e.max_subscriptions - e.max_kept_connections) * e.max_callbacks;
    ASSERT_GE(e.max_subscriptions, e.max_deliveries + e.max_kept_connections);
    sinks all{light.io, kept_from};
    auto const of_peer = std::min<std::size_t>(e.max_subscriptions_per_peer, bounds.http.max_requests);
    for (std::size_t i = 0; i < e.max_subscriptions;) {
        std::string requests;
        auto socket = connect(i / of_peer);
        for (auto const end = std::min(i + of_peer, e.max_subscriptions); i < end; ++i) {
            std::string callbacks;
            for (std::size_t url = 0; url < e.max_callbacks; ++url) {
                auto const target = neighbour(first_target + i * e.max_callbacks + url).to_string();
                auto const start = "<http://" + target + ":" + all.port() + "/";
                callbacks += start + std::string(e.max_callback_length + 1 - start.size(), 'p') + ">";
            }
            requests += subscribe(i, callbacks);
        }
        send(socket, requests);
        light.run_until([&] { return light.host->snapshot().subscriptions == i; }, "the subscriptions");
    }
    light.run_until([&] { return light.host->snapshot().events_delivered == e.max_subscriptions; },
                    "the initial events");
    {
        auto socket = connect(e.max_subscriptions);
        auto const refusal = light.exchange(
            socket, subscribe(0, "<http://" + socket.local_endpoint().address().to_string() + "/>"));
        EXPECT_TRUE(refusal.starts_with("HTTP/1.1 503 ")) << refusal;
        EXPECT_EQ(refused(refusal_reason::subscription_limit), 1U);
    }
    all.silent = true;
    // On a busy machine two changes may become one event.
    auto const full = [&] {
        return light.host->snapshot().queued_events == e.max_subscriptions * e.max_queued_events;
    };
    for (std::size_t change = 0; change < 100 && !full(); ++change) {
        for (auto& one : shelves)
            one.state().set("Text", std::string(largest_event - 192, static_cast<char>('a' + change % 26)));
        run(20ms);
    }
    shelves.front().state().set("Text", std::string(largest_event - 192, 'z'));
    light.run_until([&] { return refused(refusal_reason::event_overflow) != 0; }, "one event too many");

    // Actions that keep a long argument, and go on when their callers have been told that it takes too long:
    // they have no connection any more.
    auto const holders = (bounds.http.max_connections + bounds.http.max_connections_per_peer - 1) /
                         bounds.http.max_connections_per_peer;
    std::vector<tcp::socket> callers;
    for (std::size_t i = 0; i < bounds.control.max_running; ++i) {
        callers.push_back(connect(i % holders));
        send(callers.back(), post(call_of(bounds.http.max_body, {}), i % 2 == 1));
    }
    light.run_until([&] { return light.host->snapshot().running_actions == bounds.control.max_running; },
                    "the actions");
    callers.clear();
    light.run_until([&] { return light.host->snapshot().connections == 0; }, "the callers to be gone");

    // Downloads that nobody reads, in the place of some connections; the rest sends all but the last byte.
    std::vector<tcp::socket> peers;
    auto const call = call_full_of(heaviest_element(bounds), bounds);
    std::string const heaviest[] = {post(call, false), post(call, true)};
    auto const of = [&](std::size_t i) { return std::string_view{heaviest[i % 2]}; };
    for (std::size_t i = 0; i < bounds.http.max_connections; ++i) {
        peers.push_back(connect(i % holders));
        if (i < bounds.http.max_transfers)
            send(peers.back(), light.get("/files/large"));
        else
            send(peers.back(), of(i).substr(0, of(i).size() - 1));
    }
    light.run_until(
        [&] {
            auto const now = light.host->snapshot();
            return now.connections == bounds.http.max_connections &&
                   now.running_transfers == bounds.http.max_transfers;
        },
        "all connections");

    // Searches that are answered by TCP where nobody accepts; and those that wait.
    full_listener nobody{light.io};
    auto const by_tcp = "TCPPORT.UPNP.ORG: " + std::to_string(nobody.port) + "\r\n";
    auto const searching = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i <= bounds.ssdp.max_tcp_answers; ++i)
        search(i, "ssdp:all", by_tcp);
    auto const answered_by_udp = searchers.size() - 1;
    for (std::size_t i = 0;
         i < 2 * bounds.ssdp.max_pending_searches && refused(refusal_reason::search_queue_full) == 0; ++i)
        search(100 + i, "upnp:rootdevice");
    EXPECT_NE(refused(refusal_reason::search_queue_full), 0U) << "as many wait as may";

    auto const now = light.host->snapshot();
    EXPECT_EQ(now.connections, bounds.http.max_connections);
    EXPECT_EQ(now.running_actions, bounds.control.max_running);
    EXPECT_EQ(now.running_transfers, bounds.http.max_transfers);
    EXPECT_EQ(now.subscriptions, e.max_subscriptions);
    EXPECT_EQ(now.queued_events, e.max_subscriptions * e.max_queued_events);
    EXPECT_EQ(now.deliveries_under_way, e.max_deliveries);
    EXPECT_EQ(now.kept_connections, e.max_kept_connections);
    EXPECT_EQ(now.refusals[refusal_reason::search_tcp_undelivered], 0U) << "they are still tried";
    EXPECT_LE(now.queued_bytes, now.queued_events * largest_event);
    EXPECT_GT(now.queued_bytes, now.queued_events * largest_event * 9 / 10);

    // And while all of it is there, the request that costs most.
    auto const last = of(peers.size() - 1);
    send(peers.back(), last.substr(last.size() - 1));
    auto const answer = light.read(peers.back(), live_light::complete);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer.substr(0, 200);
    EXPECT_EQ(refused(refusal_reason::action_limit), 1U) << "it was read, and no more actions may run";

    auto const ceiling = bounds.worst_case_bytes(largest_event);
    auto const peak = heap::peak_bytes() - idle; // the peers of this test among it
    auto const grown = resident_bytes() - std::min(resident, resident_bytes());

    light.run_until(
        [&] { return refused(refusal_reason::search_tcp_undelivered) == bounds.ssdp.max_tcp_answers; },
        "the answers by TCP to be given up");
    EXPECT_GT(std::chrono::steady_clock::now() - searching, bounds.ssdp.tcp_answer_deadline);
    EXPECT_NE(searchers[answered_by_udp].available(), 0U) << "one more is answered by UDP";

    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - began;
    std::printf("  worst case of the limits `%s`: %zu bytes by the limits, %zu reached, the process grew by "
                "%zu; %.1f s\n",
                GetParam().name, ceiling, peak, grown, took.count());
    EXPECT_LE(peak, ceiling);
    EXPECT_GT(peak, ceiling / 3) << "it did take it";
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) // of other builds, what counts their coverage or finds
                                                      // their errors grows as well
    EXPECT_LE(grown, ceiling);
#endif
}

auto tested_limits()
{
    std::vector<named_limits> all{{"small", limits::small()}, {"defaults", limits{}}};
#ifdef NDEBUG // without optimisation, searches are answered before the next ones have come
    all.push_back({"large", limits::large()});
#endif
    return all;
}

INSTANTIATE_TEST_SUITE_P(of, worst_case, testing::ValuesIn(tested_limits()),
                         [](auto const& one) { return std::string{one.param.name}; });

} // namespace
} // namespace onlink::test
