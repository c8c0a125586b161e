// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_EVENT_SENDER_HPP
#define ONLINK_NET_EVENT_SENDER_HPP

#include "host/action.hpp"

#include <cstddef>
#include <memory>
#include <unordered_map>

namespace onlink {

class shell;
class subscriber_connection;

/// The connections to subscribers that are open, in use or kept; the runtime decides about each.
class event_sender {
public:
    /// Over the connection that the delivery names. False if it is not there any more.
    bool send(std::shared_ptr<shell> const& owner, send_event item);
    /// Closes one, whatever goes on there. Harmless if it is gone.
    void close(connection_number which);
    void close_all();

private:
    std::unordered_map<connection_number, std::shared_ptr<subscriber_connection>> all_;
};

} // namespace onlink

#endif
