// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_PROPERTY_SET_HPP
#define ONLINK_EVENTING_PROPERTY_SET_HPP

#include <onlink/state_table.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace onlink {

/// The body of an event (UDA 2.0, 4.3.2): rendered once, shared by all subscribers, never changed.
using event_body = std::shared_ptr<std::string const>;

/// The present values of these variables, each once, in the order given.
event_body render_property_set(state_table const& state, std::vector<std::size_t> const& variables);

} // namespace onlink

#endif
