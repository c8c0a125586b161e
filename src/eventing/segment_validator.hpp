// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_SEGMENT_VALIDATOR_HPP
#define ONLINK_EVENTING_SEGMENT_VALIDATOR_HPP

#include "base/ingress.hpp"
#include "base/interface_table.hpp"
#include "base/segment_map.hpp"
#include "eventing/callback_header.hpp"
#include "eventing/callback_url.hpp"

#include <onlink/policies.hpp>

namespace onlink {

/// Decides which delivery URLs of a SUBSCRIBE may ever be contacted. UDA 2.0 (17 April 2020), 4.1.1: a
/// subscription is not accepted unless its delivery URL is on the same network segment as the event
/// subscription URL, which is the interface that accepted the request. (The answer to CVE-2020-12695.)
///
/// Pure and free of allocation: addresses and a snapshot of the interfaces in, verdict out; no look-up of any
/// kind.
class segment_validator {
public:
    explicit segment_validator(policies const& policy, segment_map segments = {});

    /// Admits the candidate, or says why not. The address is judged in this order:
    /// callback_reserved, callback_multicast, callback_broadcast, callback_port, callback_loopback (but over
    /// loopback), callback_other_family (policies::cross_family), callback_own_address (any interface's,
    /// unless the request came from that very address: a program on this host), callback_broadcast (directed,
    /// or the network address), callback_off_segment, callback_not_private (asked at an RFC 1918 address, UDA
    /// 2.0, 4.1.1 wants one), callback_not_requester (callback_admission::same_host).
    callback_result<callback_url> admit(interface_table const& snapshot, ingress const& at,
                                        callback_candidate const& candidate) const noexcept;

    /// The same judgement again, right before a connection is made, against the interfaces of that moment.
    /// Also callback_interface_gone.
    callback_result<void> check_again(interface_table const& now, callback_url const& url) const noexcept;

    /// Whether an admitted URL still is on the segment of its interface, carrier or not: what ends a
    /// subscription is a changed segment, not an unplugged cable.
    bool still_on_segment(interface_table const& now, callback_url const& url) const noexcept;

private:
    callback_result<void> judge(interface_table const& snapshot, ingress const& at,
                                endpoint const& target) const noexcept;

    callback_admission rule_;
    bool cross_family_;
    std::vector<std::uint16_t> refused_ports_; ///< ascending
    segment_map segments_;
};

} // namespace onlink

#endif
