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
    /// Where the HTTP server listens too: the link-local IPv6 address, and a unique local or else a global
    /// one (UDA 2.0, A.2). Ports as above.
    std::vector<endpoint> also = {};
};

/// Which interfaces to serve. None named: all that are up, can multicast, are no loopback, have a private or
/// link-local IPv4 address, and no public one; if there is none, loopback where the policy says so. Named:
/// exactly those, with a private, else a link-local, else (policies::allow_public_addresses) a public
/// address. Never more than limits::interfaces::max_interfaces.
/// Errors: unknown_interface (a named one is not there, not up, or has no address), public_address (it has
/// only public ones), no_interface.
result<std::vector<served_interface>> select_interfaces(interface_table const& table,
                                                        host_options const& options);

} // namespace onlink

#endif
