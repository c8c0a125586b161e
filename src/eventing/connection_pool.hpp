// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_CONNECTION_POOL_HPP
#define ONLINK_EVENTING_CONNECTION_POOL_HPP

#include "base/time.hpp"
#include "eventing/event_delivery.hpp"

#include <onlink/limits.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace onlink {

/// The idle connections to subscribers that allow more than one event on one (RFC 9112, 9.3). Whoever listens
/// at the same address and port shares them. One that is idle too long is closed; when there is no room for
/// one more, that one is not kept: to push out the longest idle instead would, with more subscribers than
/// room, close each right before its turn.
class connection_pool {
public:
    explicit connection_pool(limits::eventing_limits const& bounds);

    /// The idle connection used last, if there is one; it is not idle any more.
    std::optional<connection_number> take(callback_url const& to) noexcept;
    /// That one, and it stays.
    std::optional<connection_number> peek(callback_url const& to) const noexcept;
    /// A number for one that is to be made.
    connection_number next() noexcept { return connection_number{++last_}; }
    /// Whether there is an idle one.
    bool has(callback_url const& to) const { return by_place_.contains(place_of(to)); }
    /// An event has gone over it and more may. False if there is no room: it is to be closed.
    bool keep(connection_number which, callback_url const& to, time_point now) noexcept;
    /// It was closed at the other end.
    void forget(connection_number which) noexcept;

    /// Moves those idle too long to the end of `gone`, which has to have room.
    void take_expired(time_point now, std::vector<connection_number>& gone);
    /// The same of all that are idle, or of those to one address and port.
    void take_all(std::vector<connection_number>& gone);
    void take_all(callback_url const& to, std::vector<connection_number>& gone);
    std::optional<time_point> next_expiry() const noexcept;

    std::size_t size() const noexcept { return idle_.size(); }

private:
    using place = std::tuple<unsigned, address, std::uint16_t>; ///< interface, address, port
    struct idle {
        connection_number which;
        place to;
        time_point until;
    };
    using position = std::list<idle>::iterator;

    static place place_of(callback_url const& to)
    {
        return {to.interface_index(), to.where().address, to.where().port};
    }
    void remove(std::multimap<place, position>::iterator found) noexcept;

    std::size_t capacity_;
    duration longest_idle_;
    std::list<idle> idle_; ///< in the order in which they expire
    std::multimap<place, position> by_place_;
    std::uint64_t last_ = 0;
};

} // namespace onlink

#endif
