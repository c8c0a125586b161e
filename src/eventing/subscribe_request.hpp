// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_SUBSCRIBE_REQUEST_HPP
#define ONLINK_EVENTING_SUBSCRIBE_REQUEST_HPP

#include "eventing/callback_header.hpp"
#include "eventing/sid.hpp"
#include "http/http_message.hpp"

#include <onlink/limits.hpp>
#include <onlink/observer.hpp>

#include <boost/system/result.hpp>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace onlink {

/// SUBSCRIBE without a SID.
struct new_subscription {
    std::vector<callback_candidate> callbacks;
    std::chrono::seconds duration{};          ///< to be granted; already within the limits
    std::vector<std::string> state_variables; ///< STATEVAR; empty: all
};

/// SUBSCRIBE with a SID.
struct renewal {
    onlink::sid id;
    std::chrono::seconds duration{};
};

/// UNSUBSCRIBE.
struct cancellation {
    onlink::sid id;
};

using subscribe_request = std::variant<new_subscription, renewal, cancellation>;

/// A refusal with the status it deserves.
struct subscribe_refusal {
    int status = 412;
    refusal_reason reason = refusal_reason::subscribe_invalid;
};

[[noreturn]] void throw_exception_from_error(subscribe_refusal const& refusal, boost::source_location const&);

/// A result whose refusal is an HTTP status.
template <class T>
using subscribe_result = boost::system::result<T, subscribe_refusal>;

/// Understands the header fields of SUBSCRIBE and UNSUBSCRIBE (UDA 2.0, 4.1.2-4.1.4). Statuses: 400 for SID
/// together with NT or CALLBACK and for doubled fields; 412 for a missing or wrong NT or CALLBACK, and for a
/// SID that cannot be one of ours.
subscribe_result<subscribe_request> parse_subscribe_request(http_request const& request,
                                                            limits::eventing_limits const& bounds);

/// What is granted for a TIMEOUT value: `Second-N` within the bounds; the default for none, for
/// `Second-infinite`, and for what cannot be read (UDA 2.0, 4.1.2).
std::chrono::seconds granted_duration(std::string_view timeout, limits::eventing_limits const& bounds);

} // namespace onlink

#endif
