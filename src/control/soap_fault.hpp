// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CONTROL_SOAP_FAULT_HPP
#define ONLINK_CONTROL_SOAP_FAULT_HPP

#include <onlink/upnp_error.hpp>

#include <string>

namespace onlink {

/// The fault that carries a UPnP error (UDA 2.0, 3.2.5). The description is cut to 255 characters, and
/// characters that XML forbids are left out: it is the application's text, not ours.
std::string render_upnp_fault(upnp_error const& error);

/// Faults of SOAP itself (UDA 2.0, 3.1.1): there is no UPnP code for them.
std::string render_version_mismatch();
std::string render_must_understand();

} // namespace onlink

#endif
