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

/// Turns datagrams away before anything parses them: too long, from off the segment, or too many; and bounds
/// what is sent in return. The source of a datagram is easily forged, so what passes here is what we can be
/// made to send to others.
class datagram_gate {
public:
    datagram_gate(limits::ssdp_limits const& bounds, time_point now, segment_map segments = {});

    /// By size and source; costs nothing of anyone's rate.
    std::optional<refusal_reason> check(std::size_t size, endpoint const& source,
                                        network_interface const& ingress) const;

    /// For a search, before it is parsed.
    std::optional<refusal_reason> check_search_rate(address const& source, time_point now);
    /// For its answers. All answers to one search go or none; the source then owes what it had beyond its
    /// share.
    std::optional<refusal_reason> check_answer_rate(address const& source, std::size_t answers,
                                                    time_point now);

private:
    std::size_t max_datagram_;
    segment_map segments_;
    rate_table searches_;
    rate_table answers_;
    token_bucket all_answers_;
};

} // namespace onlink

#endif
