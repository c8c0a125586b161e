// SPDX-License-Identifier: BSL-1.0
#include "host/exposure_report.hpp"

#include "ssdp/ssdp_group.hpp"

#include <algorithm>
#include <string>

namespace onlink {

bool exposure_report::add_gap(unsigned interface_index, containment what, std::string_view why)
{
    bool const known = std::any_of(gaps_.begin(), gaps_.end(), [&](known_gap const& g) {
        return g.interface_index == interface_index && g.gap.what == what;
    });
    if (!known)
        gaps_.push_back({interface_index, {what, std::string{why}}});
    return !known;
}

void exposure_report::keep_gaps_of(std::vector<served_endpoint> const& served) noexcept
{
    std::erase_if(gaps_, [&](known_gap const& g) {
        return std::none_of(served.begin(), served.end(), [&](served_endpoint const& at) {
            return at.interface_index == g.interface_index;
        });
    });
}

bool exposure_report::contains(interface_table const& table, unsigned interface_index) const noexcept
{
    auto const* interface = table.find(interface_index);
    return !interface || !segments_.is_widened(*interface);
}

std::vector<exposed_endpoint> exposure_report::of(std::vector<served_endpoint> const& served,
                                                  interface_table const& table, std::uint16_t search_port,
                                                  bool multicasts) const
{
    std::vector<exposed_endpoint> all;
    for (auto const& at : served) {
        exposed_endpoint where;
        where.interface_name = at.interface_name;
        where.address = at.address;
        if (auto const* interface = table.find(at.interface_index))
            where.segment = segments_.segment(*interface);
        for (auto const what :
             {containment::bound_to_device, containment::hop_limit, containment::no_routing}) {
            auto const gap = std::find_if(gaps_.begin(), gaps_.end(), [&](known_gap const& g) {
                return g.interface_index == at.interface_index && g.gap.what == what;
            });
            if (gap != gaps_.end())
                where.gaps.push_back(gap->gap);
            else if (what != containment::bound_to_device && !contains(table, at.interface_index))
                where.gaps.push_back({what, "extra_segments"});
            else
                where.contained_by.push_back(what);
        }
        auto const add = [&](exposed_function function, std::uint16_t port) {
            where.function = function;
            where.port = port;
            all.push_back(where);
        };
        // Answers keep the hop limit; multicasts have that of UDA 2.0, 1 and A.2.3.
        auto const add_with_multicasts = [&](exposed_function function, std::uint16_t port) {
            add(function, port);
            auto const hops = hops_to(group_of(at.address), policies_);
            if (hops > 1 && std::erase(all.back().contained_by, containment::hop_limit) != 0)
                all.back().gaps.push_back(
                    {containment::hop_limit, "multicasts have TTL " + std::to_string(hops)});
        };
        add_with_multicasts(exposed_function::discovery, search_port);
        for (auto const function :
             {exposed_function::description, exposed_function::control, exposed_function::subscription})
            add(function, at.http_port);
        add(exposed_function::event_delivery, 0);
        if (multicasts)
            add_with_multicasts(exposed_function::multicast_events, 0);
    }
    return all;
}

} // namespace onlink
