// SPDX-License-Identifier: BSL-1.0
#include <onlink/limits.hpp>

#include <cstdint>
#include <limits>
#include <optional>

namespace onlink {

namespace {

using namespace std::chrono_literals;

/// Finds the first field outside its range; later ones are not looked at.
class range_check {
public:
    template <class T>
    range_check& between(char const* field, T const& value, T const& least, T const& greatest)
    {
        if (!found_ && (value < least || greatest < value))
            found_ = defect{errc::out_of_range, std::string{"limits."} + field};
        return *this;
    }

    template <class T>
    range_check& at_least(char const* field, T const& value, T const& least)
    {
        return between(field, value, least, std::numeric_limits<T>::max());
    }

    /// Of things that are held at a time: few enough for what is reserved for them, or multiplied with them.
    range_check& count(char const* field, std::size_t value)
    {
        return between(field, value, std::size_t{1}, std::size_t{1024 * 1024});
    }

    /// A wait that has to end, and not at once.
    template <class Duration>
    range_check& deadline(char const* field, Duration value)
    {
        return between(field, value, Duration{1}, Duration{longest});
    }

    /// A wait that may be none.
    template <class Duration>
    range_check& pause(char const* field, Duration value)
    {
        return between(field, value, Duration{0}, Duration{longest});
    }

    checked<void> result() const
    {
        if (found_)
            return *found_;
        return {};
    }

private:
    static constexpr std::chrono::hours longest = 24h;

    std::optional<defect> found_;
};

/// A sum of products that does not wrap.
class bytes_of {
public:
    explicit constexpr bytes_of(std::size_t n) noexcept : n_(n) {}

