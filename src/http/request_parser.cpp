// SPDX-License-Identifier: BSL-1.0
#include "http/request_parser.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "base/eight_bytes.hpp"
#include "http/chunk_decoder.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <utility>

namespace onlink {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

/// RFC 9112, 2.2: "at least one" empty line before a request line should be ignored, as some clients send one
/// after a body; nobody sends many.
constexpr std::size_t max_leading_line_ends = 4;

constexpr std::string_view end_of_header = "\r\n\r\n";

std::string_view as_std(string_view s) noexcept { return {s.data(), s.size()}; }

http_method method_of(std::string_view text) noexcept
{
    // RFC 9110, 9.1: the case matters.
    if (text == "GET")
        return http_method::get;
    if (text == "HEAD")
        return http_method::head;
    if (text == "POST")
        return http_method::post;
    if (text == "M-POST")
        return http_method::m_post;
    if (text == "SUBSCRIBE")
        return http_method::subscribe;
    if (text == "UNSUBSCRIBE")
        return http_method::unsubscribe;
    return http_method::other;
}

/// Looks at each byte of a header once, before Beast does. Finds its end, and refuses what Beast would
/// forgive (folded lines) or what would only show later (too many fields, a target without end).
class header_scan {
public:
    explicit header_scan(limits::http_limits const& bounds) : bounds_(&bounds) {}

    enum class outcome : std::uint8_t { need_more, complete, failed };

    /// `bytes` begins with the header each time; bytes seen before are not looked at again.
    outcome advance(std::string_view bytes)
    {
        for (; position_ < bytes.size(); ++position_) {
            position_ = skip_ordinary(bytes);
            if (position_ == bytes.size())
                break;
            if (position_ == bounds_->max_header)
                return fail(line_ == 0 && blanks_ == 1 ? 414 : 431);
            if (auto const status = look_at(bytes[position_]); status != 0)
                return fail(status);
            if (bytes[position_] == '\n' && bytes.substr(0, position_ + 1).ends_with(end_of_header)) {
                ++position_;
                return outcome::complete;
            }
        }
        return outcome::need_more;
    }

    std::size_t length() const noexcept { return position_; }
    int status() const noexcept { return status_; }

private:
    /// Past what is nothing special within a field line, of which nearly all of a header is; not beyond the
    /// place at which it would be too large.
    std::size_t skip_ordinary(std::string_view bytes) const noexcept
    {
        auto at = position_;
        if (line_ == 0 || after_cr_ || after_line_end_)
            return at;
        auto const end = std::min(bytes.size(), bounds_->max_header);
        while (at + eight_bytes::size <= end && !eight_bytes{bytes, at}.any_below('\r' + 1))
            at += eight_bytes::size;
        while (at<end&& static_cast<unsigned char>(bytes[at])> '\r')
            ++at;
        return at;
    }

    outcome fail(int status)
    {
        status_ = status;
        return outcome::failed;
    }

    /// 0, or the status of a refusal.
    int look_at(char c)
    {
        bool const line_ended = after_line_end_;
        after_line_end_ = false;
        if (after_cr_ != (c == '\n')) // RFC 9112, 2.2: CR and LF only as a pair
            return 400;
        after_cr_ = c == '\r';
        if (c == '\0')
            return 400;
        if (c == '\n') {
            ++line_;
            after_line_end_ = true;
        } else if (line_ended && ascii::is_blank(c)) {
            return 400; // RFC 9112, 5.2: folding
        } else if (line_ended && c != '\r' && line_ > max_header_fields) {
            return 431;
        }
        return line_ == 0 ? look_at_request_line(c) : 0;
    }

    int look_at_request_line(char c)
    {
        if (c == ' ')
            ++blanks_;
        else if (blanks_ == 1 && ++target_length_ > bounds_->max_target)
            return 414;
        return 0;
    }

    limits::http_limits const* bounds_;
    std::size_t position_ = 0;
    std::size_t line_ = 0;
    std::size_t blanks_ = 0; // in the request line
    std::size_t target_length_ = 0;
    bool after_cr_ = false;
    bool after_line_end_ = false;
    int status_ = 0;
};

/// Beast's grammar of a request header; the body is read below, as Beast does not take a bare `;` after a
/// chunk size, which UDA 2.0, 2.1 wants ignored.
class header_parser final : public http::basic_parser<true> {
public:
    explicit header_parser(http_request& to) : request_(to) {}

private:
    void on_request_impl(http::verb, string_view method, string_view target, int version,
                         error_code&) override
    {
        request_.method_text = as_std(method);
        request_.method = method_of(request_.method_text);
        request_.target = as_std(target);
        request_.version = static_cast<unsigned>(version);
    }
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override
    {
        request_.fields.add(as_std(name), as_std(value));
    }
    void on_response_impl(int, string_view, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override
    {
        return body.size();
    }
    void on_finish_impl(error_code&) override {}

    http_request& request_;
};

/// What of a request line is known even where the request is not understood.
struct request_line {
    bool is_head = false;
    unsigned version = 11;

