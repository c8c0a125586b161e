// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_OBSERVER_HPP
#define ONLINK_OBSERVER_HPP

#include <boost/asio/ip/address.hpp>
#include <onlink/action_call.hpp>
#include <onlink/export.hpp>
#include <onlink/exposure.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// Why something from the network was refused or given up. Each has a counter.
enum class refusal_reason : std::uint8_t {
    datagram_too_large,
    datagram_malformed,
    datagram_off_segment,     ///< its source is not on the segment of the interface it came in on
    datagram_wrong_interface, ///< sent to an address of one interface, it arrived on another
    datagram_unsent,          ///< the system did not take one: no room, or no way to its target
    search_invalid,           ///< MAN, MX or ST missing or wrong
    search_rate,              ///< the source, or all together, ask too often
    search_queue_full,
    search_answer_rate,     ///< the source, or all together, draw too many answers
    search_tcp_undelivered, ///< an answer by TCP could not be delivered
    connection_off_segment,
    connection_wrong_interface,
    connection_limit,
    connection_peer_limit,
    connection_unavailable, ///< the system had no descriptor or memory for one: it waits
    request_malformed,
    request_too_large,
    request_timeout,
    answer_timeout, ///< the peer did not take its answer in time
    host_header,    ///< HOST missing, doubled, or not this server: the mark of DNS rebinding
    origin_foreign, ///< ORIGIN is not this server: somebody else's page in a browser on the segment
    not_found,
    method_not_allowed,
    unsupported_media,
    xml_refused,  ///< not well formed, over a limit, or with a DOCTYPE
    soap_invalid, ///< well-formed XML, but no SOAP request for this action
    action_fault, ///< the control point got a UPnP error
    action_limit,
    action_timeout,
    transfer_limit,    ///< over limits::http::max_transfers, or max_transfers_per_peer
    subscribe_invalid, ///< header fields missing or contradictory
    callback_malformed,
    callback_too_long,    ///< over limits::eventing::max_callback_length
    callback_too_many,    ///< over limits::eventing::max_callbacks
    callback_scheme,      ///< not http
    callback_not_literal, ///< a name instead of an address
    callback_port,        ///< 0, above 65535, or one of policies::refused_callback_ports
    callback_reserved,    ///< unspecified, 240/4, and other addresses of nobody
    callback_multicast,
    callback_broadcast, ///< limited or directed, or the address of the network itself
    callback_loopback,  ///< loopback, though the request did not come over it
    callback_own_address,
    callback_other_family, ///< policies::cross_family is off
    callback_off_segment,
    callback_not_private,    ///< asked at a private address (RFC 1918), it names a public one
    callback_not_requester,  ///< under callback_admission::same_host
    callback_interface_gone, ///< the interface of the subscription is no longer there, or is down
    subscription_limit,
    subscription_peer_limit,
    subscription_target_limit,   ///< over limits::eventing::max_subscriptions_per_target
    subscription_endpoint_limit, ///< over limits::eventing::max_subscriptions_per_endpoint
    subscription_unknown,
    subscription_foreign, ///< renewed or cancelled by somebody whom policies::binding does not let
    subscription_failing, ///< dropped: limits::eventing::max_failures, or 412 to an event
    event_overflow,       ///< a subscriber's queue was full
    event_undelivered,
    event_target_left,    ///< the delivery address is no longer on the segment; nothing was sent
    multicast_event_lost, ///< too large for a datagram, or too many in a short time
    endpoint_unavailable, ///< an address of ours could not be served; tried again later
    boot_id_not_kept,     ///< the boot_id_store failed: the BOOTID may not grow over a reboot
    internal_error,       ///< an exception in a handler or in this library; the loop goes on
};

inline constexpr std::size_t refusal_reason_count =
    static_cast<std::size_t>(refusal_reason::internal_error) + 1;

/// A short phrase, e.g. `callback off the segment`.
ONLINK_EXPORT std::string_view to_string(refusal_reason reason) noexcept;
/// A sentence for the author of a control point or the reader of a log, without the peer's words.
ONLINK_EXPORT std::string_view explain(refusal_reason reason) noexcept;

