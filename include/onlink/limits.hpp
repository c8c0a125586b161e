// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_LIMITS_HPP
#define ONLINK_LIMITS_HPP

#include <onlink/error.hpp>

#include <chrono>
#include <cstddef>

namespace onlink {

/// Bytes that a host holds where everything is taken that limits allow, by what takes them; see
/// limits::worst_case(). Of the heap: the buffers of the system's sockets are the system's. A term that does
/// not fit is the greatest number.
struct memory_ceiling {
    std::size_t connections = 0;   ///< each with a full header and all but the end of a full body
    std::size_t request = 0;       ///< the one that is being read, as a tree
    std::size_t actions = 0;       ///< deferred handlers with their arguments, whose callers have hung up
    std::size_t transfers = 0;     ///< files and exchanges
    std::size_t searches = 0;      ///< that wait, with the rates of those who sent them
    std::size_t subscriptions = 0; ///< each with as many and as long URLs as there may be
    std::size_t events = 0;        ///< full queues, no two with the same body
    std::size_t deliveries = 0;    ///< under way, and connections that are kept
    std::size_t interfaces = 0;    ///< what the system says of them, and what is exposed there; each twice

    ONLINK_EXPORT std::size_t total() const noexcept;
};

/// What others can make a host do and hold, each bound with a finite default. Plain values: change them
/// before the host is built; a host keeps a copy. Those that nobody has a reason to change are constants
/// where they apply (docs/architecture.md).
///
/// Each field says its range, which check() holds it to; where none is said, it takes any number. Three
/// ranges end at another field, which must not contradict it: the shares of one peer (what is named
/// _per_peer) at the whole, max_target at max_header, and min_duration <= default_duration
/// <= max_duration. No other fields are compared: of a share of a target above the whole, or a retry_pause
/// above max_retry_pause, the smaller number counts.
struct limits {
    using seconds = std::chrono::seconds;
    using milliseconds = std::chrono::milliseconds;

    /// Discovery.
    struct ssdp_limits {
        /// Longest datagram that is parsed; longer ones are dropped and counted. Bytes, in [512, 65507].
        /// Default 2048: real searches are under 500 bytes, UDA 2.0 1.2.2 wants messages below 512.
        std::size_t max_datagram = 2048;
        /// Most header lines of a datagram; more drop it. In [8, 256]. Real searches have under ten.
        std::size_t max_headers = 32;
        /// Most searches that wait for their MX at a time, over all interfaces; a search beyond it is not
        /// answered; the more wait, the sooner they are answered. In [1, 1048576]. Default 256: two hundred
        /// control points that wake up together.
        std::size_t max_pending_searches = 256;
        /// Searches one source address may start without pause; then searches_per_second. At least 1.
        unsigned search_burst = 16;
        /// Rate at which a source address, having used its burst, may search. At least 1.
        unsigned searches_per_second = 4;
        /// Answers (datagrams of some 400 bytes) that one source address may draw without pause, and then per
        /// second. A search is answered as a whole or not at all; what it took beyond the burst has to be
        /// gained back first. At least 1. Default: 64 answers a second are about 25 kB/s, which is the most
        /// that a forged source can be made to receive in the long run.
        unsigned answer_burst = 128;
        unsigned answers_per_second = 64;
        /// The same for all sources together: what a spoofing flood can draw from this host. At least 1.
        /// Default: about 200 kB/s.
        unsigned total_answer_burst = 1024;
        unsigned total_answers_per_second = 512;
        /// Source addresses whose rate is remembered at a time; the longest silent is forgotten.
        /// In [1, 1048576].
        std::size_t max_sources = 128;
        /// Longest time over which answers are spread, whatever MX says. UDA 2.0, 1.3.2: at most 5. In [1, 5]
        /// seconds.
        seconds max_mx{5};
        /// The last of the answers leave this long before MX is over, but the window is never less than half
        /// of MX. Default 1000 ms: libupnp 1.8 counts MX in whole seconds, and late. In [0, 5000] ms.
        milliseconds answer_margin{1000};
        /// Answers to a unicast search go out within this time. UDA 2.0, 1.3.2: 1 second; half leaves room
        /// for the way there. In [0, 1000] ms; 0: at once.
        milliseconds unicast_answer_window{500};
        /// max-age of advertisements. UDA 2.0, 1.2.2: 1800 or more. In [1, 86400] seconds.
        seconds max_age{1800};
        /// How often the whole set goes out at start. UDA 2.0, 1.2.2: more than once, at most three times.
        /// In [1, 3].
        unsigned announcements = 3;
        /// Pause between those sets. UDA 2.0, 1.2.2: "a few hundred milliseconds". In [0, 24 hours].
        milliseconds announcement_gap{300};
        /// Longest random wait before the first set. UDA 2.0, 1.2.2: about 100 ms. In [0, 24 hours]. Seconds
        /// where power returns to hundreds of devices at once.
        milliseconds announcement_delay{100};
        /// Updates but for those of the root device itself are spread over this time; then the
        /// advertisements with the new BOOTID follow. UDA 2.0, 1.2.4: "over time". In [0, 60000] ms.
        milliseconds update_spread{500};
        /// Datagrams of advertisements, updates and byebyes, over all addresses and root devices, that leave
        /// without pause, and then per second: a large device tree must not overrun the queue of a small
        /// switch or access point. The copies of one message on all addresses go together whatever their
        /// number (UDA 2.0, A.4.2). At least 1. Default: 500 a second are about 1.6 Mbit/s.
        unsigned announcement_burst = 32;
        unsigned announcements_per_second = 500;
        /// Answers by TCP (TCPPORT.UPNP.ORG) under way at a time; searches beyond it are answered by UDP.
        /// In [1, 1048576].
        std::size_t max_tcp_answers = 4;
        /// For one of them: connect and send. In [100, 30000] ms.
        milliseconds tcp_answer_deadline{2000};
    } ssdp;

