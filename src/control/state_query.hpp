// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CONTROL_STATE_QUERY_HPP
#define ONLINK_CONTROL_STATE_QUERY_HPP

#include "control/soap_action_header.hpp"
#include "control/soap_request.hpp"

#include <onlink/action_call.hpp>
#include <onlink/service.hpp>

#include <string>

namespace onlink {

/// Whether SOAPACTION names QueryStateVariable, which UDA 1.0, 3.3 demands and later versions deprecate.
bool is_state_query(soap_action_header const& header) noexcept;

/// The body of its answer: the present value of a variable.
/// Errors: 401 if the body is another request, 402 without exactly one varName, 404 for an unknown variable.
action_outcome<std::string> answer_state_query(service const& queried, soap_request const& request);

} // namespace onlink

#endif
