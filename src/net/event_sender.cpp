// SPDX-License-Identifier: BSL-1.0
#include "net/event_sender.hpp"

#include "net/shell.hpp"
#include "net/subscriber_connection.hpp"

#include <utility>

namespace onlink {

bool event_sender::send(std::shared_ptr<shell> const& owner, send_event item)
{
    auto const which = item.what.connection();
    if (item.what.connects()) {
        auto const fresh = std::make_shared<subscriber_connection>(owner, which);
        all_.emplace(which, fresh);
        fresh->open(std::move(item.what), item.by);
        return true;
    }
    auto const found = all_.find(which);
    if (found == all_.end())
        return false;
    auto const kept = found->second; // it may be taken out meanwhile
    kept->send(std::move(item.what));
    return true;
}

void event_sender::close(connection_number which)
{
    auto const found = all_.find(which);
    if (found == all_.end())
        return;
    found->second->close();
    all_.erase(found);
}

void event_sender::close_all()
{
    for (auto const& [which, connection] : std::exchange(all_, {}))
        connection->close();
}

} // namespace onlink
