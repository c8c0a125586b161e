// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CONTROL_DISPATCHER_HPP
#define ONLINK_CONTROL_DISPATCHER_HPP

#include "base/ip.hpp"
#include "control/soap_action_header.hpp"
#include "control/soap_request.hpp"
#include "model/device_tree.hpp"

#include <onlink/handler.hpp>
#include <onlink/policies.hpp>

#include <cstddef>
#include <string>
#include <variant>

namespace onlink {

/// A checked call, ready for its handler. What runs it is not the dispatcher's business.
struct invocation {
    onlink::service service; ///< kept alive, even if its device is removed meanwhile
    std::string type_uri;    ///< as the control point wrote it; the answer repeats its version
    action_call call;

    /// Its handler if that answers at once; else null.
    action_handler::immediate const* immediate() const noexcept
    {
        return std::get_if<action_handler::immediate>(&service.find_handler(call.action())->run);
    }
    bool deferred() const noexcept { return !immediate(); }
};

/// Who asked, and over which interface.
struct caller {
    address peer;
    std::string interface_name;
};

/// From a SOAP request at a service's control URL to an invocation.
/// Errors (UDA 2.0, 3.2.5): 401 if header and body name different actions, for a service type or version that
/// is not this service's, and for an action that is unknown, or that the version named did not have yet; 402
/// and 601 from the arguments; 602 for an action left unimplemented.
action_outcome<invocation> dispatch(device_tree const& tree, std::size_t service,
                                    soap_action_header const& header, soap_request request,
                                    caller const& from, policies const& policy);

} // namespace onlink

#endif
