// SPDX-License-Identifier: BSL-1.0
#include "host/control_server.hpp"

#include "base/ascii.hpp"
#include "control/mandatory_extension.hpp"
#include "control/soap_fault.hpp"
#include "control/soap_response.hpp"
#include "control/state_query.hpp"
#include "http/content_type.hpp"

namespace onlink {

control_server::control_server(device_tree const& tree, host_options const& options,
                               std::string const& server)
    : tree_(tree),
      options_(options),
      // UDA 1.0 control points want EXT; it is harmless to all others.
      dated_("CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n", "EXT:\r\nSERVER: " + server + "\r\n")
{}

bool control_server::serves(std::optional<bool> const& policy) const
{
    return policy.value_or(options_.policies.uda == uda_version::v1_0);
}

http_reply control_server::refuse(int status, refusal_reason reason, std::string_view detail) const
{
    return refusal_reply(status, reason, detail, options_.policies.explain_refusals);
}

http_response control_server::soap(moment now, int status, std::string body) const
{
    auto response = http_response::of(status);
    response.dated_fields = dated_.at(now.date);
    response.body = std::make_shared<std::string const>(std::move(body));
    return response;
}

http_reply control_server::fault(request_turn const& x, upnp_error const& error) const
{
    auto const named = x.request.fields.one("SOAPACTION").value_or("");
    auto reply = reply_with(soap(x.now, 500, render_upnp_fault(error)));
    reply.refused = refusal_reason::action_fault;
    reply.detail = ascii::printable(std::to_string(error.code) + ' ' + std::string{named});
    return reply;
}

std::variant<soap_action_header, http_reply> control_server::read_header(http_request const& request) const
{
    auto const& fields = request.fields;
    bool const mandatory = request.method == http_method::m_post;
    if (mandatory && !serves(options_.policies.serve_m_post)) // UDA 2.0, 3.2.1 permits 501
        return refuse(501, refusal_reason::method_not_allowed, request.method_text);
    if (request.method != http_method::post && !mandatory)
        return method_refusal(request, "POST, HEAD", options_.policies.explain_refusals);
    auto const type = fields.one("CONTENT-TYPE").value_or("");
    if (!is_utf8_xml(type))
        return refuse(415, refusal_reason::unsupported_media, type);
    auto const said = mandatory ? mandatory_soap_action(fields) : fields.one("SOAPACTION").value_or("");
    if (!said) // RFC 2774, 7
        return refuse(510, refusal_reason::soap_invalid, fields.one("MAN").value_or(""));
    auto header = soap_action_header::parse(*said, options_.policies.accept_unquoted_soapaction);
    if (!header)
        return refuse(400, refusal_reason::soap_invalid, *said);
    return *std::move(header);
}

std::variant<control_server::understood, http_reply> control_server::understand(request_turn const& x) const
{
    auto header = read_header(x.request);
    if (auto* refused = std::get_if<http_reply>(&header))
        return std::move(*refused);
    auto& named = std::get<soap_action_header>(header);
    auto body = soap_request::parse(x.request.body, xml_budget::for_peers(options_.limits));
    if (body)
        return understood{std::move(named), *std::move(body)};

    auto const defect = body.error();
    if (defect == soap_defect::bad_xml)
        return refuse(400, refusal_reason::xml_refused, named.action);
    if (defect == soap_defect::structure)
        return refuse(400, refusal_reason::soap_invalid, named.action);
    auto reply = refuse(500, refusal_reason::soap_invalid, named.action);
    reply.what =
        soap(x.now, 500,
             defect == soap_defect::must_understand ? render_must_understand() : render_version_mismatch());
    return reply;
}

http_reply control_server::call(request_turn const& x, std::size_t service) const
{
    // A control point may ask so for our HTTP version (UDA 2.0, 2.11).
    if (x.request.method == http_method::head)
        return reply_with(http_response::of(200));
    auto request = understand(x);
    if (auto* refused = std::get_if<http_reply>(&request))
        return std::move(*refused);
    auto& [header, body] = std::get<understood>(request);
    if (is_state_query(header) && serves(options_.policies.serve_state_queries)) {
        auto answer = answer_state_query(tree_.services[service].service, body);
        return answer ? reply_with(soap(x.now, 200, *std::move(answer))) : fault(x, answer.error());
    }
    auto called = dispatch(tree_, service, header, std::move(body),
                           {x.from.peer.address, x.from.interface_name}, options_.policies);
    return called ? reply_with(*std::move(called)) : fault(x, called.error());
}

namespace {

/// What may be sent of an application's error: codes of UDA 2.0, 3.2.5 but 403, which is deprecated.
upnp_error sendable(upnp_error const& error)
{
    bool const architecture =
        error.code == 401 || error.code == 402 || error.code == 404 || error.code == 501;
    if (architecture || (error.code >= 600 && error.code <= 899))
        return error;
    return upnp_error::action_failed(error.description);
}

} // namespace

http_response control_server::finish(moment now, invocation const& call, action_result const& result,
                                     int& error) const
{
    auto const& contract = call.service.contract();
    auto const* called = contract.find_action(call.call.action());
    auto rendered = result ? render_soap_response(contract, *called, call.type_uri, *result)
                           : action_outcome<std::string>{sendable(result.error())};
    error = rendered ? 0 : rendered.error().code;
    return rendered ? soap(now, 200, *std::move(rendered))
                    : soap(now, 500, render_upnp_fault(rendered.error()));
}

} // namespace onlink
