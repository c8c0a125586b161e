// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_POLICIES_HPP
#define ONLINK_POLICIES_HPP

#include <onlink/export.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace onlink {

/// Which delivery addresses a SUBSCRIBE may name.
enum class callback_admission : std::uint8_t {
    same_segment, ///< an address on the segment of the interface that accepted the request (UDA 2.0, 4.1.1)
    /// Stricter: only the host that the request came from: its address, or one on the segment behind which
    /// the system's neighbour table has the same hardware address (a host with IPv4 and IPv6).
    same_host,
};

/// Who may renew or cancel a subscription, knowing its SID.
enum class subscription_binding : std::uint8_t {
    same_segment, ///< anyone on the interface it was made on
    same_host,    ///< only the host that made it, as callback_admission::same_host has it
};

/// What happens when a subscriber's queue is full.
enum class overflow_rule : std::uint8_t {
    coalesce_to_latest, ///< the newest waiting event takes up the change and its SEQ; the gap in SEQ shows it
    drop_oldest,        ///< the longest waiting event is lost; the gap in SEQ shows it
};

/// The architecture version that the device declares: SERVER, specVersion, configId and the UPNP.ORG header
/// fields move together.
enum class uda_version : std::uint8_t { v1_0, v1_1, v2_0 };

/// Over which versions of IP the devices are served.
enum class ip_families : std::uint8_t {
    both, ///< UDA 2.0, A.2.2
    ipv4_only,
    ipv6_only,
};

/// Ports that belong to other protocols, and at which an HTTP request of ours could be mistaken for theirs:
/// the ones that browsers refuse (WHATWG Fetch, 2.9 "port blocking"), ascending.
ONLINK_EXPORT std::vector<std::uint16_t> well_known_refused_ports();

/// Choices between behaviours that are all safe. The defaults are strict; each tolerance says which product
/// needs it.
struct policies {
    callback_admission callback = callback_admission::same_segment;
    /// Whether a delivery URL may be of the other IP family than the request, if it is on the same link. UDA
    /// 2.0, A.7 asks control points not to; those with both families do it in the field.
    bool cross_family = true;
    /// Ports that a delivery URL must not name.
    std::vector<std::uint16_t> refused_callback_ports = well_known_refused_ports();
    subscription_binding binding = subscription_binding::same_segment;

    /// Serve an interface, named in host_options::interfaces, on a public IPv4 address if it has no private
    /// one. Interfaces that are not named are never served on a public address.
    bool allow_public_addresses = false;
    /// Say in the body of a refusal, in one line, why: the author of a control point has to be able to see
    /// it.
    bool explain_refusals = true;

    overflow_rule overflow = overflow_rule::coalesce_to_latest;
    /// End a subscription whose subscriber answers 412 to an event, the initial one excepted: it knows no
    /// such SID (UDA 2.0, 4.3.2). If not, that is a failure as any other.
    bool end_on_unknown_sid = true;
    /// How often a multicast event is sent again, unchanged (UDA 2.0, 4.3.1). In [0, 3]. Wi-Fi does not
    /// acknowledge multicasts.
    unsigned multicast_event_repeats = 1;
    uda_version uda = uda_version::v2_0;

    ip_families families = ip_families::both;
    /// Time to live of multicast datagrams over IPv4, and hop limit of those to the IPv6 link. In [1, 255].
    /// Absent: 2 (UDA 2.0, 1), and 4 for a device that declares UDA 1.0.
    std::optional<std::uint8_t> multicast_ttl = std::nullopt;
    /// Hop limit of multicast datagrams to the IPv6 site. UDA 2.0, A.2.3: 10 by default. In [1, 255].
    std::uint8_t site_hop_limit = 10;
    /// Start without a network, or with one that does not fit, and serve as soon as there is one. If not,
    /// start() and enable() throw then.
    bool wait_for_network = true;
    /// Send one set of byebyes before the first advertisements, for control points that remember a life that
    /// ended without. WANIPConnection:2 asks gateways for it.
    bool byebye_at_start = false;
    /// Answer searches by TCP where they ask for it (TCPPORT.UPNP.ORG, UDA 2.0, 1.3.2): one short connection
    /// to the address that the search came from, on the segment only, and to this host only over loopback.
    /// If not, they are answered by UDP. Only for a device that declares UDA 2.0.
    bool answer_over_tcp = true;

    /// Samsung televisions ask for `//path` where the description says `/path` (gerbera issues 323, 352):
    /// treat a run of slashes at the start of a path as one.
    bool collapse_leading_slashes = true;
    /// Compress descriptions and files in memory, once, for clients that ask for gzip (UDA 2.0, 2.1): half a
    /// kilobyte more of memory for a description, and one packet less on the wire.
    bool compress = true;
    /// Let pages of other sites show what host_options::web serves in a frame. If not, X-FRAME-OPTIONS says
    /// so, and nobody's click on another page goes to a button of the device; a handler may answer with this
    /// field or CONTENT-SECURITY-POLICY of its own.
    bool allow_framing = false;
    /// Early UDA 1.0 control points send SOAPACTION without the double quotes.
    bool accept_unquoted_soapaction = false;
    /// UDA 1.0 control points written for libupnp send arguments in any order.
    bool accept_unordered_arguments = false;

    /// Serve M-POST with MAN, beside POST (UDA 1.0, 3.2.2). Absent: as the declared version asks, which is
    /// yes for UDA 1.0 and no (501) for later ones.
    std::optional<bool> serve_m_post = std::nullopt;
    /// Serve QueryStateVariable (UDA 1.0, 3.3): any control point may read any state variable. Absent: as the
    /// declared version asks, which is yes for UDA 1.0 and no (401) for later ones.
    std::optional<bool> serve_state_queries = std::nullopt;

    /// How long the initial event waits behind the answer that carries its SID. GUPnP control points (1.6 and
    /// older: gupnp-tools, Rygel, Totem) answer 200 to an event that their main loop sees before the answer,
    /// and throw it away. In [0, 5000] ms.
    std::chrono::milliseconds initial_event_delay{100};

    /// Serve on the loopback interface when no other interface fits. For trying things out.
    bool fall_back_to_loopback = false;
};

} // namespace onlink

#endif
