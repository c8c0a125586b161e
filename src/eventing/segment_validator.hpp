// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_SEGMENT_VALIDATOR_HPP
#define ONLINK_EVENTING_SEGMENT_VALIDATOR_HPP

#include "base/interface_table.hpp"
#include "eventing/callback_header.hpp"
#include "eventing/callback_url.hpp"

#include <onlink/error.hpp>
#include <onlink/policies.hpp>

#include <vector>

namespace onlink {

/// Decides which delivery URLs of a SUBSCRIBE may ever be contacted. UDA 2.0 (17 April 2020), 4.1.1: a
/// subscription is not accepted unless its delivery URL is on the same network segment as the event
/// subscription URL, which is the interface that accepted the request. (The answer to CVE-2020-12695.)
///
/// Pure: addresses and a snapshot of the interface table in, verdict out; no look-up of any kind.
class segment_validator {
public:
    explicit segment_validator(callback_admission rule) noexcept : rule_(rule) {}

    /// All of them, or the first reason against one. `ingress` is the interface that accepted the request,
    /// `requester` the address it came from.
    /// Errors:
    /// - special_address: unspecified, multicast, broadcast, reserved, IPv4-mapped; loopback unless the
    /// request
    ///   came over loopback; an address of this host unless the request came from that very address;
    /// - off_segment: outside the prefixes of `ingress`, or of another family than the request;
    /// - bad_state: under same_host, not the requester's own address.
    result<std::vector<callback_url>> admit(std::vector<callback_candidate> const& candidates,
                                            network_interface const& ingress, address const& requester,
                                            interface_table const& table) const;

    /// The same judgement again, right before a connection is made, against the interfaces of that moment.
    /// Errors: as admit(); unknown_interface if the interface is gone.
    result<void> check_again(callback_url const& url, interface_table const& table) const;

private:
    result<void> judge(address const& target, network_interface const& ingress, address const& requester,
                       interface_table const& table) const;

    callback_admission rule_;
};

} // namespace onlink

#endif
