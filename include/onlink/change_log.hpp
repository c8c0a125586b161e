// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CHANGE_LOG_HPP
#define ONLINK_CHANGE_LOG_HPP

#include <onlink/export.hpp>

#include <string>

namespace onlink {

/// What stands behind a state variable whose events tell what has changed since the last event, rather than a
/// value: `LastChange` of the AV services (last_change is one). Given to state_table::tell_by(); call
/// state_table::touch() when there is something to tell.
///
/// Threads: as the service.
class ONLINK_EXPORT change_log {
public:
    virtual ~change_log();

    /// What an event that goes now tells: all since the last call. It becomes the variable's value.
    virtual std::string take_changes() = 0;
    /// What somebody is told who knows nothing yet, or has missed something: everything as it is now.
    virtual std::string everything() const = 0;
};

} // namespace onlink

#endif
