// SPDX-License-Identifier: BSL-1.0
#include "host/request_handler.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "control/soap_fault.hpp"
#include "control/soap_response.hpp"
#include "eventing/subscribe_response.hpp"
#include "http/accept_encoding.hpp"
#include "http/http_date.hpp"
#include "http/media_type.hpp"
#include "http/request_guard.hpp"
#include "url/url_path.hpp"

#include <algorithm>

namespace onlink {

struct request_handler::exchange {
    moment now;
    connection const& from;
    http_request const& request;
    interface_table const& table;
    std::string path; ///< of its target
};

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
      routes_(tree, options.web)
{
    for (auto const& file : options.web.files)
        files_.push_back(static_content::of(file.data, file.content_type, options.policies.compress));
}

http_reply request_handler::refuse(int status, refusal_reason reason, std::string_view detail) const
{
    return {refusal_response(status, reason, options_.policies.explain_refusals),
            std::nullopt,
            reason,
            ascii::printable(detail),
            std::nullopt,
            {},
            0};
}

http_reply request_handler::method_not_allowed(http_request const& request, std::string_view allowed) const
{
    auto reply = refuse(405, refusal_reason::method_not_allowed, request.method_text);
    std::get<http_response>(reply.what).fields.add("ALLOW", allowed);
    return reply;
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

    exchange const x{now, from, request, table, path->to_string()};
    struct turn {
        request_handler& self;
        exchange const& x;

        http_reply operator()(description_route r) const
        {
            return self.on_static(x, self.documents_.description(r.root));
        }
        http_reply operator()(scpd_route r) const
        {
            return self.on_static(x, self.documents_.scpd(r.service));
        }
        http_reply operator()(icon_route r) const
        {
            return self.on_static(x, self.documents_.icon(r.device, r.number));
        }
        http_reply operator()(control_route r) const { return self.on_control(x, r.service); }
        http_reply operator()(event_route r) const { return self.on_event(x, r.service); }
        http_reply operator()(web_file_route r) const { return self.on_static(x, self.files_[r.file]); }
        http_reply operator()(web_folder_route r) const { return self.on_folder(x, r.folder); }
        http_reply operator()(web_handler_route r) const { return self.on_handler(x, r.handler); }
    };
    return std::visit(turn{*this, x}, *where);
}

namespace {

bool only_reads(http_request const& request) noexcept
{
    return request.method == http_method::get || request.method == http_method::head;
}

constexpr std::string_view reading_methods = "GET, HEAD";

http_reply reply_with(http_response response)
{
    return {std::move(response), std::nullopt, std::nullopt, {}, std::nullopt, {}, 0};
}

} // namespace

void request_handler::add_fields_of_a_resource(moment now, http_request const& request,
                                               http_response& response) const
{
    // UDA 2.0, 2.11 and 5: if and only if it was asked for
    if (request.fields.has("ACCEPT-LANGUAGE"))
        response.fields.add("CONTENT-LANGUAGE", options_.language);
    response.fields.add("DATE", http_date(now.date));
    response.fields.add("SERVER", server_);
}

http_reply request_handler::on_static(exchange const& x, static_content const& content) const
{
    if (!only_reads(x.request))
        return method_not_allowed(x.request, reading_methods);
    auto const& form = content.zipped && accepts_gzip(x.request) ? *content.zipped : content.plain;
    auto const failed = failed_condition(x.request, {form.body->size(), form.etag, std::nullopt});
    auto response = http_response::of(failed.value_or(200));
    add_fields_of_a_resource(x.now, x.request, response);
    if (failed) {
        response.fields.add("ETAG", form.etag); // RFC 9110, 15.4.5
    } else {
        response.rendered_fields = form.fields;
        response.body = form.body;
    }
    return reply_with(std::move(response));
}

namespace {

/// Whether a path below a folder can be one of its files: no segment is empty or begins with a dot.
bool is_file_name(std::string_view name) noexcept
{
    for (;;) {
        auto const slash = name.find('/');
        auto const segment = name.substr(0, slash);
        if (segment.empty() || segment.starts_with('.'))
            return false;
        if (slash == name.npos)
            return true;
        name.remove_prefix(slash + 1);
    }
}

} // namespace

http_reply request_handler::on_folder(exchange const& x, std::size_t folder) const
{
    auto const& served = options_.web.folders[folder];
    if (!only_reads(x.request))
        return method_not_allowed(x.request, reading_methods);
    auto name = x.path.substr(served.path.size());
    if (name.empty() || name.ends_with('/'))
        name += served.index;
    if (!is_file_name(name))
        return on_no_file(x.request);
    return {wanted_file{&served, std::move(name)}, std::nullopt, std::nullopt, {}, std::nullopt, {}, 0};
}

http_reply request_handler::on_no_file(http_request const& request) const
{
    return refuse(404, refusal_reason::not_found, request.target);
}

file_answer request_handler::on_file(moment now, http_request const& request, wanted_file const& what,
                                     content_facts const& facts) const
{
    auto const part = select_part(request, facts);
    auto response = http_response::of(part.status);
    add_fields_of_a_resource(now, request, response);
    response.fields.add("ACCEPT-RANGES", "bytes");
    response.fields.add("ETAG", facts.etag);
    if (facts.modified)
        response.fields.add("LAST-MODIFIED", http_date(*facts.modified));
    if (part.status == 200 || part.status == 206) {
        response.fields.add("CONTENT-TYPE", media_type_of(what.name));
        // What somebody put into the folder is to be what its name says, not what a browser makes of it.
        response.fields.add("X-CONTENT-TYPE-OPTIONS", "nosniff");
    }
    auto const size = std::to_string(facts.size);
    if (part.status == 206)
        response.fields.add("CONTENT-RANGE", "bytes " + std::to_string(part.offset) + '-' +
                                                 std::to_string(part.offset + part.length - 1) + '/' + size);
    if (part.status == 416)
        response.fields.add("CONTENT-RANGE", "bytes */" + size);
    response.streamed_length = part.length;
    return {std::move(response), part};
}

namespace {

/// What is behind the `?`, as it came.
std::string query_of(std::string_view target)
{
    auto const mark = target.find('?');
    return mark == target.npos ? std::string{} : std::string{target.substr(mark + 1)};
}

/// The length of a body as the header states it; absent for chunks. It has been parsed before.
std::optional<std::uint64_t> length_of(http_request const& request)
{
    if (request.fields.has("TRANSFER-ENCODING"))
        return std::nullopt;
    auto const stated = request.fields.one("CONTENT-LENGTH");
    if (!stated)
        return 0;
    auto const length = parse_decimal<std::uint64_t>(*stated);
    return length ? *length : 0;
}

std::string joined(std::vector<std::string> const& words)
{
    std::string out;
    for (auto const& word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out;
}

/// Field names that say how a message is framed: ours to say.
bool is_framing(std::string_view name) noexcept
{
    for (std::string_view const ours :
         {"CONTENT-LENGTH", "TRANSFER-ENCODING", "CONNECTION", "TRAILER", "UPGRADE", "KEEP-ALIVE"})
        if (ascii::equal_ignoring_case(name, ours))
            return true;
    return false;
}

bool is_field(std::pair<std::string, std::string> const& field) noexcept
{
    auto const& [name, value] = field;
    return !name.empty() && std::all_of(name.begin(), name.end(), ascii::is_token) && !is_framing(name) &&
           std::none_of(value.begin(), value.end(),
                        [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

} // namespace

http_reply request_handler::on_handler(exchange const& x, std::size_t handler) const
{
    auto const& served = options_.web.routes[handler];
    auto const takes = [&](std::string_view method) {
        return std::find(served.methods.begin(), served.methods.end(), method) != served.methods.end();
    };
    if (!takes(x.request.method_text) && !(x.request.method == http_method::head && takes("GET")))
        return method_not_allowed(x.request, joined(served.methods));
    web_request request{x.request.method_text,      x.path,
                        query_of(x.request.target), {},
                        length_of(x.request),       x.from.peer.address,
                        x.from.interface_name};
    for (auto const& field : x.request.fields.all())
        request.fields.emplace_back(field.name, field.value);
    return {
        wanted_exchange{&served, std::move(request)}, std::nullopt, std::nullopt, {}, std::nullopt, {}, 0};
}

result<http_response> request_handler::on_web_response(moment now, http_request const& request,
                                                       web_response const& wanted) const
{
    if (wanted.status < 200 || wanted.status > 599 ||
        !std::all_of(wanted.fields.begin(), wanted.fields.end(), is_field))
        return errc::malformed;
    auto response = http_response::of(wanted.status);
    for (auto const& [name, value] : wanted.fields)
        response.fields.add(name, value);
    if (!response.fields.has("DATE"))
        response.fields.add("DATE", http_date(now.date));
    if (!response.fields.has("SERVER"))
        response.fields.add("SERVER", server_);
    bool const has_body = wanted.status != 204 && wanted.status != 304; // RFC 9110, 6.4.1
    response.streamed_length = has_body ? wanted.length : 0;
    response.streamed_in_chunks = !response.streamed_length;
    // An HTTP/1.0 client knows the end of such a body by the end of the connection.
    response.close = response.streamed_in_chunks && request.version < 11;
    return response;
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

http_reply request_handler::fault(exchange const& x, upnp_error const& error) const
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

http_reply request_handler::on_control(exchange const& x, std::size_t service) const
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

http_reply request_handler::on_event(exchange const& x, std::size_t service)
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
