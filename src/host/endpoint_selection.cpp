// SPDX-License-Identifier: BSL-1.0
#include "host/endpoint_selection.hpp"

#include <algorithm>

namespace onlink {

namespace {

bool is_public_v4(address const& a) { return a.is_v4() && !is_local_scope(a) && !is_special(a); }

bool has_public_v4(network_interface const& interface)
{
    return std::any_of(interface.addresses.begin(), interface.addresses.end(),
                       [](interface_address const& own) { return is_public_v4(own.address); });
}

/// The addresses that `fits` takes, one per network.
template <class Fits>
void add_networks(std::vector<address>& to, network_interface const& interface, Fits const& fits)
{
    std::vector<ip_prefix> networks;
    for (auto const& own : interface.addresses) {
        if (own.tentative || !fits(own))
            continue;
        bool const known = std::any_of(networks.begin(), networks.end(),
                                       [&](ip_prefix const& n) { return n.contains(own.address); });
        if (known)
            continue;
        networks.push_back({own.address, own.prefix_length});
        to.push_back(own.address);
    }
}

std::vector<address> v4_addresses(network_interface const& interface, bool public_too)
{
    std::vector<address> all;
    add_networks(all, interface, [](interface_address const& own) { return is_private_v4(own.address); });
    if (all.empty())
        add_networks(all, interface, [&](interface_address const& own) {
            return own.address.is_v4() &&
                   (is_link_local(own.address) || (interface.loopback && own.address.is_loopback()));
        });
    if (all.empty() && public_too)
        add_networks(all, interface, [](interface_address const& own) { return is_public_v4(own.address); });
    return all;
}

/// 6to4 (RFC 3056), Teredo (RFC 4380) and ISATAP (RFC 5214): UDA 2.0, A.2.3 wants none of them.
bool is_transitional(address const& a)
{
    auto const b = a.to_v6().to_bytes();
    bool const six_to_four = b[0] == 0x20 && b[1] == 0x02;
    bool const teredo = b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0;
    bool const isatap = (b[8] & 0xFDu) == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe;
    return six_to_four || teredo || isatap;
}

std::vector<address> v6_addresses(network_interface const& interface)
{
    auto const lasting = [](interface_address const& own) {
        auto const& a = own.address;
        return a.is_v6() && !own.temporary && !own.deprecated && !is_special(a) && !a.is_loopback() &&
               !is_transitional(a);
    };
    std::vector<address> all;
    add_networks(all, interface, [&](auto const& own) { return lasting(own) && is_link_local(own.address); });
    add_networks(all, interface,
                 [&](auto const& own) { return lasting(own) && is_unique_local(own.address); });
    add_networks(all, interface, [&](auto const& own) {
        return lasting(own) && !is_link_local(own.address) && !is_unique_local(own.address);
    });
    return all;
}

/// Cut to so many; the first ones stay, but before all others those that are served already.
void cut(std::vector<address>& all, std::size_t most, network_interface const& interface,
         std::vector<served_endpoint> const& served)
{
    std::size_t strangers = 0;
    auto const is_served = [&](address const& a) {
        return std::any_of(served.begin(), served.end(), [&](served_endpoint const& at) {
            return same_place(at, {interface.index, {}, a, 0});
        });
    };
    auto const known = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_served));
    std::erase_if(all, [&](address const& a) {
        return !is_served(a) && known + ++strangers > most; // the last ones go
    });
    if (all.size() > most)
        all.resize(most);
}

std::vector<address> addresses_of(network_interface const& interface, host_options const& options,
                                  bool public_too, std::vector<served_endpoint> const& served)
{
    std::vector<address> all;
    if (options.policies.families != ip_families::ipv6_only)
        all = v4_addresses(interface, public_too);
    if (options.policies.families != ip_families::ipv4_only) {
        auto const six = v6_addresses(interface);
        all.insert(all.end(), six.begin(), six.end());
    }
    cut(all, options.limits.interfaces.max_served_addresses, interface, served);
    return all;
}

/// Unasked, an interface is served only if it looks like a home's: a tunnel with IPv6 alone does not.
bool is_served_unasked(network_interface const& interface)
{
    bool const has_v4 = std::any_of(interface.addresses.begin(), interface.addresses.end(),
                                    [](auto const& own) { return own.address.is_v4(); });
    return interface.up && interface.multicast && !interface.loopback && !has_public_v4(interface) &&
           (has_v4 || !interface.point_to_point);
}

class selection_builder {
public:
    selection_builder(host_options const& options, std::vector<served_endpoint> const& served)
        : options_(options), served_(served)
    {}

    /// Whether it has an address that fits.
    bool serve(network_interface const& interface, bool public_too)
    {
        auto const addresses = addresses_of(interface, options_, public_too, served_);
        if (addresses.empty() || interfaces_ == options_.limits.interfaces.max_interfaces)
            return !addresses.empty();
        ++interfaces_;
        for (auto const& a : addresses)
            chosen.endpoints.push_back({interface.index, interface.name, a, 0});
        return true;
    }

    endpoint_selection chosen;

private:
    host_options const& options_;
    std::vector<served_endpoint> const& served_;
    std::size_t interfaces_ = 0;
};

} // namespace

endpoint_selection select_endpoints(interface_table const& table, host_options const& options,
                                    std::vector<served_endpoint> const& served)
{
    selection_builder builder{options, served};
    for (auto const& name : options.interfaces) {
        auto const* interface = table.find(name);
        bool const may_be_public = options.policies.allow_public_addresses;
        bool const usable = interface && interface->up;
        if (usable && !may_be_public && has_public_v4(*interface) && v4_addresses(*interface, false).empty())
            builder.chosen.only_public.push_back(name);
        else if (!usable || !builder.serve(*interface, may_be_public))
            builder.chosen.missing.push_back(name);
    }
    if (!options.interfaces.empty())
        return std::move(builder.chosen);

    for (auto const& interface : table.all())
        if (is_served_unasked(interface))
            builder.serve(interface, false);
    if (builder.chosen.endpoints.empty() && options.policies.fall_back_to_loopback)
        for (auto const& interface : table.all())
            if (interface.up && interface.loopback && builder.chosen.endpoints.empty())
                builder.serve(interface, false);
    return std::move(builder.chosen);
}

} // namespace onlink
