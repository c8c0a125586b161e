// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CONTROL_SOAP_RESPONSE_HPP
#define ONLINK_CONTROL_SOAP_RESPONSE_HPP

#include <onlink/action_call.hpp>
#include <onlink/scpd.hpp>

#include <string>
#include <string_view>

namespace onlink {

/// The envelope of a successful action (UDA 2.0, 3.2.2): all out arguments, in the order of the SCPD.
/// Errors: 501 if the handler's outputs are not those the SCPD declares, or not legal values of them; control
/// points never see a broken contract.
action_outcome<std::string> render_soap_response(scpd const& contract, action const& called,
                                                 std::string_view type_uri, outputs const& out);

} // namespace onlink

#endif
