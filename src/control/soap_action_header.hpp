// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CONTROL_SOAP_ACTION_HEADER_HPP
#define ONLINK_CONTROL_SOAP_ACTION_HEADER_HPP

#include <onlink/error.hpp>

#include <string>
#include <string_view>

namespace onlink {

/// SOAPACTION: `"urn:...:service:TYPE:v#ActionName"` (UDA 2.0, 3.2.1), split at the `#`. Whether there is
/// such a service and action is for the dispatcher to say.
struct soap_action_header {
    std::string type_uri;
    std::string action;

    /// The double quotes are part of the value; without them only if `accept_unquoted`.
    /// Errors: malformed.
    static result<soap_action_header> parse(std::string_view text, bool accept_unquoted);
};

} // namespace onlink

#endif
