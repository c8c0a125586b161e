// SPDX-License-Identifier: BSL-1.0
#include "base/interface_table.hpp"

#include <algorithm>

namespace onlink {

namespace {

unsigned bits_of(address const& a) noexcept { return a.is_v4() ? 32 : 128; }

/// Calls `f` with each on-link prefix until one makes it true.
template <class F>
bool any_on_link(network_interface const& interface, F const& f)
{
    return std::any_of(interface.addresses.begin(), interface.addresses.end(),
                       [&](interface_address const& own) { return f(own.on_link()); }) ||
           std::any_of(interface.routes.begin(), interface.routes.end(),
                       [&](ip_prefix const& route) { return is_segment_sized(route) && f(route); });
}

/// Whether one prefix is a part of the other, or the whole of it.
bool is_inside(ip_prefix const& p, ip_prefix const& outer) noexcept
{
    return outer.length <= p.length && outer.contains(p.network);
}

/// What a route is worth where there is no room for all, `fresh` being the one that wants some: the greater
/// the better.
unsigned worth(network_interface const& interface, ip_prefix const& route, ip_prefix const& fresh)
{
    if (!is_segment_sized(route))
        return 0; // says nothing of the segment
    if (is_link_local(route.network))
        return 2; // no router's advertisement makes one (RFC 4862, 5.5.3 b)
    // Only the widest that holds an address: a neighbour may advertise dozens one inside the other.
    auto const is_wider = [&](ip_prefix const& other) {
        return other.length < route.length && is_segment_sized(other) && is_inside(route, other);
    };
    bool const is_widest =
        std::any_of(interface.addresses.begin(), interface.addresses.end(),
                    [&](interface_address const& own) { return route.contains(own.address); }) &&
        !is_wider(fresh) && std::none_of(interface.routes.begin(), interface.routes.end(), is_wider);
    return is_widest ? 1 : 0;
}

} // namespace

bool is_segment_sized(ip_prefix const& p) noexcept
{
    if (p.network.is_v4())
        return p.length >= 8 && p.length <= 32;
    if (p.length > 128)
        return false;
    return p.length >= 32 || (p.length >= 10 && is_link_local(p.network)); // RFC 4291, 2.5.6: fe80::/10
}

ip_prefix interface_address::on_link() const noexcept
{
    ip_prefix prefix{peer.value_or(address), prefix_length};
    if (prefix_on_link && is_segment_sized(prefix))
        return prefix;
    return {prefix.network, bits_of(prefix.network)};
}

bool network_interface::owns(onlink::address const& a) const noexcept
{
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](interface_address const& own) { return same_address(own.address, a); });
}

bool network_interface::on_segment(onlink::address const& a) const noexcept
{
    return owns(a) || any_on_link(*this, [&](ip_prefix const& p) { return p.contains(a); });
}

bool network_interface::is_edge(onlink::address const& a) const noexcept
{
    return any_on_link(*this, [&](ip_prefix const& p) { return p.is_broadcast(a) || p.is_network(a); });
}

address const* network_interface::source_for(onlink::address const& target) const noexcept
{
    onlink::address const* best = nullptr;
    unsigned best_fit = 0;
    for (auto const& own : addresses) {
        if (own.address.is_v4() != target.is_v4() || own.tentative)
            continue;
        unsigned const fit = own.on_link().contains(target)                        ? 3
                             : is_link_local(own.address) == is_link_local(target) ? 2
                                                                                   : 1;
        if (fit > best_fit) {
            best = &own.address;
            best_fit = fit;
        }
    }
    return best;
}

std::vector<ip_prefix> network_interface::segment() const
{
    std::vector<ip_prefix> all;
    auto const add = [&](ip_prefix const& p) {
        if (std::any_of(all.begin(), all.end(), [&](ip_prefix const& other) { return is_inside(p, other); }))
            return;
        std::erase_if(all, [&](ip_prefix const& other) { return is_inside(other, p); });
        all.push_back(p);
    };
    for (auto const& own : addresses)
        add(own.on_link());
    for (auto const& route : routes)
        if (is_segment_sized(route))
            add(route);
    return all;
}

void network_interface::add_address(interface_address own, std::size_t most)
{
    if (addresses.size() < most) {
        make_room(addresses, most);
        addresses.push_back(std::move(own));
        return;
    }
    if (own.address.is_v4() || !is_link_local(own.address))
        return;
    auto const last = std::find_if(addresses.rbegin(), addresses.rend(), [](interface_address const& known) {
        return known.address.is_v6() && !is_link_local(known.address);
    });
    if (last != addresses.rend())
        *last = std::move(own);
}

void network_interface::add_route(ip_prefix const& route, std::size_t most)
{
    if (std::find(routes.begin(), routes.end(), route) != routes.end())
        return;
    if (routes.size() < most) {
        make_room(routes, most);
        routes.push_back(route);
        return;
    }
    auto const own_worth = worth(*this, route, route);
    for (unsigned less = 0; less < own_worth; ++less) {
        auto const last = std::find_if(routes.rbegin(), routes.rend(), [&](ip_prefix const& known) {
            return worth(*this, known, route) == less;
        });
        if (last != routes.rend()) {
            *last = route;
            return;
        }
    }
}

network_interface const* interface_table::find(unsigned index) const noexcept
{
    auto const found = std::find_if(interfaces_.begin(), interfaces_.end(),
                                    [&](network_interface const& i) { return i.index == index; });
    return found == interfaces_.end() ? nullptr : &*found;
}

network_interface const* interface_table::find(std::string_view name) const noexcept
{
    auto const found = std::find_if(interfaces_.begin(), interfaces_.end(),
                                    [&](network_interface const& i) { return i.name == name; });
    return found == interfaces_.end() ? nullptr : &*found;
}

bool interface_table::is_own(onlink::address const& a) const noexcept
{
    return std::any_of(interfaces_.begin(), interfaces_.end(),
                       [&](network_interface const& i) { return i.owns(a); });
}

bool interface_table::same_host(unsigned interface_index, onlink::address const& a,
                                onlink::address const& b) const noexcept
{
    if (same_address(a, b))
        return true;
    auto const station_of = [&](onlink::address const& who) -> link_layer_address const* {
        for (auto const& n : neighbours_)
            if (n.interface_index == interface_index && same_address(n.address, who))
                return &n.station;
        return nullptr;
    };
    auto const* first = station_of(a);
    auto const* second = station_of(b);
    return first && second && *first != link_layer_address{} && *first == *second;
}

} // namespace onlink
