// SPDX-License-Identifier: BSL-1.0
#include "base/segment_map.hpp"

#include <algorithm>

namespace onlink {

namespace {

/// Calls `f` with each extra prefix of that interface until one makes it true.
template <class F>
bool any_extra(std::vector<extra_segment> const& extra, network_interface const& interface, F const& f)
{
    return std::any_of(extra.begin(), extra.end(), [&](extra_segment const& e) {
        return e.interface_name == interface.name && f(e.prefix);
    });
}

} // namespace

bool segment_map::on_segment(network_interface const& interface, address const& a) const noexcept
{
    return interface.on_segment(a) ||
           any_extra(extra_, interface, [&](ip_prefix const& p) { return p.contains(a); });
}

bool segment_map::is_edge(network_interface const& interface, address const& a) const noexcept
{
    return interface.is_edge(a) || any_extra(extra_, interface, [&](ip_prefix const& p) {
               return p.is_broadcast(a) || p.is_network(a);
           });
}

bool segment_map::is_widened(network_interface const& interface) const noexcept
{
    return std::any_of(extra_.begin(), extra_.end(),
                       [&](extra_segment const& e) { return e.interface_name == interface.name; });
}

std::vector<ip_prefix> segment_map::segment(network_interface const& interface) const
{
    auto all = interface.segment();
    for (auto const& e : extra_)
        if (e.interface_name == interface.name)
            all.push_back(e.prefix);
    return all;
}

} // namespace onlink
