// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_UPNP_ERROR_HPP
#define ONLINK_UPNP_ERROR_HPP

#include <boost/assert/source_location.hpp>
#include <onlink/export.hpp>

#include <string>

namespace onlink {

/// A failed action as the control point sees it: errorCode and errorDescription (UDA 2.0, 3.2.5).
/// Codes 600..699 are common, 700..799 belong to the service type, 800..899 to the vendor.
struct upnp_error {
    int code = 501;
    /// For humans; cut to 255 characters on the wire. Empty means the standard text of the code, if any.
    std::string description;

    static upnp_error invalid_action() { return {401, {}}; }
    static upnp_error invalid_args() { return {402, {}}; }
    static upnp_error action_failed(std::string why = {}) { return {501, std::move(why)}; }
    static upnp_error argument_value_invalid() { return {600, {}}; }
    static upnp_error argument_value_out_of_range() { return {601, {}}; }
    static upnp_error optional_action_not_implemented() { return {602, {}}; }
    static upnp_error out_of_memory() { return {603, {}}; }
    static upnp_error human_intervention_required() { return {604, {}}; }
    static upnp_error string_argument_too_long() { return {605, {}}; }
    static upnp_error action_not_authorized() { return {606, {}}; }

    friend bool operator==(upnp_error const&, upnp_error const&) = default;
};

/// The standard errorDescription of a code; empty for codes that the architecture does not name.
ONLINK_EXPORT char const* standard_description(int code) noexcept;

/// Lets `action_outcome<T>::value()` report; throws std::runtime_error with the code.
[[noreturn]] ONLINK_EXPORT void throw_exception_from_error(upnp_error const& e,
                                                           boost::source_location const&);

} // namespace onlink

#endif
