// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CONTROL_ARGUMENT_VALIDATOR_HPP
#define ONLINK_CONTROL_ARGUMENT_VALIDATOR_HPP

#include "control/soap_request.hpp"

#include <onlink/action_call.hpp>
#include <onlink/scpd.hpp>

#include <vector>

namespace onlink {

/// Text to values, by the SCPD, before any handler sees them (UDA 2.0, 3.2.1, 3.2.5): every in argument once
/// and in order; elements that are no arguments are ignored, as unknown XML is (2.3).
/// Errors: 402 for a missing, doubled or displaced argument and for text that is not of its type; 601 for a
/// value outside its range or list.
action_outcome<std::vector<named_value>> validate_arguments(scpd const& contract, action const& called,
                                                            std::vector<text_argument> const& given,
                                                            bool accept_unordered);

} // namespace onlink

#endif
