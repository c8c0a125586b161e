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

namespace onlink::test {

/// What must hold does not.
struct broken_rule : std::logic_error {
    using std::logic_error::logic_error;
};

/// Looks over a runtime's shoulder and throws broken_rule where it does what it must never do, whatever
/// happens to it:
///
/// - nothing is sent to an address that is not on the segment, or not from one of ours that is served;
/// - one delivery to a subscriber at a time, SEQ from 0 upwards, an event again only while nobody took it;
/// - a connection to a subscriber carries one event at a time, and none once it was closed;
/// - every limit holds, and no refusal is ever uncounted.
///
/// It judges with arithmetic of its own. Tell it of each action item before that is carried out.
class runtime_watch {
public:
    explicit runtime_watch(host_options const& options);

    void see(action_item const& item, device_runtime const& host);
    /// An attempt came to its end; `kept`: its connection stays open.
    void settled(std::uint64_t number, bool delivered, bool kept);
    /// A kept connection was closed at the other end.
    void hung_up(connection_number which);
    /// All sockets are closed.
    void all_closed();
    /// From now on memory may run out: an event that the runtime has begun may never be heard of.
    void expect_losses() noexcept { losses_ = true; }
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

    void see_delivery(send_event const& item, device_runtime const& host);
    void see_datagram(send_datagram const& item, device_runtime const& host);

    limits bounds_;
    std::set<std::uint16_t> refused_ports_;
    std::map<std::uint64_t, delivery> under_way_;
    std::set<connection_number> kept_;
    std::map<std::string, last_event> last_; ///< by SID
    refusal_counters counted_;
    bool losses_ = false;
    std::uint64_t deliveries_ = 0;
    std::uint64_t datagrams_ = 0;
};

/// Whether two addresses of one family share so many bits from the left.
bool shares_prefix(address const& a, address const& b, unsigned length);

} // namespace onlink::test

#endif
