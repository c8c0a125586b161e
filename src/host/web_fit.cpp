// SPDX-License-Identifier: BSL-1.0
#include "host/web_fit.hpp"

#include "base/ascii.hpp"
#include "http/route.hpp"

#include <string_view>

namespace onlink {

namespace {

checked<void> check_links(hosted_device const& d, route_table const& routes)
{
    auto const where = "device " + ascii::printable(d.description.friendly_name) + ", ";
    auto const& icons = d.description.icons;
    for (std::size_t i = 0; i < icons.size(); ++i)
        if (!routes.find(icons[i].path)) // UDA 2.0, 2.3, "icon": there is a picture behind its url
            return defect{errc::missing, where + "icon " + std::to_string(i + 1) + ", data (web has no " +
                                             icons[i].path + ')'};
    std::string_view const page = d.description.presentation_url;
    auto const path = page.substr(0, page.find_first_of("?#"));
    if (path.starts_with('/') && !path.starts_with("//") && !routes.find(path))
        return defect{errc::missing, where + "presentationURL (web has no " + ascii::printable(path) + ')'};
    return {};
}

} // namespace

checked<void> check_web_fit(device_tree const& tree, web_content const& web)
{
    if (auto const taken = route_table::clash(tree, web))
        return defect{errc::duplicate, "web, " + *taken};
    route_table const routes{tree, web};
    for (auto const& d : tree.devices)
        if (!d.vacant)
            if (auto linked = check_links(d, routes); !linked)
                return linked;
    return {};
}

} // namespace onlink
