// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_EXPOSURE_REPORT_HPP
#define ONLINK_HOST_EXPOSURE_REPORT_HPP

#include "base/interface_table.hpp"
#include "base/segment_map.hpp"
#include "base/served_endpoint.hpp"

#include <onlink/exposure.hpp>
#include <onlink/policies.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

namespace onlink {

/// What is reachable, where, from whom, and what contains it; and where the system refused to contain it.
class exposure_report {
public:
    exposure_report(segment_map const& segments, policies const& policy) noexcept
        : segments_(segments), policies_(policy)
    {}

    /// A containment that the system refuses on an interface; false if that is known.
    bool add_gap(unsigned interface_index, containment what, std::string_view why);
    /// Forgets those of interfaces at which nothing is served.
    void keep_gaps_of(std::vector<served_endpoint> const& served) noexcept;
    /// Whether the hop limit and the ban on routing are to be set on that interface.
    bool contains(interface_table const& table, unsigned interface_index) const noexcept;

    /// `search_port`: of unicast searches; `multicasts`: whether there are multicast events.
    std::vector<exposed_endpoint> of(std::vector<served_endpoint> const& served, interface_table const& table,
                                     std::uint16_t search_port, bool multicasts) const;

private:
    struct known_gap {
        unsigned interface_index;
        containment_gap gap;
    };

    segment_map const& segments_;
    policies const& policies_;
    std::vector<known_gap> gaps_;
};

} // namespace onlink

#endif
