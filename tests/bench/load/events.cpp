// SPDX-License-Identifier: BSL-1.0
// upnp_load events: N subscriptions, E state changes, and what reached whom when.
#include "callback_server.hpp"
#include "http_client.hpp"

#include <memory>

namespace onlink::bench {
namespace {

struct subscriber_state {
    long last = -1; // highest SEQ received
    uint64_t received = 0;
    char value = 0; // Status in the last NOTIFY
};

struct received_events {
    uint64_t notifies = 0, initial = 0, gaps = 0, missing_in_gaps = 0, out_of_order = 0, wrong_value = 0;
};

/// Opens subscriptions to `event_url`, at most `parallel` SUBSCRIBE requests at a time, from an address if
/// one is said.
class subscription_opener {
public:
    subscription_opener(epoll_loop& reactor, const http_address& event_url,
                        std::vector<std::string> callbacks, int parallel, const std::string& from = {})
        : requests_(callbacks.size())
    {
        for (std::size_t i = 0; i < callbacks.size(); ++i)
            requests_[i] = subscribe_request(event_url, callbacks[i]);
        std::optional<sockaddr_in> source;
        if (!from.empty())
            source = address_of(from, 0);
        for (int i = 0; i < parallel; ++i)
            connections_.push_back(std::make_unique<http_client>(
                reactor, event_url.address(), true, totals,
                [this](http_client& connection, bool ok) {
                    if (ok && connection.reader.status == 200 &&
                        !header(connection.reader.head(), "sid").empty())
                        ++opened;
                    else
                        ++refused, last_status = ok ? connection.reader.status : 0;
                    idle_.push_back(&connection);
                },
                source));
        for (auto& connection : connections_)
            idle_.push_back(connection.get());
    }
    bool finished() const { return opened + refused == static_cast<int>(requests_.size()); }
    void step()
    {
        std::vector<http_client*> ready;
        ready.swap(idle_);
        for (http_client* connection : ready)
            if (next_ < requests_.size())
                connection->request(requests_[next_++]);
        for (auto& connection : connections_)
            if (connection->busy() && now_ns() - connection->started() > 10'000'000'000)
                connection->give_up();
    }
    http_totals totals;
    int opened = 0, refused = 0, last_status = 0;

private:
    std::vector<std::string> requests_;
    std::vector<std::unique_ptr<http_client>> connections_;
    std::vector<http_client*> idle_;
    std::size_t next_ = 0;
};

} // namespace

int run_events(const option_list& options)
{
    raise_file_limit();
    const http_address event_url(options.at(0));
    const http_address control_url(options.text("control", ""));
    const std::string service = options.text("service", "urn:schemas-upnp-org:service:SwitchPower:1");
    const std::string listen_address = options.text("listen", "127.0.0.1");
    const int count = options.integer("subscribers", 100), events = options.integer("events", 50);
    const int listeners = std::min(options.integer("listeners", 1), count),
              stalled = options.integer("stalled", 0);
    const int64_t timeout = static_cast<int64_t>(options.number("timeout", 5) * 1e9);
    const bool burst = options.has("burst");

    epoll_loop reactor;
    std::vector<subscriber_state> subscribers(static_cast<std::size_t>(count));
    received_events received;
    int reached = 0; // subscribers that have the event now waited for
    long awaited = 0;
    int64_t last_arrival = now_ns();
    auto on_notify = [&](const notification& n) {
        last_arrival = now_ns();
        ++received.notifies;
        if (n.subscriber < 0 || n.subscriber >= count || n.sequence < 0)
            return;
        subscriber_state& s = subscribers[static_cast<std::size_t>(n.subscriber)];
        ++s.received;
        if (n.sequence == 0)
            ++received.initial;
        if (n.sequence <= s.last)
            ++received.out_of_order;
        else if (n.sequence > s.last + 1)
            ++received.gaps, received.missing_in_gaps += static_cast<uint64_t>(n.sequence - s.last - 1);
        // Toggles start at 0 and alternate, so the value must have the parity of SEQ.
        std::size_t value = n.body.find("<Status>");
        s.value = value + 8 < n.body.size() ? n.body[value + 8] : 0;
        if (s.value != (n.sequence % 2 ? '1' : '0'))
            ++received.wrong_value;
        if (s.last < awaited && n.sequence >= awaited)
            ++reached;
        s.last = std::max(s.last, n.sequence);
    };
    std::vector<std::unique_ptr<callback_server>> servers;
    for (int i = 0; i < listeners; ++i)
        servers.push_back(
            std::make_unique<callback_server>(reactor, listen_address, on_notify, options.has("close")));
    auto turn = [&](int wait_ms) {
        reactor.poll(wait_ms);
        for (auto& server : servers)
            server->sweep();
    };

    // The stalled subscribers come first in the device's list. They may be another host, so that what is done
    // about a peer or a target is not done to the healthy ones as well.
    const std::string stalled_address = options.text("stalled-from", listen_address);
    stalled_listener hung(stalled_address);
    std::vector<std::string> hung_callbacks, callbacks;
    for (int i = 0; i < stalled; ++i)
        hung_callbacks.push_back(hung.url_for(i));
    for (int i = 0; i < count; ++i)
        callbacks.push_back(servers[static_cast<std::size_t>(i % listeners)]->url_for(i));

    const int parallel = options.integer("parallel", 4);
    subscription_opener hung_opener(reactor, event_url, hung_callbacks, parallel, stalled_address);
    while (!hung_opener.finished())
        hung_opener.step(), turn(1);
    cpu_meter subscribe_meter(options.integer("pid", 0));
    subscribe_meter.start();
    subscription_opener opener(reactor, event_url, callbacks, parallel);
    while (!opener.finished())
        opener.step(), turn(1);
    subscribe_meter.stop();
    // What each event should reach: the subscriptions that the device granted to healthy subscribers.
    const int healthy = opener.opened;
    const int64_t subscribed_at = last_arrival = now_ns();
    while (reached < healthy && now_ns() - last_arrival < timeout)
        turn(20);
    const double initial_ms =
        static_cast<double>(std::max(last_arrival, subscribed_at) - subscribed_at) / 1e6;

    std::string set[2];
    for (int i = 0; i < 2; ++i)
        set[i] = soap_request(control_url, service, "SetTarget",
                              "<newTargetValue>" + std::to_string(i) + "</newTargetValue>", true);
    http_totals soap_totals;
    bool soap_done = true, soap_ok = true;
    uint64_t soap_bad = 0;
    http_client control(reactor, control_url.address(), true, soap_totals,
                        [&](http_client& connection, bool ok) {
                            soap_done = true;
                            soap_ok = ok && connection.reader.status == 200;
                            if (!soap_ok)
                                ++soap_bad;
                        });
    auto trigger = [&](int event) {
        soap_done = false;
        control.request(set[event % 2]);
    };
    auto check_trigger = [&] {
        if (!soap_done && now_ns() - control.started() > 60'000'000'000)
            control.give_up();
    };

    latency_samples last_latency, soap_latency;
    const uint64_t before = received.notifies;
    uint64_t accepted_before = 0;
    for (auto& server : servers)
        accepted_before += server->accepted();
    int incomplete_events = 0;
    cpu_meter meter(options.integer("pid", 0));
    meter.start();
    for (int event = 1; event <= events; ++event) {
        awaited = event;
        reached = 0;
        for (const subscriber_state& s : subscribers)
            reached += s.last >= awaited;
        const int64_t start = now_ns();
        last_arrival = start;
        trigger(event);
        bool timed = false;
        for (;;) {
            turn(5);
            check_trigger();
            if (soap_done && !timed)
                timed = true, soap_latency.add(now_ns() - start), last_arrival = now_ns();
            if (soap_done && (burst || reached >= healthy))
                break;
            if (soap_done && now_ns() - last_arrival > timeout)
                break;
        }
        if (!burst) {
            if (healthy > 0 && reached >= healthy)
                last_latency.add(std::max(last_arrival, start) - start);
            else
                ++incomplete_events;
        }
    }
    if (burst) {
        const uint64_t all = static_cast<uint64_t>(healthy) * static_cast<uint64_t>(events);
        last_arrival = now_ns();
        while (received.notifies - before < all && now_ns() - last_arrival < timeout)
            turn(20);
    }
    meter.stop();
    // Time spent waiting for events that never came is not part of the rate of those that came.
    double seconds = meter.seconds();
    const uint64_t expected = static_cast<uint64_t>(healthy) * static_cast<uint64_t>(events);
    const uint64_t got = received.notifies - before;
    if (burst && got < expected)
        seconds -= static_cast<double>(timeout) / 1e9;
    // SEQ cannot tell what is missing when a device drops events before it numbers them, so look at the
    // values too.
    uint64_t accepted = 0, invalid = 0, silent = 0, stale = 0;
    for (auto& server : servers)
        accepted += server->accepted(), invalid += server->invalid();
    for (const subscriber_state& s : subscribers)
        silent += s.received <= 1, stale += s.value != (events % 2 ? '1' : '0');

    std::printf("events mode=%s subscribers=%d stalled=%d stalled_subscribed=%d listeners=%d subscribed=%d "
                "refused=%d "
                "refused_status=%d "
                "subscribe_rate=%.1f initial_events=%llu initial_last_ms=%.1f",
                burst ? "burst" : "paced", count, stalled, hung_opener.opened, listeners, opener.opened,
                opener.refused, opener.last_status, opener.opened / subscribe_meter.seconds(),
                static_cast<unsigned long long>(received.initial), initial_ms);
    std::printf(" events=%d notifies=%llu expected=%llu lost=%lld notify_rate=%.1f", events,
                static_cast<unsigned long long>(got), static_cast<unsigned long long>(expected),
                static_cast<long long>(expected) - static_cast<long long>(got),
                static_cast<double>(got) / seconds);
    std::printf(" last_p50_us=%.1f last_p99_us=%.1f last_max_us=%.1f soap_p50_us=%.1f soap_max_us=%.1f",
                last_latency.percentile(50), last_latency.percentile(99), last_latency.percentile(100),
                soap_latency.percentile(50), soap_latency.percentile(100));
    meter.print(static_cast<double>(got));
    std::printf(" incomplete_events=%d silent_subscribers=%llu stale_subscribers=%llu gaps=%llu "
                "missing_in_gaps=%llu out_of_order=%llu wrong_value=%llu "
                "soap_failed=%llu callback_connections=%llu invalid=%llu\n",
                incomplete_events, static_cast<unsigned long long>(silent),
                static_cast<unsigned long long>(stale), static_cast<unsigned long long>(received.gaps),
                static_cast<unsigned long long>(received.missing_in_gaps),
                static_cast<unsigned long long>(received.out_of_order),
                static_cast<unsigned long long>(received.wrong_value),
                static_cast<unsigned long long>(soap_bad),
                static_cast<unsigned long long>(accepted - accepted_before),
                static_cast<unsigned long long>(invalid));
    return 0;
}

/// Opens subscriptions, says so, answers NOTIFYs until the time is over.
int run_hold_subscriptions(const option_list& options)
{
    raise_file_limit();
    const http_address event_url(options.at(0));
    const int count = options.integer("count", 1000);
    epoll_loop reactor;
    callback_server server(
        reactor, options.text("listen", "127.0.0.1"), [](const notification&) {}, options.has("close"));
    std::vector<std::string> callbacks;
    for (int i = 0; i < count; ++i)
        callbacks.push_back(server.url_for(i));
    subscription_opener opener(reactor, event_url, callbacks, options.integer("parallel", 4));
    while (!opener.finished())
        opener.step(), reactor.poll(1), server.sweep();
    int64_t settled = now_ns() + 2'000'000'000;
    bool said = false;
    for (int64_t end = now_ns() + static_cast<int64_t>(options.number("seconds", 10) * 1e9);
         now_ns() < end;) {
        reactor.poll(20), server.sweep();
        if (!said && now_ns() > settled) {
            std::printf("HELD subscribed=%d refused=%d\n", opener.opened, opener.refused);
            std::fflush(stdout);
            said = true;
        }
    }
    return 0;
}

/// Opens connections that never send anything, from an address if one is said, and meanwhile tries one GET a
/// second.
int run_hold_connections(const option_list& options)
{
    raise_file_limit();
    const http_address url(options.at(0));
    const int count = options.integer("count", 100);
    std::vector<int> held;
    sockaddr_in target = url.address();
    for (int i = 0; i < count; ++i) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (options.has("from")) {
            sockaddr_in own = address_of(options.text("from", ""), 0);
            bind(fd, reinterpret_cast<sockaddr*>(&own), sizeof own);
        }
        connect(fd, reinterpret_cast<sockaddr*>(&target), sizeof target);
        held.push_back(fd);
    }
    epoll_loop reactor;
    const std::string request = get_request(url, false);
    http_totals totals;
    latency_samples latencies;
    int tries = 0, answered = 0;
    const int64_t start = now_ns(), end = start + static_cast<int64_t>(options.number("seconds", 10) * 1e9);
    bool said = false;
    double first_answer = -1;
    while (now_ns() < end) {
        bool done = false;
        http_client probe(reactor, target, false, totals, [&](http_client& connection, bool ok) {
            done = true;
            if (!ok || connection.reader.status != 200)
                return;
            ++answered;
            latencies.add(now_ns() - connection.started());
            if (first_answer < 0)
                first_answer = static_cast<double>(now_ns() - start) / 1e9;
        });
        int64_t next = now_ns() + 1'000'000'000;
        ++tries;
        probe.request(request);
        while (!done) {
            reactor.poll(20);
            if (!done && now_ns() > std::min(next, end))
                probe.give_up();
            if (!said && now_ns() - start > 2'000'000'000)
                std::printf("HELD %d\n", count), std::fflush(stdout), said = true;
        }
        while (now_ns() < std::min(next, end)) {
            reactor.poll(20);
            if (!said && now_ns() - start > 2'000'000'000)
                std::printf("HELD %d\n", count), std::fflush(stdout), said = true;
        }
    }
    int closed = 0;
    for (int fd : held) {
        char byte;
        ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);
        closed += n == 0 || (n < 0 && errno != EAGAIN);
        close(fd);
    }
    std::printf("hold-connections held=%d closed_by_server=%d probes=%d answered=%d first_answer_s=%.1f "
                "p50_us=%.1f max_us=%.1f\n",
                count, closed, tries, answered, first_answer, latencies.percentile(50),
                latencies.percentile(100));
    return 0;
}

/// One SUBSCRIBE with the given callback; prints the status.
int run_subscribe(const option_list& options)
{
    const http_address url(options.at(0));
    epoll_loop reactor;
    http_totals totals;
    bool done = false;
    http_client connection(reactor, url.address(), true, totals, [&](http_client& c, bool ok) {
        done = true;
        std::printf("subscribe status=%d sid=%.*s\n", ok ? c.reader.status : 0,
                    static_cast<int>(header(c.reader.head(), "sid").size()),
                    header(c.reader.head(), "sid").data());
    });
    const std::string request = subscribe_request(url, options.text("callback", ""));
    connection.request(request);
    for (int64_t end = now_ns() + 5'000'000'000; !done && now_ns() < end;)
        reactor.poll(20);
    if (!done)
        connection.give_up();
    return 0;
}

} // namespace onlink::bench