/// One refusal. The views live only during the call.
struct refusal {
    refusal_reason reason{};
    boost::asio::ip::address peer;   ///< who asked; unspecified if nobody did
    std::string_view interface_name; ///< where it came in
    int status = 0;                  ///< HTTP status or UPnP error sent; 0 for silence
    /// What was refused, cut to 256 bytes, everything but printable ASCII shown as `?`: the peer's words
    /// cannot forge a line of a log.
    std::string_view detail;
};

/// One action that a handler has answered: with its result, with a UPnP error, or by throwing or taking too
/// long (501). What was refused before a handler saw it is a refusal. The pointer and the view live only
/// during the call.
struct action_report {
    boost::asio::ip::address peer;     ///< who called
    std::string_view interface_name;   ///< where the call came in
    action_call const* call = nullptr; ///< its name and arguments
    int error = 0;                     ///< 0, or the UPnP error code
};

/// What became of a subscription (UDA 2.0, 4.1).
enum class subscription_change : std::uint8_t {
    accepted,     ///< SUBSCRIBE with CALLBACK; told before the answer is out, without which it ends silently
    renewed,      ///< SUBSCRIBE with its SID
    cancelled,    ///< UNSUBSCRIBE
    expired,      ///< it was not renewed in time
    dropped,      ///< too many events were lost in a row, or the subscriber does not know its SID
    segment_left, ///< the segment changed, and no delivery URL is on it any more, or it is another segment
    device_removed, ///< by device_host::remove() or replace()
};

/// One change of a subscription. All end by stop() and disable(), of which nothing is told. The views live
/// only during the call.
struct subscription_report {
    subscription_change change{};
    std::string_view sid;          ///< `uuid:` and 36 characters
    std::string_view service_type; ///< e.g. `urn:schemas-upnp-org:service:SwitchPower:1`
    boost::asio::ip::address peer; ///< who asked for the change; where nobody did, who made the subscription
};

/// One event that was delivered, or given up after every URL failed. The views live only during the call.
struct delivery_report {
    std::string_view sid;
    std::uint32_t seq = 0;
    std::string_view url; ///< to which it went; for a failure: the last one tried
    bool delivered = false;
    std::string_view why; ///< for a failure: what the last attempt met
};

/// An address at which a root device is now served. The views live only during the call.
struct serving_report {
    std::string_view interface_name;
    boost::asio::ip::address address;
    std::string_view friendly_name;
    std::string_view location; ///< URL of the description document
};

/// Told of what the host does and refuses. Override what interests you.
/// Called on the host's executor, never re-entrantly; what it throws is counted as internal_error. It may
/// stop the host, or drop it. The host waits for it: what takes long belongs in another thread.
class ONLINK_EXPORT observer {
public:
    virtual ~observer();
    /// Each root device at each address, when it is first served there: after start() and enable(), when an
    /// address has come, and when the root device is added or replaced.
    virtual void on_serving(serving_report const&) {}
    /// What is reachable from now on, whenever that has changed: after start(), enable() and disable(), when
    /// interfaces change, and when the system refuses a containment.
    virtual void on_exposure(std::vector<exposed_endpoint> const&) {}
    /// Whatever refusal_counters count, each time, but for a UPnP error that a handler returned: on_action()
    /// tells of that. A flood brings one call for each of its datagrams: whoever writes a log has to bound
    /// it.
    virtual void on_refusal(refusal const&) {}
    /// Each action that a handler has answered, when its answer is about to be sent.
    virtual void on_action(action_report const&) {}
    /// Each change of a subscription.
    virtual void on_subscription(subscription_report const&) {}
    /// Each event to a subscriber, when it has been answered, or is lost. Not multicast events, and not those
    /// that were never tried: they are refusals (event_overflow, event_target_left).
    virtual void on_delivery(delivery_report const&) {}
};

/// How often each refusal happened since the host was built.
class refusal_counters {
public:
    std::uint64_t operator[](refusal_reason r) const noexcept { return counts_[static_cast<std::size_t>(r)]; }
    void count(refusal_reason r) noexcept { ++counts_[static_cast<std::size_t>(r)]; }

private:
    std::array<std::uint64_t, refusal_reason_count> counts_{};
};

} // namespace onlink

#endif
