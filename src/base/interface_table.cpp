// SPDX-License-Identifier: BSL-1.0
#include "base/interface_table.hpp"

#include <algorithm>

namespace onlink {

bool network_interface::owns(onlink::address const& a) const noexcept
{
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](interface_address const& own) { return same_address(own.address, a); });
}

bool network_interface::on_segment(onlink::address const& a) const noexcept
{
    return std::any_of(addresses.begin(), addresses.end(), [&](interface_address const& own) {
        // A length of 0 says that everything is on-link, which no segment is: count only the address itself.
        if (own.prefix_length == 0)
            return same_address(own.address, a);
        return ip_prefix{own.address, own.prefix_length}.contains(a);
    });
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

} // namespace onlink
