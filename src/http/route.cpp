// SPDX-License-Identifier: BSL-1.0
#include "http/route.hpp"

#include <algorithm>

namespace onlink {

route_table::route_table(device_tree const& tree, web_content const& web)
{
    add_devices(tree); // first: of two entries for one path the first is found
    for (std::size_t i = 0; i < web.files.size(); ++i)
        entries_.emplace_back(web.files[i].path, web_file_route{i});
    for (std::size_t i = 0; i < web.folders.size(); ++i)
        prefixes_.emplace_back(web.folders[i].path, web_folder_route{i});
    for (std::size_t i = 0; i < web.routes.size(); ++i) {
        auto const& path = web.routes[i].path;
        auto& list = path.ends_with('/') ? prefixes_ : entries_;
        list.emplace_back(path, web_handler_route{i});
    }
    sort();
}

std::optional<std::string> route_table::clash(device_tree const& tree, web_content const& web)
{
    route_table const devices{tree};
    auto const taken = [&](auto const& list) -> std::optional<std::string> {
        for (auto const& one : list)
            if (devices.find(one.path))
                return one.path;
        return std::nullopt;
    };
    for (auto const& found : {taken(web.files), taken(web.folders), taken(web.routes)})
        if (found)
            return found;
    return std::nullopt;
}

void route_table::add_devices(device_tree const& tree)
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
}

void route_table::sort()
{
    std::stable_sort(entries_.begin(), entries_.end(),
                     [](entry const& a, entry const& b) { return a.first < b.first; });
    std::stable_sort(prefixes_.begin(), prefixes_.end(),
                     [](entry const& a, entry const& b) { return a.first.size() > b.first.size(); });
}

std::optional<route> route_table::find(std::string_view path) const
{
    if (auto const exact = find_exactly(path))
        return exact;
    auto const found = std::find_if(prefixes_.begin(), prefixes_.end(),
                                    [&](entry const& e) { return path.starts_with(e.first); });
    if (found == prefixes_.end())
        return std::nullopt;
    return found->second;
}

std::optional<route> route_table::find_exactly(std::string_view path) const
{
    auto const found =
        std::lower_bound(entries_.begin(), entries_.end(), path,
                         [](entry const& e, std::string_view wanted) { return e.first < wanted; });
    if (path.empty() || found == entries_.end() || found->first != path)
        return std::nullopt;
    return found->second;
}

} // namespace onlink