    /// The HTTP server: description, control and subscriptions.
    struct http_limits {
        /// Connections open at a time. Beyond it the one that is idle longest, for idle_grace at least, is
        /// closed. If there is none, the oldest of the peer that holds most, idle, half-way in its request or
        /// not reading its answer, makes room for a peer that holds fewer; otherwise the new one is refused.
        /// Transfers and running actions are left alone. In [1, 1048576]. Default 32: a dozen control points
        /// with two or three each.
        std::size_t max_connections = 32;
        /// The same per peer address, so that one peer cannot take all of them. In [1, max_connections].
        std::size_t max_connections_per_peer = 12;
        /// Start line and header fields together; beyond it 431. Bytes, in [256, 1 MiB].
        std::size_t max_header = 8 * 1024;
        /// Longest request target; beyond it 414. Bytes, in [64, max_header].
        std::size_t max_target = 1024;
        /// Longest body; beyond it 413. Bytes, in [256, 1 GiB]. Default 64 KiB: UDA 2.0, 3 sends large data
        /// out of band.
        std::size_t max_body = 64 * 1024;
        /// Longest body where none is of use: with a GET, or a SUBSCRIBE. It is read and thrown away; beyond
        /// it 413. Bytes; 0: none may come.
        std::size_t max_ignored_body = 1024;
        /// From the first byte of a request to the end of its header, and from there to the end of its body.
        /// Together short of the 30 seconds in which UDA 2.0, 2.11 wants the whole answer. Each in
        /// [1 second, 24 hours].
        seconds header_deadline{10};
        seconds body_deadline{10};
        /// How long a kept-alive connection may be silent. In [1 second, 24 hours].
        seconds idle_deadline{30};
        /// After an answer, and after the connection itself, the next request may be on its way for so long:
        /// the connection does not make room for a peer that holds as many. In [1 ms, 24 hours].
        milliseconds idle_grace{1000};
        /// For the answer to leave; each transfer_buffer bytes of a longer one. With
        /// limits::control::action_deadline it makes the 30 seconds in which UDA 2.0, 3.2.2 wants the answer
        /// to an action, transmission included. In [1 second, 24 hours].
        seconds response_deadline{5};
        /// Files of folders and exchanges with routes under way at a time (host_options::web); beyond it 503.
        /// In [1, 1048576].
        std::size_t max_transfers = 16;
        /// The same per peer address, so that one peer cannot take all of them. In [1, max_transfers]. A
        /// browser fetches six things at a time.
        std::size_t max_transfers_per_peer = 8;
        /// Memory of one of them: so much is read, and sent, at a time. Bytes, in [4096, 1 MiB].
        std::size_t transfer_buffer = 64 * 1024;
        /// For so much to go through. A peer that is slower is given up. In [1 second, 24 hours].
        seconds transfer_deadline{30};
        /// Requests on one connection before we close it. At least 1.
        unsigned max_requests = 100;
        /// After the last answer on a connection, a refusal as a rule: how many further bytes are read and
        /// thrown away, so that it is not lost to a reset, and for how long, in [1 second, 24 hours].
        std::size_t max_linger = 64 * 1024;
        seconds linger_deadline{1};
        /// Wait after an error of the system, so as not to spin on it: of a listener that has run out of
        /// descriptors or memory, before it accepts again; of a UDP socket of discovery (out of memory, or an
        /// ICMP error of something that was sent), before it is read again. In [1 ms, 24 hours].
        milliseconds accept_pause{100};
    } http;

