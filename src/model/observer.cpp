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
    case refusal_reason::datagram_wrong_interface:
        return "datagram on the wrong interface";
    case refusal_reason::datagram_unsent:
        return "datagram not sent";
    case refusal_reason::search_invalid:
        return "search invalid";
    case refusal_reason::search_rate:
        return "searches too often";
    case refusal_reason::search_queue_full:
        return "too many searches waiting";
    case refusal_reason::search_answer_rate:
        return "too many answers drawn";
    case refusal_reason::search_tcp_undelivered:
        return "search answer by TCP undelivered";
    case refusal_reason::connection_off_segment:
        return "connection from off the segment";
    case refusal_reason::connection_wrong_interface:
        return "connection on the wrong interface";
    case refusal_reason::connection_limit:
        return "too many connections";
    case refusal_reason::connection_peer_limit:
        return "too many connections of one peer";
    case refusal_reason::connection_unavailable:
        return "no resources for a connection";
    case refusal_reason::request_malformed:
        return "request malformed";
    case refusal_reason::request_too_large:
        return "request too large";
    case refusal_reason::request_timeout:
        return "request too slow";
    case refusal_reason::answer_timeout:
        return "answer not taken";
    case refusal_reason::host_header:
        return "wrong HOST";
    case refusal_reason::origin_foreign:
        return "ORIGIN is not this server";
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
    case refusal_reason::transfer_limit:
        return "too many transfers";
    case refusal_reason::subscribe_invalid:
        return "subscription request invalid";
    case refusal_reason::callback_malformed:
        return "callback malformed";
    case refusal_reason::callback_too_long:
        return "callback too long";
    case refusal_reason::callback_too_many:
        return "too many callbacks";
    case refusal_reason::callback_scheme:
        return "callback is not http";
    case refusal_reason::callback_not_literal:
        return "callback names a host";
    case refusal_reason::callback_port:
        return "callback to a refused port";
    case refusal_reason::callback_reserved:
        return "callback to a reserved address";
    case refusal_reason::callback_multicast:
        return "callback to a multicast address";
    case refusal_reason::callback_broadcast:
        return "callback to a broadcast address";
    case refusal_reason::callback_loopback:
        return "callback to loopback";
    case refusal_reason::callback_own_address:
        return "callback to the device itself";
    case refusal_reason::callback_other_family:
        return "callback of the other IP family";
    case refusal_reason::callback_off_segment:
        return "callback off the segment";
    case refusal_reason::callback_not_private:
        return "callback to a public address";
    case refusal_reason::callback_not_requester:
        return "callback is not the requester";
    case refusal_reason::callback_interface_gone:
        return "callback on an interface that is gone";
    case refusal_reason::subscription_limit:
        return "too many subscriptions";
    case refusal_reason::subscription_peer_limit:
        return "too many subscriptions of one peer";
    case refusal_reason::subscription_target_limit:
        return "too many subscriptions to one address";
    case refusal_reason::subscription_endpoint_limit:
        return "too many subscriptions to one address and port";
    case refusal_reason::subscription_unknown:
        return "unknown subscription";
    case refusal_reason::subscription_foreign:
        return "somebody else's subscription";
    case refusal_reason::subscription_failing:
        return "subscriber keeps failing";
    case refusal_reason::event_overflow:
        return "event queue full";
    case refusal_reason::event_undelivered:
        return "event not delivered";
    case refusal_reason::event_target_left:
        return "event target left the segment";
    case refusal_reason::multicast_event_lost:
        return "multicast event lost";
    case refusal_reason::endpoint_unavailable:
        return "address unavailable";
    case refusal_reason::boot_id_not_kept:
        return "BOOTID not kept";
    case refusal_reason::internal_error:
        return "internal error";
    }
    return "unknown reason";
}

