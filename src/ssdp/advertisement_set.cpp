// SPDX-License-Identifier: BSL-1.0
#include "ssdp/advertisement_set.hpp"

#include <algorithm>

namespace onlink {

void append_usn(std::string& out, udn const& device, search_target const& target)
{
    device.append_to(out);
    if (std::holds_alternative<udn>(target))
        return;
    out += "::";
    append_to(out, target);
}

namespace {

/// Each service type of a device once, in its highest version (UDA 2.0, 1.2.2 and VER: never a lower one
/// too).
std::vector<service_type> distinct_types(device_tree const& tree, hosted_device const& device)
{
    std::vector<service_type> types;
    for (auto const index : device.services) {
        auto const& type = tree.services[index].service.identity().type;
        auto const same = std::find_if(types.begin(), types.end(),
                                       [&](service_type const& known) { return known.same_type(type); });
        if (same == types.end())
            types.push_back(type);
        else if (same->version() < type.version())
            *same = type;
    }
    return types;
}

} // namespace

advertisement_set::advertisement_set(device_tree const& tree, std::size_t root)
{
    all_.push_back({search_root{}, tree.devices.at(root).description.udn});
    add(tree, root);
}

void advertisement_set::add(device_tree const& tree, std::size_t device)
{
    auto const& hosted = tree.devices.at(device);
    auto const& name = hosted.description.udn;
    all_.push_back({name, name});
    all_.push_back({hosted.description.type, name});
    for (auto& type : distinct_types(tree, hosted))
        all_.push_back({std::move(type), name});
    for (auto const inner : hosted.embedded)
        add(tree, inner);
}

} // namespace onlink
