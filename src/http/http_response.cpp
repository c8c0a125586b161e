// SPDX-License-Identifier: BSL-1.0
#include "http/http_response.hpp"

#include <fmt/format.h>

namespace onlink {

namespace {

/// A line end within a field would let whoever chose its text write fields of his own.
void append_on_one_line(std::string& out, std::string_view text)
{
    for (char const c : text)
        out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
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
    case 307:
        return "Temporary Redirect";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
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
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
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

std::string http_date(std::chrono::sys_seconds when)
{
    constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = std::chrono::floor<std::chrono::days>(when);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const time{when - day};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string write_response(http_response const& response, unsigned request_version, bool head_only)
{
    std::string_view const body = response.body ? std::string_view{*response.body} : std::string_view{};
    bool const old = request_version < 11;

    std::string out =
        fmt::format("HTTP/1.{} {} {}\r\n", old ? 0 : 1, response.status, reason_phrase(response.status));
    for (auto const& field : response.fields.all())
        append_field(out, field.name, field.value);
    bool const interim = response.status < 200;
    if (!interim) // RFC 9110, 8.6
        append_field(out, "CONTENT-LENGTH", std::to_string(body.size()));
    if (response.close && !old && !interim)
        append_field(out, "CONNECTION", "close");
    out += "\r\n";
    if (!head_only && !interim)
        out += body;
    return out;
}

} // namespace onlink
