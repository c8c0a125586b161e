// SPDX-License-Identifier: BSL-1.0
#include <onlink/observer.hpp>

namespace onlink {

std::string_view to_string(refusal_reason reason) noexcept
{
    switch (reason) {
    case refusal_reason::datagram_too_large:
        return "datagram too large";
    case refusal_reason::datagram_malformed:
        return "datagram malformed";
    case refusal_reason::datagram_off_segment:
        return "datagram from off the segment";
    case refusal_reason::search_invalid:
        return "search invalid";
    case refusal_reason::search_rate:
        return "searches too often";
    case refusal_reason::search_queue_full:
        return "too many searches waiting";
    case refusal_reason::connection_off_segment:
        return "connection from off the segment";
    case refusal_reason::connection_limit:
        return "too many connections";
    case refusal_reason::connection_peer_limit:
        return "too many connections of one peer";
    case refusal_reason::request_malformed:
        return "request malformed";
    case refusal_reason::request_too_large:
        return "request too large";
    case refusal_reason::request_timeout:
        return "request too slow";
    case refusal_reason::host_header:
        return "wrong HOST";
    case refusal_reason::not_found:
        return "not found";
    case refusal_reason::method_not_allowed:
        return "method not allowed";
    case refusal_reason::unsupported_media:
        return "unsupported media type";
    case refusal_reason::xml_refused:
        return "XML refused";
    case refusal_reason::soap_invalid:
        return "SOAP request invalid";
    case refusal_reason::action_fault:
        return "action failed";
    case refusal_reason::action_limit:
        return "too many actions running";
    case refusal_reason::action_timeout:
        return "action took too long";
    case refusal_reason::subscribe_invalid:
        return "subscription request invalid";
    case refusal_reason::callback_malformed:
        return "callback malformed";
    case refusal_reason::callback_not_literal:
        return "callback names a host";
    case refusal_reason::callback_special_address:
        return "callback to a special address";
    case refusal_reason::callback_off_segment:
        return "callback off the segment";
    case refusal_reason::callback_not_requester:
        return "callback is not the requester";
    case refusal_reason::subscription_limit:
        return "too many subscriptions";
    case refusal_reason::subscription_peer_limit:
        return "too many subscriptions of one peer";
    case refusal_reason::subscription_unknown:
        return "unknown subscription";
    case refusal_reason::subscription_failing:
        return "subscriber keeps failing";
    case refusal_reason::event_overflow:
        return "event queue full";
    case refusal_reason::event_undelivered:
        return "event not delivered";
    case refusal_reason::event_target_left:
        return "event target left the segment";
    case refusal_reason::internal_error:
        return "internal error";
    }
    return "unknown reason";
}

observer::~observer() = default;

} // namespace onlink
