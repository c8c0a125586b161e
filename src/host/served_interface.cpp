// SPDX-License-Identifier: BSL-1.0
#include "host/served_interface.hpp"

#include <algorithm>

namespace onlink {

namespace {

bool is_public_v4(interface_address const& own)
{
    return own.address.is_v4() && !is_local_scope(own.address) && !is_special(own.address);
}

bool has_public_v4(network_interface const& interface)
{
    return std::any_of(interface.addresses.begin(), interface.addresses.end(), is_public_v4);
}

/// The first address of which `fits` is true; one that is not about to go, if there is one.
template <class Fits>
address const* first_address(network_interface const& interface, Fits const& fits)
{
    for (bool const also_deprecated : {false, true})
        for (auto const& own : interface.addresses)
            if (fits(own.address) && !own.tentative && own.deprecated <= also_deprecated)
                return &own.address;
    return nullptr;
}

/// A private address, else a link-local one (UDA 2.0, 0.5: Auto-IP gives way to a real one).
address const* local_v4(network_interface const& interface)
{
    if (auto const* found = first_address(interface, is_private_v4))
        return found;
    return first_address(interface, [&](address const& a) {
        return a.is_v4() && (is_link_local(a) || (interface.loopback && a.is_loopback()));
    });
}

bool is_temporary(network_interface const& interface, address const& a)
{
    return std::any_of(interface.addresses.begin(), interface.addresses.end(),
                       [&](auto const& own) { return own.temporary && same_address(own.address, a); });
}

address const* public_v4(network_interface const& interface)
{
    return first_address(interface, [](address const& a) { return is_public_v4({a}); });
}

served_interface serve(network_interface const& interface, address const& at)
{
    served_interface served{interface.index, interface.name, at, 0, {}};
    auto const listen_at_first = [&](auto const& fits) {
        auto const* found = first_address(interface, [&](address const& a) { return a.is_v6() && fits(a); });
        if (found)
            served.also.push_back({*found, 0});
        return found != nullptr;
    };
    listen_at_first([](address const& a) { return is_link_local(a); });
    bool const has_unique_local =
        listen_at_first([&](address const& a) { return is_unique_local(a) && !is_temporary(interface, a); });
    if (!has_unique_local)
        listen_at_first([&](address const& a) {
            return !is_special(a) && !is_local_scope(a) && !is_temporary(interface, a);
        });
    return served;
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
        auto const* at = local_v4(*interface);
        if (!at && options.policies.allow_public_addresses)
            at = public_v4(*interface);
        if (!at)
            return has_public_v4(*interface) ? errc::public_address : errc::unknown_interface;
        if (chosen.size() < most)
            chosen.push_back(serve(*interface, *at));
    }
    if (!options.interfaces.empty())
        return chosen;

    for (auto const& interface : table.all())
        if (interface.up && interface.multicast && !interface.loopback && !has_public_v4(interface) &&
            chosen.size() < most)
            if (auto const* at = local_v4(interface))
                chosen.push_back(serve(interface, *at));
    if (chosen.empty() && options.policies.fall_back_to_loopback)
        for (auto const& interface : table.all())
            if (interface.up && interface.loopback && chosen.empty())
                if (auto const* at = local_v4(interface))
                    chosen.push_back(serve(interface, *at));
    if (chosen.empty())
        return errc::no_interface;
    return chosen;
}

} // namespace onlink
