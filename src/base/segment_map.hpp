// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_SEGMENT_MAP_HPP
#define ONLINK_BASE_SEGMENT_MAP_HPP

#include "base/interface_table.hpp"

#include <onlink/extra_segment.hpp>

#include <vector>

namespace onlink {

/// Which addresses count as on the segment of an interface: what the system says is on-link there, and what
/// the integrator opened by hand.
class segment_map {
public:
    segment_map() = default;
    explicit segment_map(std::vector<extra_segment> extra) : extra_(std::move(extra)) {}

    bool on_segment(network_interface const& interface, address const& a) const noexcept;
    /// Whether the address is the directed broadcast or the network address of one of the prefixes.
    bool is_edge(network_interface const& interface, address const& a) const noexcept;
    /// Whether something beyond the link was opened on that interface; then the kernel's containment, which
    /// would stop it at the first router, is off there.
    bool is_widened(network_interface const& interface) const noexcept;
    /// All prefixes, those of the link first.
    std::vector<ip_prefix> segment(network_interface const& interface) const;

private:
    std::vector<extra_segment> extra_;
};

} // namespace onlink

#endif
