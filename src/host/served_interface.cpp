// SPDX-License-Identifier: BSL-1.0
#include "host/served_interface.hpp"

namespace onlink {

namespace {

/// A private address, else a link-local one (UDA 2.0, 0.5: Auto-IP gives way to a real one).
address const* local_address(network_interface const& interface)
{
    for (auto const& own : interface.addresses)
        if (is_private_v4(own.address))
            return &own.address;
    for (auto const& own : interface.addresses)
        if (own.address.is_v4() && is_link_local(own.address))
            return &own.address;
    return nullptr;
}

address const* any_v4_address(network_interface const& interface)
{
    for (auto const& own : interface.addresses)
        if (own.address.is_v4())
            return &own.address;
    return nullptr;
}

served_interface serve(network_interface const& interface, address const& at)
{
    return {interface.index, interface.name, at, 0};
}

} // namespace

result<std::vector<served_interface>> select_interfaces(interface_table const& table,
                                                        host_options const& options)
{
    auto const most = options.limits.interfaces.max_interfaces;
    std::vector<served_interface> chosen;

    for (auto const& name : options.interfaces) {
        auto const* interface = table.find(name);
        if (!interface || !interface->up)
            return errc::unknown_interface;
        auto const* at = local_address(*interface);
        if (!at)
            at = any_v4_address(*interface);
        if (!at)
            return errc::unknown_interface;
        if (chosen.size() < most)
            chosen.push_back(serve(*interface, *at));
    }
    if (!options.interfaces.empty())
        return chosen;

    for (auto const& interface : table.all())
        if (interface.up && interface.multicast && !interface.loopback && chosen.size() < most)
            if (auto const* at = local_address(interface))
                chosen.push_back(serve(interface, *at));
    if (chosen.empty() && options.policies.fall_back_to_loopback)
        for (auto const& interface : table.all())
            if (interface.up && interface.loopback && chosen.empty())
                if (auto const* at = any_v4_address(interface))
                    chosen.push_back(serve(interface, *at));
    if (chosen.empty())
        return errc::no_interface;
    return chosen;
}

} // namespace onlink