std::string_view explain(refusal_reason reason) noexcept
{
    switch (reason) {
    case refusal_reason::datagram_too_large:
        return "The datagram is longer than this device reads.";
    case refusal_reason::datagram_malformed:
        return "The datagram is not an SSDP message.";
    case refusal_reason::datagram_off_segment:
        return "The sender is not on the network segment of the interface that received the datagram.";
    case refusal_reason::datagram_wrong_interface:
        return "The datagram arrived on another interface than the one that has the address it was sent to.";
    case refusal_reason::datagram_unsent:
        return "A datagram could not be sent: the system has no room for it, or no way to its target.";
    case refusal_reason::search_invalid:
        return "The search lacks a valid MAN, MX or ST.";
    case refusal_reason::search_rate:
        return "Too many searches in a short time.";
    case refusal_reason::search_queue_full:
        return "Too many searches wait for their answers.";
    case refusal_reason::search_answer_rate:
        return "The searches of a short time draw too many answers.";
    case refusal_reason::search_tcp_undelivered:
        return "The answer by TCP that the search asked for could not be delivered.";
    case refusal_reason::connection_off_segment:
        return "The peer is not on the network segment of the interface that it connected to.";
    case refusal_reason::connection_wrong_interface:
        return "The connection arrived on another interface than the one that has the address it was made "
               "to.";
    case refusal_reason::connection_limit:
        return "Too many connections are open.";
    case refusal_reason::connection_peer_limit:
        return "Too many connections of this peer are open.";
    case refusal_reason::connection_unavailable:
        return "The system had no descriptor or memory for a connection; it waits until there is.";
    case refusal_reason::request_malformed:
        return "The request is not valid HTTP.";
    case refusal_reason::request_too_large:
        return "The request is larger than this device reads.";
    case refusal_reason::request_timeout:
        return "The request did not arrive in time.";
    case refusal_reason::answer_timeout:
        return "The peer did not take its answer in time.";
    case refusal_reason::host_header:
        return "HOST has to be the literal address and port of this device that the request was sent to.";
    case refusal_reason::origin_foreign:
        return "ORIGIN has to be this server: pages of others may not use this device.";
    case refusal_reason::not_found:
        return "There is nothing at this path.";
    case refusal_reason::method_not_allowed:
        return "This method is not served at this path.";
    case refusal_reason::unsupported_media:
        return "The body has to be text/xml.";
    case refusal_reason::xml_refused:
        return "The body is not well-formed XML, is beyond a limit, or has a DOCTYPE.";
    case refusal_reason::soap_invalid:
        return "The body is not a SOAP request for an action of this service.";
    case refusal_reason::action_fault:
        return "The action was answered with a UPnP error.";
    case refusal_reason::action_limit:
        return "Too many actions are running.";
    case refusal_reason::action_timeout:
        return "The action took too long.";
    case refusal_reason::transfer_limit:
        return "Too many files or streams are being transferred.";
    case refusal_reason::subscribe_invalid:
        return "Header fields of the subscription request are missing or exclude each other.";
    case refusal_reason::callback_malformed:
        return "CALLBACK has to be one or more http URLs in angle brackets, without user and fragment.";
    case refusal_reason::callback_too_long:
        return "A delivery URL is longer than this device accepts.";
    case refusal_reason::callback_too_many:
        return "CALLBACK has more delivery URLs than this device accepts.";
    case refusal_reason::callback_scheme:
        return "A delivery URL has to begin with http:.";
    case refusal_reason::callback_not_literal:
        return "A delivery URL has to name its host by a literal IP address: names are not looked up.";
    case refusal_reason::callback_port:
        return "The port of a delivery URL has to be in 1..65535 and must not belong to another protocol.";
    case refusal_reason::callback_reserved:
        return "A delivery URL names an address that no host can have.";
    case refusal_reason::callback_multicast:
        return "A delivery URL names a multicast address.";
    case refusal_reason::callback_broadcast:
        return "A delivery URL names a broadcast address or a network as a whole.";
    case refusal_reason::callback_loopback:
        return "A delivery URL names a loopback address, but the request did not come over loopback.";
    case refusal_reason::callback_own_address:
        return "A delivery URL names an address of this device.";
    case refusal_reason::callback_other_family:
        return "A delivery URL is of another IP family than the request.";
    case refusal_reason::callback_off_segment:
        return "A delivery URL is not on the network segment on which the request arrived (UDA 2.0, 4.1.1).";
    case refusal_reason::callback_not_private:
        return "The request was made to a private address, but a delivery URL names a public one (UDA 2.0, "
               "4.1.1).";
    case refusal_reason::callback_not_requester:
        return "A delivery URL names another host than the one that asks.";
    case refusal_reason::callback_interface_gone:
        return "The network interface of the subscription is no longer there.";
    case refusal_reason::subscription_limit:
        return "There are too many subscriptions.";
    case refusal_reason::subscription_peer_limit:
        return "This peer has too many subscriptions.";
    case refusal_reason::subscription_target_limit:
        return "Too many subscriptions deliver to this address.";
    case refusal_reason::subscription_endpoint_limit:
        return "Too many subscriptions deliver to this address and port.";
    case refusal_reason::subscription_unknown:
        return "There is no subscription of this SID at this service.";
    case refusal_reason::subscription_foreign:
        return "The subscription belongs to another host or another network segment.";
    case refusal_reason::subscription_failing:
        return "The subscriber did not take its events too many times in a row.";
    case refusal_reason::event_overflow:
        return "More events waited for the subscriber than are kept.";
    case refusal_reason::event_undelivered:
        return "An event could not be delivered.";
    case refusal_reason::event_target_left:
        return "The delivery address is no longer on the network segment; nothing was sent.";
    case refusal_reason::multicast_event_lost:
        return "A multicast event was too large for a datagram, or one of too many.";
    case refusal_reason::endpoint_unavailable:
        return "An address of the device could not be served; it will be tried again.";
    case refusal_reason::boot_id_not_kept:
        return "The BOOTID could not be kept; it may not grow over the next reboot.";
    case refusal_reason::internal_error:
        return "Something went wrong inside the device.";
    }
    return "Refused.";
}

observer::~observer() = default;

} // namespace onlink
