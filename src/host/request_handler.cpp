// SPDX-License-Identifier: BSL-1.0
#include "host/request_handler.hpp"

#include "base/ascii.hpp"
#include "control/soap_fault.hpp"
#include "control/soap_response.hpp"
#include "eventing/subscribe_response.hpp"
#include "http/http_date.hpp"
#include "http/request_guard.hpp"
#include "url/url_path.hpp"

namespace onlink {

namespace {

/// `text/xml`, with or without parameters (UDA 2.0, 3.2.1).
bool is_xml(header_fields const& fields)
{
    auto const type = fields.one("CONTENT-TYPE");
    if (!type)
        return false;
    return ascii::equal_ignoring_case(ascii::trim(type->substr(0, type->find(';'))), "text/xml");
}

} // namespace

request_handler::request_handler(device_tree const& tree, document_store const& documents,
                                 event_engine& events, host_options const& options, std::string server,
                                 random_source& random)
    : tree_(tree),
      documents_(documents),
      events_(events),
      options_(options),
      server_(std::move(server)),
      random_(random),
      routes_(tree, options.web),
      resources_(options, server_)
{}

http_reply request_handler::refuse(int status, refusal_reason reason, std::string_view detail) const
{
    return refusal_reply(status, reason, detail, options_.policies.explain_refusals);
}

http_reply request_handler::method_not_allowed(http_request const& request, std::string_view allowed) const
{
    return method_refusal(request, allowed, options_.policies.explain_refusals);
}

std::optional<route> request_handler::find(http_request const& request) const
{
    auto const path = url_path::parse(request.target, options_.policies.collapse_leading_slashes);
    return path ? routes_.find(path->to_string()) : std::nullopt;
}

body_plan request_handler::plan_body(http_request const& head) const
{
    auto const where = find(head);
    if (where && std::holds_alternative<control_route>(*where))
        return {options_.limits.http.max_body, false};
    if (auto const* handler = where ? std::get_if<web_handler_route>(&*where) : nullptr)
        return {options_.web.routes[handler->handler].max_body, true};
    return {options_.limits.http.max_ignored_body, false};
}

http_reply request_handler::handle(moment now, connection const& from, http_request const& request,
                                   interface_table const& table)
{
    if (auto const refused = check_host(request, from.local))
        return refuse(refused->status, refused->reason, request.fields.one("HOST").value_or(""));
    auto const path = url_path::parse(request.target, options_.policies.collapse_leading_slashes);
    if (!path)
        return refuse(400, refusal_reason::request_malformed, request.target);
    auto const where = routes_.find(path->to_string());
    if (!where)
        return refuse(404, refusal_reason::not_found, request.target);

    request_turn const x{now, from, request, table, path->to_string()};
    struct turn {
        request_handler& self;
        request_turn const& x;

        http_reply operator()(description_route r) const
        {
            return self.resources_.read(x, self.documents_.description(r.root));
        }
        http_reply operator()(scpd_route r) const
        {
            return self.resources_.read(x, self.documents_.scpd(r.service));
        }
        http_reply operator()(icon_route r) const
        {
            return self.resources_.read(x, self.documents_.icon(r.device, r.number));
        }
        http_reply operator()(control_route r) const { return self.on_control(x, r.service); }
        http_reply operator()(event_route r) const { return self.on_event(x, r.service); }
        http_reply operator()(web_file_route r) const { return self.resources_.file(x, r.file); }
        http_reply operator()(web_folder_route r) const { return self.resources_.folder(x, r.folder); }
        http_reply operator()(web_handler_route r) const { return self.resources_.route(x, r.handler); }
    };
    return std::visit(turn{*this, x}, *where);
}

http_response request_handler::soap(moment now, int status, std::string body) const
{
    auto response = http_response::of(status);
    response.fields.add("CONTENT-TYPE", "text/xml; charset=\"utf-8\"");
    response.fields.add("DATE", http_date(now.date));
    response.fields.add("EXT", ""); // UDA 1.0 control points want it; harmless to all others
    response.fields.add("SERVER", server_);
    response.body = std::make_shared<std::string const>(std::move(body));
    return response;
}

http_reply request_handler::fault(request_turn const& x, upnp_error const& error) const
{
    auto detail = x.request.fields.one("SOAPACTION").value_or("");
    return {soap(x.now, 500, render_upnp_fault(error)),
            std::nullopt,
            refusal_reason::action_fault,
            ascii::printable(std::to_string(error.code) + ' ' + std::string{detail}),
            std::nullopt,
            {},
            0};
}

http_reply request_handler::on_control(request_turn const& x, std::size_t service) const
{
    auto const& request = x.request;
    if (request.method ==
        http_method::head) // a control point may ask so for our HTTP version (UDA 2.0, 2.11)
        return {http_response::of(200), std::nullopt, std::nullopt, {}, std::nullopt, {}, 0};
    if (request.method == http_method::m_post) // deprecated by UDA 2.0, 3.2.1, which permits 501
        return refuse(501, refusal_reason::method_not_allowed, request.method_text);
    if (request.method != http_method::post)
        return method_not_allowed(request, "POST, HEAD");
    if (!is_xml(request.fields))
        return refuse(415, refusal_reason::unsupported_media,
                      request.fields.one("CONTENT-TYPE").value_or(""));
    auto const header = soap_action_header::parse(request.fields.one("SOAPACTION").value_or(""),
                                                  options_.policies.accept_unquoted_soapaction);
    if (!header)
        return refuse(400, refusal_reason::soap_invalid, request.fields.one("SOAPACTION").value_or(""));

    auto const body = soap_request::parse(request.body, xml_budget::for_peers(options_.limits));
    if (!body) {
        switch (body.error()) {
        case soap_defect::bad_xml:
            return refuse(400, refusal_reason::xml_refused, header->action);
        case soap_defect::structure:
            return refuse(400, refusal_reason::soap_invalid, header->action);
        case soap_defect::version_mismatch:
        case soap_defect::must_understand:
            auto reply = refuse(500, refusal_reason::soap_invalid, header->action);
            reply.what = soap(x.now, 500,
                              body.error() == soap_defect::must_understand ? render_must_understand()
                                                                           : render_version_mismatch());
            return reply;
        }
    }
    auto call = dispatch(tree_, service, *header, *body, {x.from.peer.address, x.from.interface_name},
                         options_.policies);
    if (!call)
        return fault(x, call.error());
    return {*std::move(call), std::nullopt, std::nullopt, {}, std::nullopt, {}, 0};
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

http_response request_handler::finish(moment now, invocation const& call, action_result const& result,
                                      int& error) const
{
    auto const& contract = call.service.contract();
    auto const* called = contract.find_action(call.call.action());
    auto const rendered = result ? render_soap_response(contract, *called, call.type_uri, *result)
                                 : action_outcome<std::string>{sendable(result.error())};
    error = rendered ? 0 : rendered.error().code;
    return rendered ? soap(now, 200, *rendered) : soap(now, 500, render_upnp_fault(rendered.error()));
}

http_reply request_handler::on_event(request_turn const& x, std::size_t service)
{
    if (x.request.method != http_method::subscribe && x.request.method != http_method::unsubscribe)
        return method_not_allowed(x.request, "SUBSCRIBE, UNSUBSCRIBE");
    auto const callback = x.request.fields.one("CALLBACK");
    auto const detail = callback ? *callback : x.request.fields.one("SID").value_or("");
    auto const refused = [&](subscribe_refusal const& r) { return refuse(r.status, r.reason, detail); };

    auto wanted = parse_subscribe_request(x.request, options_.limits.eventing);
    if (!wanted)
        return refused(wanted.error());
    auto const at = x.from.at();
    if (auto const* end = std::get_if<cancellation>(&*wanted)) {
        if (auto const done = events_.cancel(x.now.at, service, *end, at, x.table); !done)
            return refused(done.error());
        return {http_response::of(200),         std::nullopt,        std::nullopt, {},
                subscription_change::cancelled, end->id.to_string(), service};
    }
    auto* first = std::get_if<new_subscription>(&*wanted);
    auto const granted = first ? events_.subscribe(x.now.at, service, std::move(*first), at, x.table, random_)
                               : events_.renew(x.now.at, service, std::get<renewal>(*wanted), at, x.table);
    if (!granted)
        return refused(granted.error());
    http_reply reply{write_subscribe_response(*granted, http_date(x.now.date), server_),
                     std::nullopt,
                     std::nullopt,
                     {},
                     first ? subscription_change::accepted : subscription_change::renewed,
                     granted->id.to_string(),
                     service};
    if (first)
        reply.subscribed = granted->id;
    return reply;
}

} // namespace onlink
