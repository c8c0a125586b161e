// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_PROPERTY_SET_HPP
#define ONLINK_EVENTING_PROPERTY_SET_HPP

#include <onlink/state_table.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace onlink {

/// The body of an event (UDA 2.0, 4.3.2): rendered once, shared by all subscribers, never changed.
using event_body = std::shared_ptr<std::string const>;

/// The bodies of the events of one moment: each set of variables is rendered once, whoever it is for. Holds a
/// reference to the table, which must not change meanwhile.
class event_bodies {
public:
    explicit event_bodies(state_table const& state) : state_(state) {}

    /// What a change of these variables tells; they are in the order of the SCPD.
    event_body const& change(std::vector<std::size_t> const& variables);
    /// For somebody who knows nothing yet, or has missed something: the same, but a variable that only tells
    /// changes (change_log) tells everything.
    event_body const& whole(std::vector<std::size_t> const& variables);

    /// How often a change_log, which is the application's, threw; the variable tells its last changes then.
    std::size_t log_failures() const noexcept { return log_failures_; }

private:
    value whole_value(std::size_t index);

    state_table const& state_;
    std::map<std::vector<std::size_t>, event_body> changes_;
    std::map<std::vector<std::size_t>, event_body> wholes_;
    std::size_t log_failures_ = 0;
};

} // namespace onlink

#endif
