// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_DEVICE_RUNTIME_HPP
#define ONLINK_HOST_DEVICE_RUNTIME_HPP

#include "base/interface_table.hpp"
#include "base/time.hpp"
#include "description/document_store.hpp"
#include "host/action.hpp"
#include "host/connection.hpp"
#include "host/endpoint_selection.hpp"
#include "host/exposure_report.hpp"
#include "host/peer_shares.hpp"
#include "host/request_handler.hpp"
#include "model/device_tree.hpp"
#include "ssdp/discovery.hpp"

#include <onlink/host_options.hpp>
#include <onlink/host_snapshot.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onlink {

/// The whole host as one value: all root devices, all interfaces, all four engines. Feed it what happens,
/// with the time at which it happens; drain() what it wants done. It owns no socket, reads no clock, and is
/// not thread-safe.
///
/// Call order: set_interfaces(), start(), serve(), then anything; after every call, drain() and
/// next_deadline().
class device_runtime {
public:
    /// `options.operating_system` and `options.random` have to be set. `kept_boot_id`: the number that
    /// options.boot_ids has kept. Throws configuration_error.
    device_runtime(std::vector<device> const& roots, host_options options, moment now,
                   std::optional<std::uint32_t> kept_boot_id = std::nullopt);
    device_runtime(device_runtime const&) = delete;
    device_runtime& operator=(device_runtime const&) = delete;

    /// A new snapshot of the host's interfaces; every judgement from now on is made against it. If the
    /// addresses to serve stay others for limits::interfaces::settle_time, reopen_endpoints follows.
    void set_interfaces(moment now, interface_table table);
    interface_table const& interfaces() const noexcept { return table_; }

    /// Where to serve, by the interfaces of now.
    endpoint_selection wanted_endpoints() const { return select_endpoints(table_, options_, served()); }
    /// The sockets at these addresses are open, ports filled in, and no others. Some of the wanted ones may
    /// be lacking; then reopen_endpoints follows after limits::interfaces::retry_period. `search_port`: if it
    /// is not 1900.
    void serve(moment now, std::vector<served_endpoint> endpoints,
               std::optional<std::uint16_t> search_port = std::nullopt);

    /// From now on the devices are announced wherever they are served. Once more after stop(): with a new
    /// BOOTID, and without the old subscriptions.
    void start(moment now);
    /// Begins the byebyes. Subscriptions end here, and nobody is sent anything else.
    void stop(moment now);
    /// All sockets are closed: nothing is served any more.
    void on_closed();
    /// Whether the byebyes are out.
    bool stopped() const noexcept { return discovery_.stopped(); }

    /// Adds a root device, and announces it where devices are served. Errors: those of device::check(),
    /// duplicate, full (limits::max_root_devices); then nothing changes.
    checked<void> add(moment now, device const& root);
    /// Takes a root device away: byebyes, and its subscriptions end. Errors: not_found.
    result<void> remove(moment now, udn const& name);
    /// Both at once, for one whose description changes (UDA 2.0, 2): byebyes, then it is announced with a new
    /// CONFIGID and BOOTID. Errors: those of add(), and not_found.
    checked<void> replace(moment now, device const& root);

    void on_datagram(moment now, received_datagram const& datagram);
    /// What send_search_answers wanted has come to its end.
    void on_search_answers_sent(unsigned interface_index, endpoint const& to, bool delivered,
                                std::string_view why);
    /// Whether a connection may be read from at all: its peer has to be on the segment it came in on. To be
    /// asked again of those that are open when the interfaces have changed.
    bool admit_connection(connection const& from);
    /// What is wanted of the body of a request whose header has come.
    body_plan plan_body(http_request const& head) const { return requests_.plan_body(head); }
    http_reply on_request(moment now, connection const& from, http_request const& request);
    /// A file that such a request wanted is open, or there is none.
    file_answer on_file(moment now, http_request const& request, wanted_file const& what,
                        content_facts const& facts) const
    {
        return requests_.resources().file_answer_for(now, request, what, facts);
    }
    http_response on_no_file(moment now, connection const& from, http_request const& request);
    /// What a handler of the application wants to answer. Errors: malformed.
    result<http_response> on_web_response(moment now, http_request const& request,
                                          web_response const& wanted) const
    {
        return requests_.resources().web_head(now, request, wanted);
    }
    /// A file or an exchange that on_request() wanted has come to its end.
    void on_transfer_ended(connection const& from) noexcept { transfers_.end(from.peer.address); }
    /// The outcome of a call that on_request() returned, as the control point gets it; `threw` if its handler
    /// did.
    http_response on_action_done(moment now, connection const& from, invocation const& call,
                                 action_result const& result, bool threw = false);
    /// The deferred handler of such a call has come to its end, answered in time or not: its place is free
    /// again.
    void on_handler_ended(address const& peer) noexcept { calls_.end(peer); }
    /// The answer to a SUBSCRIBE has left (or could not).
    void on_answered(moment now, sid const& id, bool sent) noexcept { events_.answered(now.at, id, sent); }
    /// The state table of a service has changed.
    void on_state_change(moment now, std::size_t service) { events_.publish(now.at, service); }
    /// How a delivery goes on, and ends; see event_dispatcher.
    void on_delivery_step(moment now, std::uint64_t number, delivery_step step)
    {
        events_.progress(now.at, number, step);
    }
    void on_delivery(moment now, std::uint64_t number, delivery_outcome outcome)
    {
        events_.settle(now.at, number, std::move(outcome));
    }
    void on_connection_closed(connection_number which) { events_.connection_closed(which); }
    /// The answer to bytes that are no request, or do not become one in time; the connection ends with it.
    http_response on_bad_request(moment now, connection const& from, refusal_reason reason, int status);
    /// Something the shell itself had to refuse.
    void on_refusal(connection const& from, refusal_reason reason, int status, std::string_view detail = {});

