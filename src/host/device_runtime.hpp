// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_DEVICE_RUNTIME_HPP
#define ONLINK_HOST_DEVICE_RUNTIME_HPP

#include "base/interface_table.hpp"
#include "base/time.hpp"
#include "description/document_store.hpp"
#include "host/action.hpp"
#include "host/connection.hpp"
#include "host/request_handler.hpp"
#include "host/served_interface.hpp"
#include "model/device_tree.hpp"
#include "ssdp/announcer.hpp"
#include "ssdp/datagram_gate.hpp"
#include "ssdp/response_scheduler.hpp"
#include "ssdp/ssdp_writer.hpp"

#include <onlink/host_options.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// A datagram as the shell received it.
struct received_datagram {
    unsigned interface_index = 0;
    bool multicast = false; ///< it was sent to the group
    endpoint source;
    std::string_view bytes;
    /// The interface it arrived on, as the system says; 0 if it does not.
    unsigned arrived_on = 0;
};

/// The whole host as one value: all root devices, all interfaces, all four engines. Feed it what happens,
/// with the time at which it happens; drain() what it wants done. It owns no socket, reads no clock, and is
/// not thread-safe.
///
/// Call order: set_interfaces(), start(), then anything; after every call, drain() and next_deadline().
class device_runtime {
public:
    /// `options.operating_system` and `options.random` have to be set. Throws configuration_error.
    device_runtime(std::vector<device> const& roots, host_options options, moment now);
    device_runtime(device_runtime const&) = delete;
    device_runtime& operator=(device_runtime const&) = delete;

    /// A new snapshot of the host's interfaces; every judgement from now on is made against it.
    void set_interfaces(moment now, interface_table table);
    interface_table const& interfaces() const noexcept { return table_; }

    /// Announces the devices. Once more after stop(): with a new BOOTID, and without the old subscriptions.
    void start(moment now, std::vector<served_interface> served);
    /// Begins the byebyes. Subscriptions end here, and nobody is sent anything else.
    void stop(moment now);
    /// All sockets are closed: nothing is served any more.
    void on_closed();
    /// Whether the byebyes are out.
    bool stopped() const noexcept { return !announcer_ || announcer_->finished(); }

    void on_datagram(moment now, received_datagram const& datagram);
    /// Whether a connection may be read from at all: its peer has to be on the segment it came in on. To be
    /// asked again of those that are open when the interfaces have changed.
    bool admit_connection(connection const& from);
    http_reply on_request(moment now, connection const& from, http_request const& request);
    /// The outcome of a call that on_request() returned, as the control point gets it; `threw` if its handler
    /// did.
    http_response on_action_done(moment now, connection const& from, invocation const& call,
                                 action_result const& result, bool threw = false);
    /// The handler of such a call has come to its end, answered in time or not: its slot is free again.
    void on_handler_ended() noexcept { --running_calls_; }
    /// The answer to a SUBSCRIBE has left (or could not).
    void on_answered(moment now, sid const& id, bool sent) { events_.answered(now.at, id, sent); }
    /// The state table of a service has changed.
    void on_state_change(std::size_t service) { events_.publish(service); }
    void on_delivery(std::uint64_t number, bool delivered, std::string_view why);
    /// Something the shell itself had to refuse.
    void on_refusal(connection const& from, refusal_reason reason, int status, std::string_view detail = {});

    /// A containment that the system refuses on an interface; said to the observer once.
    void on_containment_gap(unsigned interface_index, containment what, std::string_view why);

    /// Does what is due.
    void advance(moment now);
    std::optional<time_point> next_deadline() const noexcept;
    /// What is to be done now, in order. Deliveries come out only here, checked against the interfaces of
    /// now; none while `interfaces_known` is false, which says that they have changed and are yet to be read.
    std::vector<action_item> drain(moment now, bool interfaces_known = true);

    /// What is reachable, where, from whom, and what contains it.
    std::vector<exposed_endpoint> exposure() const;
    /// Whether the hop limit and the ban on routing are to be set on that interface.
    bool contained(unsigned interface_index) const noexcept;

    device_tree const& tree() const noexcept { return tree_; }
    std::vector<served_interface> const& served() const noexcept { return served_; }
    std::string location(std::size_t root, served_interface const& at) const;
    refusal_counters const& refusals() const noexcept { return counters_; }
    event_engine& events() noexcept { return events_; }
    std::uint32_t config_id() const noexcept { return documents_.config_id(); }

private:
    struct known_gap {
        unsigned interface_index;
        containment_gap gap;
    };
    bool arrived_elsewhere(unsigned served_at, unsigned arrived_on, address const& peer) const noexcept;
    void note(refusal_note n);
    void note_exposure();
    std::optional<delivery_path> path_of(callback_url const& to) const;
    void announce(announcement const& part);
    void answer(moment now, search_answer const& due);
    void take_event_notices();
    served_interface const* served_on(unsigned interface_index) const noexcept;
    std::string service_type_text(std::size_t service) const;

    host_options options_;
    segment_map segments_;
    device_tree tree_;
    document_store documents_;
    ssdp_identity identity_;
    advertisement_set advertisements_;
    datagram_gate gate_;
    response_scheduler answers_;
    std::optional<announcer> announcer_;
    event_engine events_;
    request_handler requests_;
    interface_table table_;
    std::vector<served_interface> served_;
    std::vector<known_gap> gaps_;
    bool started_ = false;
    std::size_t running_calls_ = 0;
    bool leaving_ = false; ///< after stop(): no search is answered any more
    std::vector<action_item> pending_;
    refusal_counters counters_;
};

} // namespace onlink

#endif
