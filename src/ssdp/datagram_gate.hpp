// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_DATAGRAM_GATE_HPP
#define ONLINK_SSDP_DATAGRAM_GATE_HPP

#include "base/interface_table.hpp"
#include "base/rate_table.hpp"
#include "base/segment_map.hpp"
#include "base/token_bucket.hpp"

#include <onlink/limits.hpp>
#include <onlink/observer.hpp>

#include <cstddef>
#include <optional>

namespace onlink {

/// Turns datagrams away before anything parses them: too long, from off the segment, or too many. The source
/// of a datagram is easily forged, so what passes here bounds what we can be made to send to others.
class datagram_gate {
public:
    datagram_gate(limits::ssdp_limits const& bounds, time_point now, segment_map segments = {});

    /// By size and source; costs nothing of anyone's rate.
    std::optional<refusal_reason> check(std::size_t size, endpoint const& source,
                                        network_interface const& ingress) const;

    /// For a search: one of the source's, then one of everybody's.
    std::optional<refusal_reason> check_rate(address const& source, time_point now);

private:
    std::size_t max_datagram_;
    segment_map segments_;
    rate_table sources_;
    token_bucket everybody_;
};

} // namespace onlink

#endif
