// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_EVENT_NOTES_HPP
#define ONLINK_HOST_EVENT_NOTES_HPP

#include "base/interface_table.hpp"
#include "eventing/event_notice.hpp"
#include "host/action.hpp"
#include "model/device_tree.hpp"

#include <optional>
#include <vector>

namespace onlink {

/// What it counts as, if it is a refusal or a loss.
std::optional<refusal_reason> refusal_of(event_notice::kind what) noexcept;

/// What the observer is told of something that happened to a subscription, in order.
std::vector<action_item> notes_of(event_notice notice, device_tree const& tree, interface_table const& table);

} // namespace onlink

#endif
