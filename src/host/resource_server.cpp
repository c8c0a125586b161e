// SPDX-License-Identifier: BSL-1.0
#include "host/resource_server.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "http/accept_encoding.hpp"
#include "http/http_date.hpp"
#include "http/media_type.hpp"

#include <algorithm>

namespace onlink {

resource_server::resource_server(host_options const& options, std::string const& server)
    : options_(options), server_(server), dated_({}, "SERVER: " + server + "\r\n")
{
    for (auto const& file : options.web.files)
        files_.push_back(static_content::of(file.data, file.content_type, options.policies.compress));
}

http_reply resource_server::file(request_turn const& x, std::size_t number) const
{
    auto reply = read(x, files_[number]);
    if (auto* const response = std::get_if<http_response>(&reply.what))
        keep_out_of_frames(*response);
    return reply;
}

namespace {

bool only_reads(http_request const& request) noexcept
{
    return request.method == http_method::get || request.method == http_method::head;
}

constexpr std::string_view reading_methods = "GET, HEAD";

} // namespace

void resource_server::add_fields_of_a_resource(moment now, http_request const& request,
                                               http_response& response) const
{
    // UDA 2.0, 2.11 and 5: if and only if it was asked for
    if (request.fields.has("ACCEPT-LANGUAGE"))
        response.fields.add("CONTENT-LANGUAGE", options_.language);
    response.dated_fields = dated_.at(now.date);
}

/// By the older of two fields, which every browser knows and which leaves the newer one to the application.
void resource_server::keep_out_of_frames(http_response& response) const
{
    if (!options_.policies.allow_framing && !response.fields.has("X-FRAME-OPTIONS") &&
        !response.fields.has("CONTENT-SECURITY-POLICY"))
        response.fields.add("X-FRAME-OPTIONS", "SAMEORIGIN");
}

http_reply resource_server::read(request_turn const& x, static_content const& content) const
{
    if (!only_reads(x.request))
        return method_refusal(x.request, reading_methods, options_.policies.explain_refusals);
    auto const& form = content.zipped && accepts_gzip(x.request) ? *content.zipped : content.plain;
    auto const failed = failed_condition(x.request, form.facts);
    auto response = http_response::of(failed.value_or(200));
    add_fields_of_a_resource(x.now, x.request, response);
    if (failed) { // RFC 9110, 15.4.5: with what a cache has to know
        response.fields.add("ETAG", form.facts.etag);
        if (content.zipped)
            response.fields.add("VARY", "ACCEPT-ENCODING");
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

http_reply resource_server::folder(request_turn const& x, std::size_t number) const
{
    auto const& served = options_.web.folders[number];
    if (!only_reads(x.request))
        return method_refusal(x.request, reading_methods, options_.policies.explain_refusals);
    std::string name{x.path.substr(served.path.size())};
    if (name.empty() || name.ends_with('/'))
        name += served.index;
    if (!is_file_name(name))
        return no_file(x.request);
    return reply_with(wanted_file{&served, std::move(name)});
}

http_reply resource_server::no_file(http_request const& request) const
{
    return refusal_reply(404, refusal_reason::not_found, request.target, options_.policies.explain_refusals);
}

file_answer resource_server::file_answer_for(moment now, http_request const& request, wanted_file const& what,
                                             content_facts const& facts) const
{
    auto const part = select_part(request, facts);
    auto response = http_response::of(part.status);
    add_fields_of_a_resource(now, request, response);
    response.fields.add("ACCEPT-RANGES", "bytes");
    response.fields.add("ETAG", facts.etag);
    if (facts.modified) // RFC 9110, 8.8.2.1: never later than DATE
        response.fields.add("LAST-MODIFIED", http_date(std::min(*facts.modified, now.date)));
    if (part.status == 200 || part.status == 206) {
        response.fields.add("CONTENT-TYPE", media_type_of(what.name));
        // What somebody put into the folder is to be what its name says, not what a browser makes of it.
        response.fields.add("X-CONTENT-TYPE-OPTIONS", "nosniff");
        keep_out_of_frames(response);
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
    return ascii::is_token(name) && !is_framing(name) && std::none_of(value.begin(), value.end(), [](char c) {
               return c == '\r' || c == '\n' || c == '\0';
           });
}

} // namespace

http_reply resource_server::route(request_turn const& x, std::size_t number) const
{
    auto const& served = options_.web.routes[number];
    auto const takes = [&](std::string_view method) {
        return std::find(served.methods.begin(), served.methods.end(), method) != served.methods.end();
    };
    if (!takes(x.request.method_text) && !(x.request.method == http_method::head && takes("GET")))
        return method_refusal(x.request, joined(served.methods), options_.policies.explain_refusals);
    web_request request{x.request.method_text, std::string{x.path}, query_of(x.request.target), {},
                        length_of(x.request),  x.from.peer.address, x.from.interface_name};
    for (auto const& field : x.request.fields.all())
        request.fields.emplace_back(std::string{field.name}, std::string{field.value});
    return {
        wanted_exchange{&served, std::move(request)}, std::nullopt, std::nullopt, {}, std::nullopt, {}, 0};
}

result<http_response> resource_server::web_head(moment now, http_request const& request,
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
    keep_out_of_frames(response);
    bool const has_body = wanted.status != 204 && wanted.status != 304; // RFC 9110, 6.4.1
    response.streamed_length = has_body ? wanted.length : 0;
    response.streamed_in_chunks = !response.streamed_length;
    // An HTTP/1.0 client knows the end of such a body by the end of the connection.
    response.close = response.streamed_in_chunks && request.version < 11;
    return response;
}

} // namespace onlink
