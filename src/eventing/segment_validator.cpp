// SPDX-License-Identifier: BSL-1.0
#include "eventing/segment_validator.hpp"

#include <algorithm>

namespace onlink {

segment_validator::segment_validator(policies const& policy, segment_map segments)
    : rule_(policy.callback),
      cross_family_(policy.cross_family),
      refused_ports_(policy.refused_callback_ports),
      segments_(std::move(segments))
{
    std::sort(refused_ports_.begin(), refused_ports_.end());
}

callback_result<void> segment_validator::judge(interface_table const& snapshot, ingress const& at,
                                               endpoint const& target) const noexcept
{
    auto const& a = target.address;
    auto const* interface = snapshot.find(at.interface_index);
    if (!interface)
        return refusal_reason::callback_interface_gone;
    if (is_reserved(a))
        return refusal_reason::callback_reserved;
    if (a.is_multicast())
        return refusal_reason::callback_multicast;
    if (is_limited_broadcast(a))
        return refusal_reason::callback_broadcast;
    if (std::binary_search(refused_ports_.begin(), refused_ports_.end(), target.port))
        return refusal_reason::callback_port;
    if (a.is_loopback() && !interface->loopback)
        return refusal_reason::callback_loopback;
    if (a.is_v4() != at.requester.is_v4() && !cross_family_)
        return refusal_reason::callback_other_family;
    // Nobody but a program on this host has a use for events at this host's own addresses; for anyone else it
    // would be a way to make the device talk to its own ports.
    if (snapshot.is_own(a) && !same_address(a, at.requester))
        return refusal_reason::callback_own_address;
    if (segments_.is_edge(*interface, a))
        return refusal_reason::callback_broadcast;
    if (!segments_.on_segment(*interface, a))
        return refusal_reason::callback_off_segment;
    // UDA 2.0, 4.1.1: on a private network the delivery URL is private too. Never instead of the rule above.
    if (is_private_v4(at.local) && a.is_v4() && !is_private_v4(a))
        return refusal_reason::callback_not_private;
    if (rule_ == callback_admission::same_host && !snapshot.same_host(interface->index, a, at.requester))
        return refusal_reason::callback_not_requester;
    return {};
}

callback_result<callback_url> segment_validator::admit(interface_table const& snapshot, ingress const& at,
                                                       callback_candidate const& candidate) const noexcept
{
    if (auto const verdict = judge(snapshot, at, candidate.url().where()); !verdict)
        return verdict.error();
    return callback_url{candidate, at};
}

callback_result<void> segment_validator::check_again(interface_table const& now,
                                                     callback_url const& url) const noexcept
{
    auto const* interface = now.find(url.interface_index());
    if (!interface || !interface->up)
        return refusal_reason::callback_interface_gone;
    return judge(now, url.at_, url.where());
}

bool segment_validator::still_on_segment(interface_table const& now, callback_url const& url) const noexcept
{
    auto const* interface = now.find(url.interface_index());
    return interface && segments_.on_segment(*interface, url.where().address);
}

} // namespace onlink