    /// XML of peers: SOAP requests. (Documents of the application have their own, wider bounds.)
    struct xml_limits {
        /// Nested elements. In [4, 256]. SOAP needs four.
        std::size_t max_depth = 16;
        /// Elements in a document; comments, processing instructions and CDATA sections count as well, for
        /// they part one text from the next. In [8, 65536].
        std::size_t max_elements = 256;
        /// Attributes of one element, namespace declarations included. In [1, 256].
        std::size_t max_attributes = 16;
    } xml;

    /// Actions.
    struct control_limits {
        /// Actions running at a time (deferred handlers); beyond it 503. In [1, 1048576].
        std::size_t max_running = 16;
        /// The same per peer address, so that one peer cannot take all of them. In [1, max_running]. A
        /// control point seldom waits for more than one.
        std::size_t max_running_per_peer = 6;
        /// How long a deferred handler may take; then 501 and the coroutine is cancelled. UDA 2.0, 3.2.2:
        /// the answer has to be there within 30 seconds. In [1 second, 24 hours].
        seconds action_deadline{25};
    } control;

    /// Subscriptions and events.
    struct eventing_limits {
        /// Subscriptions at a time, over all services; beyond it 503. In [1, 1048576].
        std::size_t max_subscriptions = 64;
        /// Most subscriptions one peer address may hold, over all services; beyond it 503.
        /// In [1, max_subscriptions]. Default 16: a busy control point uses one per service.
        std::size_t max_subscriptions_per_peer = 16;
        /// Most subscriptions that deliver to one address, whoever made them, and to one address and port;
        /// beyond it 503. Each in [1, 1048576]. As many as a peer may hold: a real subscriber is its own
        /// target. What neighbours can aim at a victim on the same link ends here.
        std::size_t max_subscriptions_per_target = 16;
        std::size_t max_subscriptions_per_endpoint = 16;
        /// Connections to one target address that start without pause, and then per second; further
        /// deliveries to it wait. At least 1. Default: each of its 16 subscriptions twice at once, and five
        /// services at the 5 events a second that moderation allows (UDA 2.0, 4.3).
        unsigned notify_connect_burst = 32;
        unsigned notify_connects_per_second = 25;
        /// How long a subscription whose target is off the segment is kept, unserved, before it ends: a new
        /// lease may take the address away for a moment. In [0, 60000] ms.
        milliseconds segment_grace{1000};
        /// URLs in one CALLBACK; beyond it 412. In [1, 1024]. Real control points send one.
        std::size_t max_callbacks = 4;
        /// Bytes of one callback URL; beyond it 412, as UDA 2.0, 4.1.2 forbids to cut it. In [32, 4096].
        std::size_t max_callback_length = 512;
        /// Shortest and longest duration granted, and the one for requests that name none (or infinity).
        /// UDA 2.0, 4.1.2: 1800 or more. In [1, 2147483647] seconds, min_duration <= default_duration <=
        /// max_duration.
        seconds min_duration{1800};
        seconds max_duration{86400};
        seconds default_duration{1800};
        /// Events that wait for one subscriber; then policies::overflow decides. In [1, 1048576].
        std::size_t max_queued_events = 8;
        /// Deliveries under way at a time, over all subscribers, and to one target address. In [1, 65536] and
        /// [1, 1048576]. Subscribers who have yet to take an event, or lost the last one, have half of each:
        /// the dead and the hostile leave the others the rest.
        std::size_t max_deliveries = 32;
        std::size_t max_deliveries_per_target = 8;
        /// Where a delivery waits for others to end, one that has been under way for so long gives way, and
        /// its event is lost. In [100, 30000] ms. A healthy subscriber on the segment answers in
        /// milliseconds.
        milliseconds give_way_after{1000};
        /// For one attempt: to connect; for all of the event to leave; and from then on for the answer.
        /// Together the 30 seconds of UDA 2.0, 4.3.2. Each in [1 second, 24 hours].
        seconds notify_connect_deadline{5};
        seconds notify_write_deadline{5};
        seconds notify_answer_deadline{20};
        /// Idle connections to subscribers, kept for the next event where the subscriber allows it; 0: none.
        std::size_t max_kept_connections = 32;
        /// How long one is kept. In [1 second, 24 hours]. Many servers close theirs after 30 seconds or more.
        seconds kept_connection_idle{25};
        /// Pause after an event was lost; doubled with each further one in a row, up to the second number.
        /// Each in [0, 1 hour].
        milliseconds retry_pause{1000};
        milliseconds max_retry_pause{60000};
        /// Bytes of a subscriber's answer that are read. In [64, 65536].
        std::size_t max_notify_response = 4096;
        /// Bytes of the body of a multicast event. What changes together and does not fit is sent as several
        /// events; a single variable that does not fit is not sent. In [128, 65000]. Default 1024: with its
        /// header within one Ethernet frame.
        std::size_t max_multicast_event = 1024;
        /// Multicast events of a host, repeats among them, that leave without pause, and then per second;
        /// those beyond it are lost, which SEQ shows. Repeats that wait: as many as leave without pause. At
        /// least 1.
        unsigned multicast_burst = 16;
        unsigned multicasts_per_second = 10;
        /// Pause between a multicast event and its repeats (policies::multicast_event_repeats). In
        /// [10, 10000] ms.
        milliseconds multicast_repeat_gap{100};
        /// Events lost in a row before a subscription is dropped; 0: it is kept until it expires, as UDA 2.0,
        /// 4.3.2 would have it. Default 8: a subscriber that is gone should not cost a connection per change
        /// until then.
        unsigned max_failures = 8;
    } eventing;

