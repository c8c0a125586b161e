// SPDX-License-Identifier: BSL-1.0
#include "host/request_handler.hpp"

#include "base/ascii.hpp"
#include "eventing/subscribe_response.hpp"
#include "http/http_date.hpp"
#include "http/request_guard.hpp"
#include "url/url_path.hpp"

namespace onlink {

request_handler::request_handler(device_tree const& tree, document_store const& documents,
                                 event_engine& events, host_options const& options, std::string server,
                                 random_source& random)
    : documents_(documents),
      events_(events),
      options_(options),
      server_(std::move(server)),
      random_(random),
      routes_(tree, options.web),
      resources_(options, server_),
      control_(tree, options, server_)
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
    if (auto const exact = routes_.find_exactly(request.target))
        return exact;
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
    if (auto const refused = check_host(request, from.local, from.authority))
        return refuse(refused->status, refused->reason, request.fields.one("HOST").value_or(""));
    if (auto const refused = check_origin(request, from.local))
        return refuse(refused->status, refused->reason, request.fields.one("ORIGIN").value_or(""));
    // The paths of the table are as a parser leaves them: a target that is one of them needs none.
    auto where = routes_.find_exactly(request.target);
    std::optional<url_path> path;
    if (!where) {
        auto parsed = url_path::parse(request.target, options_.policies.collapse_leading_slashes);
        if (!parsed)
            return refuse(400, refusal_reason::request_malformed, request.target);
        path = *std::move(parsed);
        where = routes_.find(path->to_string());
        if (!where)
            return refuse(404, refusal_reason::not_found, request.target);
    }

    request_turn const x{now, from, request, table,
                         path ? std::string_view{path->to_string()} : std::string_view{request.target}};
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
        http_reply operator()(control_route r) const { return self.control_.call(x, r.service); }
        http_reply operator()(event_route r) const { return self.on_event(x, r.service); }
        http_reply operator()(web_file_route r) const { return self.resources_.file(x, r.file); }
        http_reply operator()(web_folder_route r) const { return self.resources_.folder(x, r.folder); }
        http_reply operator()(web_handler_route r) const { return self.resources_.route(x, r.handler); }
    };
    return std::visit(turn{*this, x}, *where);
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
    auto const* first = std::get_if<new_subscription>(&*wanted);
    auto const granted = first ? events_.subscribe(x.now.at, service, *first, at, x.table, random_)
                               : events_.renew(x.now.at, service, std::get<renewal>(*wanted), at, x.table);
    if (!granted)
        return refused(granted.error());
    try {
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
    } catch (...) { // no memory for the answer: nobody will know the SID
        if (first)
            events_.answered(x.now.at, granted->id, false);
        throw;
    }
}

} // namespace onlink
