// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_OPTIONS_HPP
#define ONLINK_HOST_OPTIONS_HPP

#include <onlink/boot_id_store.hpp>
#include <onlink/error.hpp>
#include <onlink/extra_segment.hpp>
#include <onlink/limits.hpp>
#include <onlink/observer.hpp>
#include <onlink/policies.hpp>
#include <onlink/random_source.hpp>
#include <onlink/web_content.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onlink {

/// `NAME/VERSION`, as the SERVER header wants it (UDA 2.0, 1.2.2). Neither part has a blank, `/` or `,`.
struct product_token {
    std::string name;
    std::string version;
};

/// Everything about a host but its devices. check() is called by the constructor of device_host.
struct host_options {
    onlink::limits limits = {};
    onlink::policies policies = {};

    /// Names of the interfaces to serve, each whenever it is there. Empty: every interface that is up, can
    /// multicast, and has no public IPv4 address. A router has to name them: an interface to the Internet
    /// that has IPv6 alone, or no lease yet, looks like any other.
    std::vector<std::string> interfaces = {};
    /// Networks beyond the link to serve as well. Each names its interface; at most 64.
    std::vector<extra_segment> extra_segments = {};
    /// TCP port of the HTTP server on every interface; 0 lets the system choose.
    std::uint16_t port = 0;

    /// UDP port of unicast searches; absent: 1900, or, where another program of this host has that to itself,
    /// one that the system lets us have. Another one than 1900 is told by SEARCHPORT.UPNP.ORG (UDA 2.0,
    /// 1.2.2). In [49152, 65535].
    std::optional<std::uint16_t> search_port = std::nullopt;

    /// First token of SERVER; absent: what the system says of itself.
    std::optional<product_token> operating_system = std::nullopt;
    /// Third token of SERVER; absent: onlink and its version.
    std::optional<product_token> product = std::nullopt;

    /// Language of the texts in the device descriptions, as CONTENT-LANGUAGE names it to control points that
    /// ask (UDA 2.0, 2.11): a tag as in RFC 5646.
    std::string language = "en";

    /// What is served beside the devices: pages, folders, routes of the application.
    web_content web = {};

    /// BOOTID.UPNP.ORG of this start, 0..2147483647; must grow from start to start (UDA 2.0, 1.2.2).
    /// Absent: by `boot_ids`; without those, the seconds since 1970, of which there are only 31 bits: on
    /// 2038-01-19 they begin anew at 0, and who starts after it has a smaller number than before. A board
    /// whose clock is not set yet when it starts has about the same number each time. So give `boot_ids` to
    /// whatever is to last that long, and to whatever has no clock.
    std::optional<std::uint32_t> boot_id = std::nullopt;
    /// Has the BOOTID outlive a reboot: the first one is the number kept plus one, or the seconds since 1970
    /// where they are greater; it needs no clock, and outlasts 2038. Empty: only the clock counts, and two
    /// starts within a second, or after a clock was set back, are not told apart. Not together with
    /// `boot_id`.
    std::shared_ptr<boot_id_store> boot_ids = {};
    /// CONFIGID.UPNP.ORG, 0..16777215; must change with any byte of any description (UDA 2.0, 1.2.2).
    /// Absent: derived from the documents.
    std::optional<std::uint32_t> config_id = std::nullopt;

    /// Told of what happens; may be empty.
    std::shared_ptr<observer> watch = {};
    /// Empty: system_random().
    std::shared_ptr<random_source> random = {};

    /// The first defect; `where` names the field, e.g. `policies.multicast_ttl`. Errors: out_of_range, and
    /// what limits::check() finds; malformed and duplicate for names and paths; missing for an empty part of
    /// `web`; too_large for more than 64 extra_segments; contradictory for `boot_id` together with
    /// `boot_ids`. Whether it all goes together with the devices is judged by device_host.
    ONLINK_EXPORT checked<void> check() const;
};

} // namespace onlink

#endif