    friend constexpr bytes_of operator*(bytes_of a, bytes_of b) noexcept
    {
        return bytes_of{b.n_ != 0 && a.n_ > most / b.n_ ? most : a.n_ * b.n_};
    }
    friend constexpr bytes_of operator+(bytes_of a, bytes_of b) noexcept
    {
        return bytes_of{a.n_ > most - b.n_ ? most : a.n_ + b.n_};
    }
    constexpr std::size_t count() const noexcept { return n_; }

private:
    static constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
    std::size_t n_;
};

constexpr bytes_of operator""_B(unsigned long long n) { return bytes_of{static_cast<std::size_t>(n)}; }

} // namespace

std::size_t memory_ceiling::total() const noexcept
{
    auto sum = 0_B;
    for (auto const term :
         {connections, request, actions, transfers, searches, subscriptions, events, deliveries, interfaces})
        sum = sum + bytes_of{term};
    return sum.count();
}

// The numbers are what the objects take on a 64-bit system, rounded up; a text grows by doubling, hence twice
// its limit. A test fills everything and compares.
memory_ceiling limits::worst_case(std::size_t largest_event) const noexcept
{
    auto const of = [](auto n) { return bytes_of{static_cast<std::size_t>(n)}; };
    memory_ceiling all;
    // A session, its coroutines with their read buffers, its timer; what was read and not yet understood; the
    // fields of the header, and the body.
    all.connections = (of(http.max_connections) * (12288_B + 2_B * of(http.max_header) +
                                                   3_B * of(http.max_header) + 2_B * of(http.max_body)))
                          .count();
    // pugixml's nodes and attributes, and its copy of the text; the arguments; the values. Beside each
    // element stand two texts at most, each a node; and each element may be an argument, of which there are
    // three for one while their vector grows.
    all.request =
        (65536_B + of(xml.max_elements) * (408_B + 64_B * of(xml.max_attributes)) + 5_B * of(http.max_body))
            .count();
    all.actions = (of(control.max_running) * (8192_B + 2_B * of(http.max_body))).count();
    all.transfers = (of(http.max_transfers) * (16384_B + 2_B * of(http.transfer_buffer))).count();
    auto const searcher = 192_B + of(ssdp.max_datagram);
    all.searches = (2_B * of(ssdp.max_pending_searches) * searcher + // those answered by TCP among them
                    of(ssdp.max_sources) * 512_B + of(ssdp.max_tcp_answers) * 65536_B +
                    of(interfaces.max_interfaces) * of(interfaces.max_served_addresses) * 2_B *
                        (4096_B + of(ssdp.max_datagram)))
                       .count();
    auto const url = 256_B + 3_B * of(eventing.max_callback_length);
    all.subscriptions =
        (of(eventing.max_subscriptions) * (1024_B + of(eventing.max_callbacks) * (url + 160_B))).count();
    all.events = (of(eventing.max_subscriptions) * (of(eventing.max_queued_events) + 1_B) *
                      (256_B + of(largest_event)) +
                  2_B * of(eventing.multicast_burst) * (512_B + of(eventing.max_multicast_event)))
                     .count();
    all.deliveries = (of(eventing.max_deliveries) * (6144_B + url + of(eventing.max_callback_length) +
                                                     2_B * of(eventing.max_notify_response)) +
                      of(eventing.max_kept_connections) * 4096_B)
                         .count();
    // The table in force, and the next one while it is read; and what is exposed to whom, of which there are
    // six entries for each address, each with all prefixes: as the observer was told, and as it is now.
    auto const table = of(interfaces.max_known_interfaces) *
                           (176_B + 80_B * of(interfaces.max_addresses) + 40_B * of(interfaces.max_routes)) +
                       48_B * of(interfaces.max_neighbours);
    auto const exposed = 6_B * of(interfaces.max_interfaces) * of(interfaces.max_served_addresses) *
                         (640_B + 32_B * (of(interfaces.max_addresses) + of(interfaces.max_routes)));
    all.interfaces = (2_B * (table + exposed)).count();
    return all;
}

limits limits::small()
{
    limits few;
    few.ssdp.max_datagram = 1024;
    few.ssdp.max_pending_searches = 32;
    few.ssdp.max_sources = 32;
    few.ssdp.answer_burst = 64;
    few.ssdp.answers_per_second = 32;
    few.ssdp.total_answer_burst = 128;
    few.ssdp.total_answers_per_second = 64;
    few.ssdp.max_tcp_answers = 1;
    few.http.max_connections = 8;
    few.http.max_connections_per_peer = 4;
    few.http.max_header = 4096;
    few.http.max_target = 512;
    few.http.max_body = 8192;
    few.http.max_transfers = 3;
    few.http.max_transfers_per_peer = 2;
    few.http.transfer_buffer = 8192;
    few.http.max_linger = 8192;
    few.xml.max_depth = 8;
    few.xml.max_elements = 64;
    few.xml.max_attributes = 8;
    few.control.max_running = 4;
    few.control.max_running_per_peer = 2;
    few.eventing.max_subscriptions = 16;
    few.eventing.max_subscriptions_per_peer = 8;
    few.eventing.max_subscriptions_per_target = 8;
    few.eventing.max_subscriptions_per_endpoint = 8;
    few.eventing.max_callbacks = 2;
    few.eventing.max_callback_length = 256;
    few.eventing.max_queued_events = 4;
    few.eventing.max_deliveries = 8;
    few.eventing.max_deliveries_per_target = 4;
    few.eventing.max_kept_connections = 4;
    few.eventing.max_notify_response = 1024;
    few.interfaces.max_interfaces = 2;
    few.interfaces.max_served_addresses = 3;
    few.interfaces.max_known_interfaces = 16;
    few.interfaces.max_addresses = 8;
    few.interfaces.max_routes = 16;
    few.interfaces.max_neighbours = 128;
    few.max_root_devices = 2;
    return few;
}

limits limits::large()
{
    limits many;
    many.ssdp.max_pending_searches = 1024;
    many.ssdp.max_sources = 1024;
    many.ssdp.total_answer_burst = 4096;
    many.ssdp.total_answers_per_second = 2048;
    many.ssdp.max_tcp_answers = 16;
    many.http.max_connections = 256;
    many.http.max_connections_per_peer = 32;
    many.http.max_transfers = 64;
    many.http.max_transfers_per_peer = 16;
    many.http.max_requests = 1000;
    many.control.max_running = 64;
    many.control.max_running_per_peer = 16;
    many.eventing.max_subscriptions = 1024;
    many.eventing.max_subscriptions_per_peer = 64;
    many.eventing.max_subscriptions_per_target = 64;
    many.eventing.max_subscriptions_per_endpoint = 64;
    many.eventing.notify_connect_burst = 128;
    many.eventing.notify_connects_per_second = 100;
    many.eventing.max_deliveries = 128;
    many.eventing.max_deliveries_per_target = 16;
    many.eventing.max_kept_connections = 256;
    return many;
}

checked<void> limits::check() const
{
    using size = std::size_t;
    // Far below where a time point overflows, and all that SECOND- has to say in 32 bits.
    constexpr seconds longest_duration{std::numeric_limits<std::int32_t>::max()};

    range_check check;
    check.between("ssdp.max_datagram", ssdp.max_datagram, size{512}, size{65507})
        .between("ssdp.max_headers", ssdp.max_headers, size{8}, size{256})
        .count("ssdp.max_pending_searches", ssdp.max_pending_searches)
        .at_least("ssdp.search_burst", ssdp.search_burst, 1u)
        .at_least("ssdp.searches_per_second", ssdp.searches_per_second, 1u)
        .at_least("ssdp.answer_burst", ssdp.answer_burst, 1u)
        .at_least("ssdp.answers_per_second", ssdp.answers_per_second, 1u)
        .at_least("ssdp.total_answer_burst", ssdp.total_answer_burst, 1u)
        .at_least("ssdp.total_answers_per_second", ssdp.total_answers_per_second, 1u)
        .count("ssdp.max_sources", ssdp.max_sources)
        .between("ssdp.max_mx", ssdp.max_mx, seconds{1}, seconds{5}) // UDA 2.0, 1.3.2
        .between("ssdp.answer_margin", ssdp.answer_margin, 0ms, milliseconds{5s})
        .between("ssdp.unicast_answer_window", ssdp.unicast_answer_window, 0ms,
                 milliseconds{1s}) // UDA 2.0, 1.3.2
        .between("ssdp.max_age", ssdp.max_age, seconds{1}, seconds{86400})
        .between("ssdp.announcements", ssdp.announcements, 1u, 3u) // UDA 2.0, 1.2.2
        .pause("ssdp.announcement_gap", ssdp.announcement_gap)
        .pause("ssdp.announcement_delay", ssdp.announcement_delay)
        .between("ssdp.update_spread", ssdp.update_spread, 0ms, milliseconds{60s})
        .at_least("ssdp.announcement_burst", ssdp.announcement_burst, 1u)
        .at_least("ssdp.announcements_per_second", ssdp.announcements_per_second, 1u)
        .count("ssdp.max_tcp_answers", ssdp.max_tcp_answers)
        .between("ssdp.tcp_answer_deadline", ssdp.tcp_answer_deadline, 100ms, milliseconds{30s});

    check.count("http.max_connections", http.max_connections)
        .between("http.max_connections_per_peer", http.max_connections_per_peer, size{1},
                 http.max_connections)
        .between("http.max_header", http.max_header, size{256}, size{1024 * 1024})
        .between("http.max_target", http.max_target, size{64}, http.max_header)
        .between("http.max_body", http.max_body, size{256}, size{1024 * 1024 * 1024})
        .deadline("http.header_deadline", http.header_deadline)
        .deadline("http.body_deadline", http.body_deadline)
        .deadline("http.idle_deadline", http.idle_deadline)
        .deadline("http.idle_grace", http.idle_grace)
        .deadline("http.response_deadline", http.response_deadline)
        .count("http.max_transfers", http.max_transfers)
        .between("http.max_transfers_per_peer", http.max_transfers_per_peer, size{1}, http.max_transfers)
        .between("http.transfer_buffer", http.transfer_buffer, size{4096}, size{1024 * 1024})
        .deadline("http.transfer_deadline", http.transfer_deadline)
        .at_least("http.max_requests", http.max_requests, 1u)
        .deadline("http.linger_deadline", http.linger_deadline)
        .deadline("http.accept_pause", http.accept_pause);

    check.between("xml.max_depth", xml.max_depth, size{4}, size{256})
        .between("xml.max_elements", xml.max_elements, size{8}, size{65536})
        .between("xml.max_attributes", xml.max_attributes, size{1}, size{256});

    check.count("control.max_running", control.max_running)
        .between("control.max_running_per_peer", control.max_running_per_peer, size{1}, control.max_running)
        .deadline("control.action_deadline", control.action_deadline);

    check.count("eventing.max_subscriptions", eventing.max_subscriptions)
        .between("eventing.max_subscriptions_per_peer", eventing.max_subscriptions_per_peer, size{1},
                 eventing.max_subscriptions)
        .count("eventing.max_subscriptions_per_target", eventing.max_subscriptions_per_target)
        .count("eventing.max_subscriptions_per_endpoint", eventing.max_subscriptions_per_endpoint)
        .at_least("eventing.notify_connect_burst", eventing.notify_connect_burst, 1u)
        .at_least("eventing.notify_connects_per_second", eventing.notify_connects_per_second, 1u)
        .between("eventing.segment_grace", eventing.segment_grace, 0ms, milliseconds{60s})
        .between("eventing.max_callbacks", eventing.max_callbacks, size{1}, size{1024})
        .between("eventing.max_callback_length", eventing.max_callback_length, size{32}, size{4096})
        .between("eventing.max_duration", eventing.max_duration, seconds{1}, longest_duration)
        .between("eventing.min_duration", eventing.min_duration, seconds{1}, eventing.max_duration)
        .between("eventing.default_duration", eventing.default_duration, eventing.min_duration,
                 eventing.max_duration)
        .count("eventing.max_queued_events", eventing.max_queued_events)
        .between("eventing.max_deliveries", eventing.max_deliveries, size{1}, size{65536})
        .count("eventing.max_deliveries_per_target", eventing.max_deliveries_per_target)
        .between("eventing.max_kept_connections", eventing.max_kept_connections, size{0}, size{65536})
        .between("eventing.give_way_after", eventing.give_way_after, 100ms, milliseconds{30s})
        .deadline("eventing.notify_connect_deadline", eventing.notify_connect_deadline)
        .deadline("eventing.notify_write_deadline", eventing.notify_write_deadline)
        .deadline("eventing.notify_answer_deadline", eventing.notify_answer_deadline)
        .deadline("eventing.kept_connection_idle", eventing.kept_connection_idle)
        .between("eventing.retry_pause", eventing.retry_pause, 0ms, milliseconds{1h})
        .between("eventing.max_retry_pause", eventing.max_retry_pause, 0ms, milliseconds{1h})
        .between("eventing.max_notify_response", eventing.max_notify_response, size{64}, size{65536})
        .between("eventing.max_multicast_event", eventing.max_multicast_event, size{128}, size{65000})
        .at_least("eventing.multicast_burst", eventing.multicast_burst, 1u)
        .at_least("eventing.multicasts_per_second", eventing.multicasts_per_second, 1u)
        .between("eventing.multicast_repeat_gap", eventing.multicast_repeat_gap, 10ms, milliseconds{10s});

    check.count("interfaces.max_interfaces", interfaces.max_interfaces)
        .count("interfaces.max_served_addresses", interfaces.max_served_addresses)
        .between("interfaces.settle_time", interfaces.settle_time, 0ms, milliseconds{60s})
        .deadline("interfaces.retry_period", interfaces.retry_period)
        .deadline("interfaces.poll_period", interfaces.poll_period)
        .deadline("interfaces.read_gap", interfaces.read_gap)
        .count("interfaces.max_known_interfaces", interfaces.max_known_interfaces)
        .count("interfaces.max_addresses", interfaces.max_addresses)
        .count("interfaces.max_routes", interfaces.max_routes)
        .count("interfaces.max_neighbours", interfaces.max_neighbours)
        .count("max_root_devices", max_root_devices)
        .pause("stop_deadline", stop_deadline);
    return check.result();
}

} // namespace onlink