    /// The interfaces of the host.
    struct interface_limits {
        /// Interfaces served at a time; further ones are left out. In [1, 1048576].
        std::size_t max_interfaces = 16;
        /// Addresses of one interface at which the devices are served, each with its own advertisements;
        /// further ones are left out, IPv6 first. In [1, 1048576]. A neighbour may advertise IPv6 prefixes
        /// without end.
        std::size_t max_served_addresses = 8;
        /// How long the addresses have to be others before that is announced. A new lease may take one away
        /// for a moment; and no neighbour can make the devices announce themselves more often. In
        /// [0, 60000] ms.
        milliseconds settle_time{1000};
        /// When an address could not be served (its ports were taken), the next attempt follows after this.
        /// In [1 second, 24 hours].
        seconds retry_period{10};
        /// How often the interface table is read again where the system does not tell of changes. In
        /// [1 second, 24 hours].
        seconds poll_period{5};
        /// Where it does: shortest pause between two readings, so that a storm of changes costs no more than
        /// this. In [1 ms, 24 hours].
        milliseconds read_gap{50};
        /// Interfaces known at a time, addresses and on-link routes of one, and neighbours; what the system
        /// has beyond it is as if it were not there: of routes, first those that are neither link-local nor
        /// hold an address of ours. Each in [1, 1048576]. Finite so that a routing daemon, or a neighbour
        /// that makes up addresses, cannot make the table grow.
        std::size_t max_known_interfaces = 256;
        std::size_t max_addresses = 32;
        std::size_t max_routes = 64;
        std::size_t max_neighbours = 1024;
    } interfaces;

    /// Root devices in one host; beyond it device_host::add() refuses. In [1, 1048576].
    std::size_t max_root_devices = 64;

    /// For stop() and disable(): running answers get this long, then the coroutines of their handlers are
    /// cancelled. In [0, 24 hours]. Byebyes take as long as their pace, which is finite.
    milliseconds stop_deadline{2000};

    /// For a device with 16 MB of memory: a few control points at a time, short requests. Its worst case is
    /// below 1.5 MiB, that of the defaults below 24, that of large() below 112.
    ONLINK_EXPORT static limits small();
    /// For a NAS or a gateway: hundreds of control points, and browsers beside them.
    ONLINK_EXPORT static limits large();

    /// What all others on the segment together can make a host hold, on top of what it holds idle.
    /// `largest_event`: bytes of the longest event body that its services can have. What it hosts, and what
    /// handlers hold, is the application's matter; so are the answers of more than a hundred advertisements
    /// to one search by TCP.
    ONLINK_EXPORT memory_ceiling worst_case(std::size_t largest_event = 1024) const noexcept;
    std::size_t worst_case_bytes(std::size_t largest_event = 1024) const noexcept
    {
        return worst_case(largest_event).total();
    }

    /// The first field that is outside its range; `where` is e.g. `limits.http.max_body`. Errors:
    /// out_of_range, also for contradictions.
    ONLINK_EXPORT checked<void> check() const;
};

} // namespace onlink

#endif
