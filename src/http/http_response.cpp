// SPDX-License-Identifier: BSL-1.0
#include "http/http_response.hpp"

#include "base/joined.hpp"

#include <algorithm>

namespace onlink {

namespace {

/// A line end within a field would let whoever chose its text write fields of his own.
void append_on_one_line(std::string& out, std::string_view text)
{
    constexpr auto breaks = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
    auto const begin = out.size();
    out += text;
    std::replace_if(out.begin() + static_cast<std::ptrdiff_t>(begin), out.end(), breaks, ' ');
}

void append_field(std::string& out, std::string_view name, std::string_view value)
{
    append_on_one_line(out, name);
    out += value.empty() ? ":" : ": "; // the line is `EXT:`, with nothing behind it (UDA 2.0, 1.3.3)
    append_on_one_line(out, value);
    out += "\r\n";
}

} // namespace

std::string_view reason_phrase(int status) noexcept
{
    switch (status) {
    case 100:
        return "Continue";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 202:
        return "Accepted";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 304:
        return "Not Modified";
    case 307:
        return "Temporary Redirect";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 411:
        return "Length Required";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 416:
        return "Range Not Satisfiable";
    case 417:
        return "Expectation Failed";
    case 421:
        return "Misdirected Request";
    case 431:
        return "Request Header Fields Too Large"; // RFC 6585, 5
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    case 507:
        return "Insufficient Storage";
    case 510:
        return "Not Extended"; // RFC 2774, 7
    default:
        return "Unknown";
    }
}

http_response refusal_response(int status, refusal_reason reason, bool explain)
{
    auto response = http_response::of(status);
    if (explain) {
        response.fields.add("CONTENT-TYPE", "text/plain; charset=\"utf-8\"");
        response.body = std::make_shared<std::string const>(std::string{onlink::explain(reason)} + '\n');
    }
    return response;
}

namespace {

/// Of a body, if the answer has one at all (RFC 9110, 8.6; 15.4.5).
void append_framing(std::string& out, http_response const& response, bool old)
{
    if (response.status < 200 || response.status == 204 || response.status == 304)
        return;
    if (response.streamed_in_chunks) {
        if (!old)
            append_field(out, "TRANSFER-ENCODING", "chunked");
        return;
    }
    auto const length = response.streamed_length.value_or(response.body ? response.body->size() : 0);
    append_field(out, "CONTENT-LENGTH", std::to_string(length));
}

} // namespace

std::string write_head(http_response const& response, unsigned request_version)
{
    std::string out;
    write_head(out, response, request_version);
    return out;
}

void write_head(std::string& out, http_response const& response, unsigned request_version)
{
    bool const old = request_version < 11;
    out.clear();
    out.reserve(512); // nearly all are shorter
    ((out += old ? "HTTP/1.0 " : "HTTP/1.1 ") += std::to_string(response.status)) += ' ';
    (out += reason_phrase(response.status)) += "\r\n";
    for (auto const& field : response.fields.all())
        append_field(out, field.name, field.value);
    if (response.dated_fields)
        out += *response.dated_fields;
    if (response.rendered_fields)
        out += *response.rendered_fields;
    else
        append_framing(out, response, old);
    if (response.close && !old && response.status >= 200)
        append_field(out, "CONNECTION", "close");
    out += "\r\n";
}

std::string write_response(http_response const& response, unsigned request_version, bool head_only)
{
    auto out = write_head(response, request_version);
    if (!head_only && response.body)
        out += *response.body;
    return out;
}

std::string write_chunk_head(std::size_t size) { return hexadecimal(size) + "\r\n"; }

} // namespace onlink
