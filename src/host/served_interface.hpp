// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_SERVED_INTERFACE_HPP
#define ONLINK_HOST_SERVED_INTERFACE_HPP

#include "base/interface_table.hpp"

#include <onlink/error.hpp>
#include <onlink/host_options.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace onlink {

/// An interface the devices are served on, and the address and port that LOCATION names there.
struct served_interface {
    unsigned index = 0;
    std::string name;
    onlink::address address;
    std::uint16_t http_port = 0; ///< known once the listener is open
};

/// Which interfaces to serve. None named: all that are up, can multicast, are no loopback and have a private
/// or link-local IPv4 address; if there is none, loopback where the policy says so. Named: exactly those,
/// with their first IPv4 address, private ones preferred. Never more than limits::interfaces::max_interfaces.
/// Errors: unknown_interface (a named one is not there, not up, or has no address), no_interface.
result<std::vector<served_interface>> select_interfaces(interface_table const& table,
                                                        host_options const& options);

} // namespace onlink

#endif
