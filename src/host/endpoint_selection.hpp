// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_ENDPOINT_SELECTION_HPP
#define ONLINK_HOST_ENDPOINT_SELECTION_HPP

#include "base/interface_table.hpp"
#include "base/served_endpoint.hpp"

#include <onlink/host_options.hpp>

#include <string>
#include <vector>

namespace onlink {

/// Where to serve at this moment.
struct endpoint_selection {
    std::vector<served_endpoint> endpoints; ///< ports not yet known
    /// Interfaces named in the options that are not there, not up, or without an address that fits.
    std::vector<std::string> missing;
    /// Those that have a public IPv4 address only, which policies::allow_public_addresses does not let.
    std::vector<std::string> only_public;
};

/// Which interfaces: those named, or else all that are up, can multicast, are no loopback and have no public
/// IPv4 address; if there is none, loopback where the policy says so. Never more than
/// limits::interfaces::max_interfaces.
///
/// At which addresses of them (UDA 2.0, A.2.3, A.4.2): IPv4 first, one per network, the private ones or else
/// an Auto-IP one (0.5) or else (policies::allow_public_addresses, named interfaces only) a public one; then
/// the link-local, unique local and global IPv6 addresses, one per network, but none that is tentative,
/// temporary, deprecated, or of a transition mechanism. Never more than
/// limits::interfaces::max_served_addresses of one interface; those that are `served` already keep their
/// place.
endpoint_selection select_endpoints(interface_table const& table, host_options const& options,
                                    std::vector<served_endpoint> const& served = {});

} // namespace onlink

#endif
