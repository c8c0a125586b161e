// SPDX-License-Identifier: BSL-1.0
#include "eventing/segment_validator.hpp"

#include <algorithm>

namespace onlink {

result<void> segment_validator::judge(address const& target, network_interface const& ingress,
                                      address const& requester, interface_table const& table) const
{
    if (is_special(target))
        return errc::special_address;
    if (target.is_v4() != requester.is_v4())
        return errc::off_segment; // UDA 2.0, A.7: delivery URLs keep to the family of the request
    if (target.is_loopback() && !ingress.loopback)
        return errc::special_address;
    bool const is_requester = same_address(target, requester);
    // Nobody but a program on this host has a use for events at this host's own addresses; for anyone else it
    // would be a way to make the device talk to its own ports.
    if (table.is_own(target) && !is_requester)
        return errc::special_address;
    if (rule_ == callback_admission::same_host && !is_requester)
        return errc::bad_state;
    if (!ingress.on_segment(target))
        return errc::off_segment;
    bool const is_edge =
        std::any_of(ingress.addresses.begin(), ingress.addresses.end(), [&](auto const& own) {
            ip_prefix const prefix{own.address, own.prefix_length};
            return prefix.is_broadcast(target) || prefix.is_network(target);
        });
    if (is_edge)
        return errc::special_address;
    return {};
}

result<std::vector<callback_url>> segment_validator::admit(std::vector<callback_candidate> const& candidates,
                                                           network_interface const& ingress,
                                                           address const& requester,
                                                           interface_table const& table) const
{
    std::vector<callback_url> admitted;
    admitted.reserve(candidates.size());
    for (auto const& candidate : candidates) {
        if (auto const verdict = judge(candidate.url().where().address, ingress, requester, table); !verdict)
            return verdict.error();
        admitted.push_back(callback_url{candidate.url(), ingress.index, requester});
    }
    return admitted;
}

result<void> segment_validator::check_again(callback_url const& url, interface_table const& table) const
{
    auto const* ingress = table.find(url.interface_index());
    if (!ingress || !ingress->up)
        return errc::unknown_interface;
    return judge(url.where().address, *ingress, url.requester_, table);
}

} // namespace onlink
