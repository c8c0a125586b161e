// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_ACTION_HPP
#define ONLINK_HOST_ACTION_HPP

#include "base/ip.hpp"
#include "eventing/event_engine.hpp"
#include "ssdp/discovery.hpp"

#include <onlink/action_call.hpp>
#include <onlink/observer.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace onlink {

/// Keep this over a reboot, before anything that follows is sent (UDA 2.0, 1.2.2).
struct keep_boot_id {
    std::uint32_t value = 0;
};

/// Where to serve has changed: open what device_runtime::wanted_endpoints() has and was not open, tell
/// device_runtime::serve(), and close the rest.
struct reopen_endpoints {};

/// How a connection of ours leaves this host.
struct delivery_path {
    unsigned interface_index = 0;
    std::string interface_name;
    address from;              ///< our address to connect from (UDA 2.0, 4.3.2)
    bool to_this_host = false; ///< to a program on this host: such packets take no interface
    bool contained = true;     ///< by hop limit and without routing; not if extra_segments widened it
};

/// Send over the connection that the delivery names, at once; make it first if event_delivery::connects().
struct send_event {
    event_delivery what;
    delivery_path by; ///< of a connection that is to be made
};

/// Close a connection to a subscriber, whatever goes on there; nothing is to be reported of it any more.
struct close_connection {
    connection_number which{};
};

/// Connect, send and close, once, at once.
struct send_answers {
    send_search_answers what;
    delivery_path by;
};

// What the observer is to be told, owned: its own reports only view these.

struct refusal_note {
    refusal_reason reason{};
    address peer;
    std::string interface_name;
    int status = 0;
    std::string detail; ///< already printable
};
struct action_note {
    action_call call;
    int error = 0;
};
struct subscription_note {
    subscription_change change{};
    std::string sid;
    std::string service_type;
    address peer;
};
struct delivery_note {
    std::string sid;
    std::uint32_t seq = 0;
    std::string url;
    bool delivered = false;
    std::string why;
};
struct serving_note {
    std::string interface_name;
    onlink::address address;
    std::string friendly_name;
    std::string location;
};

struct exposure_note {
    std::shared_ptr<std::vector<exposed_endpoint> const> all;
};

/// What the runtime wants done; the shell obeys.
using action_item =
    std::variant<send_datagram, send_answers, send_event, close_connection, keep_boot_id, reopen_endpoints,
                 exposure_note, refusal_note, action_note, subscription_note, delivery_note, serving_note>;

} // namespace onlink

#endif
