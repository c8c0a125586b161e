// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_RUNTIME_WATCH_HPP
#define ONLINK_TESTS_SUPPORT_RUNTIME_WATCH_HPP

#include "host/device_runtime.hpp"

#include <onlink/host_options.hpp>

#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace onlink::test {

/// What must hold does not.
struct broken_rule : std::logic_error {
    using std::logic_error::logic_error;
};

/// Looks over a runtime's shoulder and throws broken_rule where it does what it must never do, whatever
/// happens to it:
///
/// - nothing is sent to an address that is not on the segment, or not from one of ours that is served, and
///   no connection is read from that comes from elsewhere;
/// - no event goes but to a URL that its subscriber named, nor to one of our own addresses but for a program
///   on this host;
/// - one delivery to a subscriber at a time, SEQ from 0 upwards, an event again only while nobody took it,
///   and none left out that is not counted as lost;
/// - a connection to a subscriber carries one event at a time, and none once it was closed;
/// - every limit holds, and no refusal is ever uncounted.
///
/// It judges with arithmetic of its own. Tell it of each action item before that is carried out. Those who
/// search are to be no more than limits::ssdp::max_sources: whom a host has forgotten has a burst anew.
class runtime_watch {
public:
    explicit runtime_watch(host_options const& options);

    void see(action_item const& item, device_runtime const& host, time_point now);
    /// A connection may be read from.
    void admitted(connection const& from, device_runtime const& host);
    /// A request made a subscription.
    void accepted(sid const& id, http_request const& request, connection const& from);
    /// The answer to that request could not leave: nobody knows of the subscription.
    void unanswered(sid const& id);
    /// The host has taken in a datagram of this source, and nothing has been drained since.
    void heard(address const& source, device_runtime const& host, time_point now);
    /// The host slept: up to the next check() what was due meanwhile leaves, all at once.
    void slept() noexcept { slept_ = true; }
    /// An attempt came to its end; `kept`: its connection stays open.
    void settled(std::uint64_t number, bool delivered, bool kept);
    /// A kept connection was closed at the other end.
    void hung_up(connection_number which);
    /// The host stops, or has stopped: all sockets are closed, all subscriptions are void.
    void all_closed();
    /// From now on memory may run out: an event that the runtime has begun may never be heard of.
    void expect_losses() noexcept { losses_ = true; }
    /// It does not any more, and nobody is subscribed.
    void expect_no_more_losses(device_runtime const& host);
    bool expects_losses() const noexcept { return losses_; }
    /// After each step.
    void check(device_runtime const& host);

    struct delivery {
        std::string sid;
        address target;
        connection_number connection{};
    };
    /// By number, in the order in which they started.
    std::map<std::uint64_t, delivery> const& under_way() const noexcept { return under_way_; }
    /// Connections that are open and idle.
    std::set<connection_number> const& kept() const noexcept { return kept_; }
    /// How often something was seen, so that a test can show that it was there at all.
    std::uint64_t deliveries() const noexcept { return deliveries_; }
    std::uint64_t datagrams() const noexcept { return datagrams_; }

private:
    struct last_event {
        std::uint64_t seq = 0;
        bool taken = false;
    };
    /// Where a subscriber wants its events, by its own words.
    struct wanted_target {
        endpoint where;
        std::string path;
    };
    struct subscriber {
        address requester;
        std::vector<wanted_target> targets;
        bool leaves = false; ///< it has cancelled
    };
    /// What somebody has had of something lately.
    struct share {
        double taken = 0;
        time_point at{};
        /// Takes one more. Whether that is within `burst` and what has been gained at so many a second.
        bool take(time_point now, double burst, double per_second) noexcept;
    };

    void see_delivery(send_event const& item, device_runtime const& host);
    void see_datagram(send_datagram const& item, device_runtime const& host, time_point now);
    void see_end(subscription_note const& note);
    void check_subscriptions(device_runtime const& host);

    limits bounds_;
    std::set<std::uint16_t> refused_ports_;
    std::map<std::uint64_t, delivery> under_way_;
    std::set<connection_number> kept_;
    std::map<std::string, last_event> last_;        ///< by SID
    std::map<std::string, subscriber> subscribers_; ///< by SID
    /// Events that SEQ shows to have been left out, of all subscriptions; never more than have been counted
    /// since there were so many.
    std::uint64_t left_out_ = 0;
    std::uint64_t lost_before_ = 0;
    std::map<address, share> searches_;
    std::map<address, share> answers_;
    share all_answers_;
    std::size_t pending_searches_ = 0;
    bool slept_ = false;
    refusal_counters counted_;
    bool losses_ = false;
    std::uint64_t deliveries_ = 0;
    std::uint64_t datagrams_ = 0;
};

/// Whether two addresses of one family share so many bits from the left.
bool shares_prefix(address const& a, address const& b, unsigned length);

} // namespace onlink::test

#endif