    /// A containment that the system refuses on an interface; said to the observer once.
    void on_containment_gap(unsigned interface_index, containment what, std::string_view why);

    /// Does what is due.
    void advance(moment now);
    std::optional<time_point> next_deadline() const noexcept;
    /// Nobody is to be told of anything: notes are not made, and what is counted is counted.
    void set_observed(bool observed) noexcept
    {
        observed_ = observed;
        events_.set_observed(observed);
    }
    /// Whether drain() would have nothing to say.
    bool idle() const noexcept;
    /// What is to be done now, in order. Deliveries come out only here, checked against the interfaces of
    /// now; none while `interfaces_known` is false, which says that they have changed and are yet to be read.
    std::vector<action_item> drain(moment now, bool interfaces_known = true);
    /// The same into a vector that has held it before, so that it takes no memory.
    void drain(moment now, bool interfaces_known, std::vector<action_item>& items);
    /// A datagram is out: the memory of its text serves for another one.
    void on_sent(send_datagram&& what) noexcept { discovery_.reuse(std::move(what.bytes)); }

    /// What is reachable, where, from whom, and what contains it.
    std::vector<exposed_endpoint> exposure() const;
    /// Whether the hop limit and the ban on routing are to be set on that interface.
    bool contained(unsigned interface_index) const noexcept
    {
        return exposure_.contains(table_, interface_index);
    }

    /// An address could not be served.
    void on_unavailable(served_endpoint const& at, std::string_view why);
    /// The boot_id_store failed. A minute later keep_boot_id follows again.
    void on_boot_id_not_kept(moment now, std::string_view why);

    device_tree const& tree() const noexcept { return tree_; }
    std::vector<served_endpoint> const& served() const noexcept { return discovery_.served(); }
    /// Of a root device, by its index in device_tree::devices.
    std::string location(std::size_t root, served_endpoint const& at) const;
    refusal_counters const& refusals() const noexcept { return counters_; }
    event_engine& events() noexcept { return events_; }
    /// All but what the shell knows.
    host_snapshot snapshot() const;

private:
    bool arrived_elsewhere(unsigned served_at, unsigned arrived_on, address const& peer) const noexcept;
    bool may_be_forged_as_own(received_datagram const& datagram) const noexcept;
    void note(refusal_reason reason, address const& peer, std::string_view interface_name, int status,
              std::string_view detail) noexcept;
    template <class Make>
    void tell(Make make) noexcept;
    void note_exposure() noexcept;
    void note_other_exposure() noexcept;
    void turn_away(http_reply& reply, refusal_reason why) const;
    std::optional<delivery_path> path_of(callback_url const& to) const;
    bool is_searcher(unsigned interface_index, endpoint const& from);
    void start_deliveries(moment now, std::vector<action_item>& events);
    void take_outgoing();
    void take_multicasts(moment now);
    void take_event_notices() noexcept;
    bool serves(unsigned interface_index) const noexcept;
    bool has_multicasts() const noexcept;
    std::string service_type_text(std::size_t service) const;
    void host(moment now, std::size_t root);
    void unhost(moment now, std::size_t root) noexcept;
    void note_serving(std::size_t root);

    /// A root device's number in discovery.
    struct hosted_root {
        std::size_t device; ///< index in device_tree::devices
        std::uint32_t number;
    };

    host_options options_;
    segment_map segments_;
    device_tree tree_;
    document_store documents_;
    std::string server_;
    discovery discovery_;
    event_engine events_;
    request_handler requests_;
    exposure_report exposure_;
    std::vector<hosted_root> roots_;
    interface_table table_;
    /// To the observer, of what is exposed. Shared with the note: it is long where interfaces are many.
    std::shared_ptr<std::vector<exposed_endpoint> const> told_ =
        std::make_shared<std::vector<exposed_endpoint> const>(); ///< nothing: there was no memory to tell it
    std::uint32_t config_changes_ = 0;
    /// When the addresses, if they are then still others than those served, are to be opened.
    std::optional<time_point> reopen_at_;
    std::optional<time_point> keep_again_at_; ///< the BOOTID
    bool observed_ = true;
    bool running_ = false; ///< between start() and stop()
    peer_shares calls_;    ///< of deferred handlers: the others end before anything else begins
    peer_shares transfers_;
    std::vector<action_item> pending_;
    refusal_counters counters_;
    std::uint64_t multicast_events_ = 0;
};

} // namespace onlink

#endif