    static request_line of(std::string_view header) noexcept
    {
        auto const line = header.substr(0, header.find('\r'));
        return {line.starts_with("HEAD "), line.ends_with(" HTTP/1.0") ? 10u : 11u};
    }
};

/// Where the header says that its minor version is a higher one than ours; npos if it does not.
std::size_t find_higher_minor(std::string_view header) noexcept
{
    constexpr std::string_view ours = " HTTP/1.1";
    auto const line = header.substr(0, header.find('\r'));
    if (line.size() < ours.size())
        return line.npos;
    auto const version = line.substr(line.size() - ours.size());
    bool const higher = version.starts_with(" HTTP/1.") && version.back() >= '2' && version.back() <= '9';
    return higher ? line.size() - 1 : line.npos;
}

/// Whether the request line ends in a version of HTTP that is not ours, rather than in nonsense.
bool names_other_version(std::string_view header) noexcept
{
    auto const line = header.substr(0, header.find('\r'));
    auto const version = line.substr(std::min(line.rfind(' '), line.size()));
    return version.size() == 9 && version.starts_with(" HTTP/") && ascii::is_digit(version[6]) &&
           version[7] == '.' && ascii::is_digit(version[8]) && version != " HTTP/1.0" &&
           version != " HTTP/1.1";
}

/// How the length of a body is known.
struct framing {
    int refusal = 0; ///< a status; the rest is void then
    bool chunked = false;
    std::uint64_t length = 0;
};

/// RFC 9112, 6. A message whose length two readers may see differently is refused, not guessed at.
framing framing_of(http_request const& request)
{
    auto const refuse = [](int status) { return framing{status, false, 0}; };
    auto const encodings = request.fields.count("transfer-encoding");
    auto const lengths = request.fields.count("content-length");
    if (encodings + lengths > 1)
        return refuse(400);
    if (encodings == 1) {
        if (request.version < 11) // RFC 9112, 6.1: faulty framing
            return refuse(400);
        auto const coding = *request.fields.one("transfer-encoding");
        // The quoted form stands in examples of UDA 2.0, 3.2.1.
        if (!ascii::equal_ignoring_case(coding, "chunked") &&
            !ascii::equal_ignoring_case(coding, "\"chunked\""))
            return refuse(501);
        return {0, true, 0};
    }
    if (lengths == 1) {
        auto const length = parse_decimal<std::uint64_t>(*request.fields.one("content-length"));
        if (!length)
            return refuse(length.error() == errc::out_of_range ? 413 : 400);
        return {0, false, *length};
    }
    bool const needs_body = request.method == http_method::post || request.method == http_method::m_post;
    return needs_body ? refuse(411) : framing{};
}

} // namespace

struct request_parser::machine {
    machine(limits::http_limits const& b, body_limit l)
        : bounds(b), limit(std::move(l)), scan(bounds), chunks(bounds)
    {}
    machine(machine const&) = delete; // its parts point at its bounds
    machine& operator=(machine const&) = delete;

    enum class stage : std::uint8_t { leading, header, body, complete, failed };

    void restart() noexcept
    {
        at = stage::leading;
        leading = 0;
        scan = header_scan{bounds};
        chunks = chunk_decoder{bounds};
        chunked = expects = false;
        remaining = 0;
        request.clear();
        line = {};
        status = 0;
    }

    progress feed(std::string_view bytes)
    {
        bool const before_body = at == stage::leading || at == stage::header;
        std::size_t consumed = 0;
        if (at == stage::leading)
            consumed += skip_leading(bytes);
        if (at == stage::header)
            consumed += read_header(bytes.substr(consumed));
        if (at == stage::body)
            consumed += read_body(bytes.substr(consumed));
        // A client that did not wait needs no answer (RFC 9110, 10.1.1).
        bool const waits = before_body && at == stage::body && expects;
        return {reported(), consumed, waits};
    }

    state reported() const noexcept
    {
        switch (at) {
        case stage::complete:
            return state::complete;
        case stage::failed:
            return state::failed;
        default:
            return state::need_more;
        }
    }

