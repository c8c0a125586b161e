// SPDX-License-Identifier: BSL-1.0
#include "http/response_parser.hpp"

#include "base/ascii.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>

namespace onlink {

namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

/// Beast's grammar of a response; only the status is kept.
class header_parser final : public http::basic_parser<false> {
public:
    int status = 0;

private:
    void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
    void on_response_impl(int code, string_view, int, error_code&) override { status = code; }
    void on_field_impl(http::field, string_view, string_view, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}
    std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override
    {
        return body.size();
    }
    void on_finish_impl(error_code&) override {}
};

/// `bytes` begin with a header that is complete, of so many bytes.
result<response_head> read_message(std::string_view bytes, std::size_t header)
{
    header_parser parser;
    parser.header_limit(static_cast<std::uint32_t>(header + 1));
    parser.body_limit(boost::none); // it is bounded by what is there
    error_code error;
    auto read = parser.put(boost::asio::const_buffer{bytes.data(), header}, error);
    if (error || read != header || !parser.is_header_done())
        return errc::malformed;
    if (parser.status < 100 || parser.status > 599) // RFC 9110, 15
        return errc::malformed;
    // Whatever is wrong from here on only costs the connection.
    while (!parser.is_done() && read < bytes.size()) {
        auto const rest = bytes.substr(read);
        auto const more = parser.put(boost::asio::const_buffer{rest.data(), rest.size()}, error);
        read += more;
        if (error || more == 0)
            break;
    }
    return response_head{parser.status, parser.is_done() && read == bytes.size() && parser.keep_alive()};
}

/// Whether the bytes can still become a status line: what talks another protocol is found out at once.
bool begins_like_http(std::string_view bytes) noexcept
{
    constexpr std::string_view start = "HTTP/1.";
    auto const length = std::min(bytes.size(), start.size());
    return bytes.substr(0, length) == start.substr(0, length);
}

} // namespace

result<std::optional<response_head>> read_response(std::string_view bytes, std::size_t max_header)
{
    constexpr std::string_view end_of_header = "\r\n\r\n";
    constexpr int switching_protocols = 101; // 1xx by number, but no other response follows it
    std::size_t start = 0;
    for (;;) {
        auto const rest = bytes.substr(start);
        if (!begins_like_http(rest))
            return errc::malformed;
        auto const end = rest.find(end_of_header);
        auto const length = end == rest.npos ? rest.size() : end + end_of_header.size();
        if (start + length > max_header)
            return errc::too_large;
        if (end == rest.npos)
            return std::optional<response_head>{};
        auto const head = read_message(rest, length);
        if (!head)
            return head.error();
        if (head->status >= 200 || head->status == switching_protocols)
            return std::optional<response_head>{*head};
        start += length;
    }
}

} // namespace onlink
