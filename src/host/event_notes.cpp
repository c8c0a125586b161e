// SPDX-License-Identifier: BSL-1.0
#include "host/event_notes.hpp"

#include "base/ascii.hpp"

#include <utility>

namespace onlink {

std::optional<refusal_reason> refusal_of(event_notice::kind what) noexcept
{
    using kind = event_notice::kind;
    switch (what) {
    case kind::lost:
        return refusal_reason::event_undelivered;
    case kind::target_left:
    case kind::segment_left:
        return refusal_reason::event_target_left;
    case kind::overflow:
        return refusal_reason::event_overflow;
    case kind::dropped:
        return refusal_reason::subscription_failing;
    case kind::delivered:
    case kind::expired:
    case kind::device_removed:
        break;
    }
    return std::nullopt;
}

std::vector<action_item> notes_of(event_notice n, device_tree const& tree, interface_table const& table)
{
    using kind = event_notice::kind;
    std::vector<action_item> notes;
    if (auto const reason = refusal_of(n.what)) {
        auto const* interface = table.find(n.interface_index);
        notes.emplace_back(refusal_note{*reason, n.requester, interface ? interface->name : std::string{}, 0,
                                        ascii::printable(n.url + ' ' + n.why)});
    }
    auto const changed = [&](subscription_change what) {
        notes.emplace_back(subscription_note{what, n.id.to_string(),
                                             tree.services[n.service].service.identity().type.to_string(),
                                             n.requester});
    };
    switch (n.what) {
    case kind::delivered:
        notes.emplace_back(delivery_note{n.id.to_string(), n.seq, std::move(n.url), true, {}});
        break;
    case kind::lost:
        notes.emplace_back(delivery_note{n.id.to_string(), n.seq, std::move(n.url), false, std::move(n.why)});
        break;
    case kind::target_left:
    case kind::overflow:
        break;
    case kind::expired:
        changed(subscription_change::expired);
        break;
    case kind::segment_left:
        changed(subscription_change::segment_left);
        break;
    case kind::device_removed:
        changed(subscription_change::device_removed);
        break;
    case kind::dropped:
        changed(subscription_change::dropped);
        break;
    }
    return notes;
}

} // namespace onlink
