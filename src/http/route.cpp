// SPDX-License-Identifier: BSL-1.0
#include "http/route.hpp"

#include <algorithm>

namespace onlink {

route_table::route_table(device_tree const& tree)
{
    for (auto const root : tree.roots)
        entries_.emplace_back(tree.devices.at(root).description.description_path, description_route{root});
    for (std::size_t service = 0; service < tree.services.size(); ++service) {
        if (tree.services[service].vacant)
            continue;
        auto const& paths = tree.services[service].paths;
        entries_.emplace_back(paths.scpd, scpd_route{service});
        entries_.emplace_back(paths.control, control_route{service});
        entries_.emplace_back(paths.event, event_route{service});
    }
    for (std::size_t device = 0; device < tree.devices.size(); ++device) {
        auto const& icons = tree.devices[device].description.icons;
        for (std::size_t number = 0; number < icons.size(); ++number)
            if (!icons[number].data.empty()) // others are served by the application
                entries_.emplace_back(icons[number].path, icon_route{device, number});
    }
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](entry const& a, entry const& b) { return a.first < b.first; });
}

std::optional<route> route_table::find(std::string_view path) const
{
    auto const found =
        std::lower_bound(entries_.begin(), entries_.end(), path,
                         [](entry const& e, std::string_view wanted) { return e.first < wanted; });
    if (path.empty() || found == entries_.end() || found->first != path)
        return std::nullopt;
    return found->second;
}

} // namespace onlink
