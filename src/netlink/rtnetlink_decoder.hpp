// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NETLINK_RTNETLINK_DECODER_HPP
#define ONLINK_NETLINK_RTNETLINK_DECODER_HPP

#include "base/interface_table.hpp"

#include <onlink/limits.hpp>

#include <cstdint>
#include <string_view>

namespace onlink {

/// Makes a snapshot of the interfaces from what Linux answers to a dump of its links, addresses, routes and
/// neighbours (rtnetlink). Links have to come first: what belongs to an interface that is not known, or is
/// beyond limits::interfaces, is left out. Addresses have to come before routes: those of a full table that
/// hold none of them are the first to go.
class rtnetlink_decoder {
public:
    enum class state {
        more,        ///< the dump goes on
        done,        ///< it is complete
        interrupted, ///< things changed meanwhile: dump again from the start
        failed,      ///< the kernel refused, or this is no rtnetlink
    };

    explicit rtnetlink_decoder(limits::interface_limits const& bounds) : bounds_(bounds) {}

    /// A buffer as it was received: one or more messages. Those of another sequence number are skipped.
    state feed(std::string_view buffer, std::uint32_t sequence);

    /// All that came so far, interfaces by index.
    interface_table take();

private:
    // False if the message is not whole.
    bool on_link(std::string_view message);
    bool on_address(std::string_view message);
    bool on_route(std::string_view message);
    bool on_neighbour(std::string_view message);
    network_interface* find(unsigned index) noexcept;

    limits::interface_limits bounds_;
    std::vector<network_interface> interfaces_;
    std::vector<neighbour> neighbours_;
    bool interrupted_ = false; ///< the kernel says so in any message of a dump
};

/// Whether a buffer of notifications has anything to do with interfaces, addresses or routes, or, if they are
/// wanted, with neighbours. What cannot be read has: better one reading too many.
bool concerns_interfaces(std::string_view buffer, bool with_neighbours) noexcept;

} // namespace onlink

#endif