    void fail(int why)
    {
        at = stage::failed;
        status = why;
    }

    std::size_t skip_leading(std::string_view bytes)
    {
        std::size_t skipped = 0;
        while (bytes.substr(skipped).starts_with("\r\n")) {
            if (++leading == max_leading_line_ends + 1) {
                fail(400);
                return skipped;
            }
            skipped += 2;
        }
        auto const rest = bytes.substr(skipped);
        if (!rest.empty() && rest != "\r")
            at = stage::header;
        return skipped;
    }

    std::size_t read_header(std::string_view bytes)
    {
        switch (scan.advance(bytes)) {
        case header_scan::outcome::need_more:
            return 0;
        case header_scan::outcome::failed:
            line = request_line::of(bytes);
            fail(scan.status());
            return 0;
        case header_scan::outcome::complete:
            break;
        }
        line = request_line::of(bytes);
        auto const header = bytes.substr(0, scan.length());
        if (auto const minor = find_higher_minor(header); minor != header.npos) {
            std::string as_ours{header}; // RFC 9110, 2.5: it is understood as ours
            as_ours[minor] = '1';
            understand(as_ours);
        } else {
            understand(header);
        }
        return scan.length();
    }

    void understand(std::string_view header)
    {
        header_parser parser{request};
        // Both sizes are judged here, not there.
        parser.header_limit(static_cast<std::uint32_t>(header.size() + 1));
        parser.body_limit(boost::none);
        error_code error;
        parser.put(boost::asio::const_buffer{header.data(), header.size()}, error);
        if (error || !parser.is_header_done())
            return fail(error == http::error::bad_version && names_other_version(header) ? 505 : 400);
        auto const body = framing_of(request);
        if (body.refusal != 0)
            return fail(body.refusal);
        if (request.version >= 11 && !understand_expect()) // RFC 9110, 10.1.1: HTTP/1.0 has no Expect
            return fail(417);
        chunked = body.chunked;
        remaining = body.length;
        if (!chunked && remaining == 0) {
            at = stage::complete;
            return;
        }
        auto const most = limit ? limit(request) : bounds.max_body;
        if (remaining > most)
            return fail(413);
        chunks.limit(most);
        at = stage::body;
    }

    bool understand_expect()
    {
        for (auto const& field : request.fields.all()) {
            if (!ascii::equal_ignoring_case(field.name, "expect"))
                continue;
            if (!ascii::equal_ignoring_case(field.value, "100-continue"))
                return false;
            expects = true;
        }
        return true;
    }

    std::size_t read_body(std::string_view bytes)
    {
        if (chunked) {
            auto const taken = chunks.take(bytes, request.body);
            if (chunks.status() != 0)
                fail(chunks.status());
            else if (chunks.done())
                at = stage::complete;
            return taken;
        }
        auto const part =
            bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining, bytes.size())));
        request.body += part;
        remaining -= part.size();
        if (remaining == 0)
            at = stage::complete;
        return part.size();
    }

    limits::http_limits const bounds;
    body_limit limit;
    stage at = stage::leading;
    std::size_t leading = 0;
    header_scan scan;
    chunk_decoder chunks;
    bool chunked = false;
    bool expects = false;
    std::uint64_t remaining = 0; // of a body with Content-Length
    http_request request;
    request_line line;
    int status = 0;
};

request_parser::request_parser(limits::http_limits const& bounds, body_limit limit)
    : machine_(std::make_unique<machine>(bounds, std::move(limit)))
{}
request_parser::request_parser(request_parser&&) noexcept = default;
request_parser& request_parser::operator=(request_parser&&) noexcept = default;
request_parser::~request_parser() = default;

request_parser::progress request_parser::feed(std::string_view bytes) { return machine_->feed(bytes); }

void request_parser::restart() noexcept { machine_->restart(); }

void request_parser::restart(body_limit limit) noexcept
{
    machine_->restart();
    machine_->limit = std::move(limit);
}

http_request request_parser::take() { return std::move(machine_->request); }

http_request const* request_parser::head() const noexcept
{
    bool const known = machine_->at == machine::stage::body || machine_->at == machine::stage::complete;
    return known ? &machine_->request : nullptr;
}

bool request_parser::complete() const noexcept { return machine_->at == machine::stage::complete; }

std::string request_parser::take_body() { return std::exchange(machine_->request.body, {}); }

int request_parser::status() const noexcept { return machine_->status; }

unsigned request_parser::version() const noexcept { return machine_->line.version; }

bool request_parser::is_head() const noexcept { return machine_->line.is_head; }

} // namespace onlink
