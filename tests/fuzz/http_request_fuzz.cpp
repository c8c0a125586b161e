// SPDX-License-Identifier: BSL-1.0
#include "base/utf8.hpp"
#include "fuzz/expect.hpp"
#include "http/request_parser.hpp"
#include "http/response_parser.hpp"
#include "support/lamp_host.hpp"
#include "url/url_path.hpp"

#include <algorithm>
#include <optional>

namespace {

using namespace onlink;
using test::expect;

limits::http_limits tight()
{
    limits::http_limits bounds;
    bounds.max_header = 1024;
    bounds.max_target = 128;
    bounds.max_body = 1024;
    return bounds;
}

struct outcome {
    request_parser::progress last;
    std::size_t consumed = 0;
    int status = 0;
    http_request request;
};

/// The bytes in two pieces, as they may come from a socket.
outcome feed(std::string_view bytes, std::size_t split)
{
    auto const bounds = tight();
    request_parser parser{bounds};
    outcome out;
    for (auto const end : {split, bytes.size()}) {
        out.last = parser.feed(bytes.substr(out.consumed, end - out.consumed));
        expect(out.last.consumed <= end - out.consumed);
        out.consumed += out.last.consumed;
        if (out.last.state != request_parser::state::need_more)
            break;
    }
    out.status = parser.status();
    if (out.last.state == request_parser::state::complete)
        out.request = parser.take();
    expect(out.request.body.size() <= bounds.max_body);
    expect((out.last.state == request_parser::state::failed) == (out.status != 0));
    return out;
}

/// How the bytes were cut must not show in what they mean.
outcome feed_both_ways(std::string_view bytes, std::size_t split)
{
    auto whole = feed(bytes, bytes.size());
    auto const pieces = feed(bytes, split);
    expect(whole.last.state == pieces.last.state && whole.status == pieces.status);
    expect(whole.request.method_text == pieces.request.method_text);
    expect(whole.request.target == pieces.request.target && whole.request.body == pieces.request.body);
    expect(std::ranges::equal(
        whole.request.fields.all(), pieces.request.fields.all(),
        [](auto const& a, auto const& b) { return a.name == b.name && a.value == b.value; }));
    if (whole.last.state == request_parser::state::complete)
        expect(whole.consumed == pieces.consumed);
    return whole;
}

/// A path that is accepted is absolute, UTF-8 without controls, and stays within its tree, however it was
/// escaped.
void judge_path(std::string_view target)
{
    for (bool const collapse : {false, true}) {
        auto const path = url_path::parse(target, collapse);
        if (!path)
            continue;
        auto const& text = path->to_string();
        expect(text.starts_with('/') && text.find('\\') == text.npos);
        expect((text + '/').find("/../") == text.npos && (text + '/').find("/./") == text.npos);
        expect(!collapse || !text.starts_with("//"));
        expect(is_xml_text(text));
        for (char const c : text)
            expect(!(c >= '\0' && c < ' ') && c != '\x7f');
        if (is_served_path(text))
            expect(url_path::parse(text).value().to_string() == text);
    }
}

/// Whether a HOST is this server's, whatever zeros are in front of the port.
bool is_us(std::optional<std::string_view> host)
{
    constexpr std::string_view address = "192.168.20.5:";
    if (!host || !host->starts_with(address))
        return false;
    auto const port = host->substr(address.size());
    auto const digits = port.find_first_not_of('0');
    return digits != port.npos && port.substr(digits) == "49300";
}

/// Through guard and route: an answer that can be read, whose status is one of ours; and whoever names
/// another host, or comes from another page, gets nothing done.
void judge_answer(test::lamp_host& host, http_request const& request)
{
    auto const from = host.from();
    auto const plan = host.runtime.plan_body(request.without_body());
    expect(plan.most <= limits{}.http.max_body);
    auto const was = host.power.state().get<bool>("Target");
    auto reply = host.runtime.on_request(host.now(), from, request);
    http_response response;
    if (auto const* call = std::get_if<invocation>(&reply.what)) {
        auto const result = (*call->immediate())(call->call);
        response = host.runtime.on_action_done(host.now(), from, *call, result);
    } else {
        response = std::get<http_response>(reply.what);
    }
    auto const bytes = write_response(response, request.version, request.method == http_method::head);
    auto const read = read_response(bytes, bytes.size());
    expect(read && *read && (*read)->status == response.status);
    expect(!reason_phrase(response.status).empty());
    if (request.version == 11 && !is_us(request.fields.one("HOST"))) {
        expect(response.status >= 400 || response.status == 304);
        expect(host.power.state().get<bool>("Target") == was && !reply.subscribed);
    }
    if (request.fields.has("ORIGIN") && request.fields.one("ORIGIN") != "http://192.168.20.5:49300")
        expect(host.power.state().get<bool>("Target") == was && !reply.subscribed);
    host.runtime.drain(host.now());
}

/// As good as new for each input, and made anew only where one has left something behind.
test::lamp_host& fresh_host()
{
    static std::optional<test::lamp_host> host;
    if (!host || host->runtime.events().subscriptions() != 0 || host->power.state().get<bool>("Target")) {
        host.emplace();
        host->start_and_settle();
    }
    return *host;
}

} // namespace

// A stream of requests, as on one connection. The last byte says where the stream is cut in two.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    auto rest = test::as_text(data, size - 1);
    auto& host = fresh_host();
    for (unsigned request = 0; request < 8 && !rest.empty(); ++request) {
        auto const read = feed_both_ways(rest, rest.size() * data[size - 1] / 256);
        if (read.last.state != request_parser::state::complete)
            break;
        judge_path(read.request.target);
        judge_answer(host, read.request);
        if (!read.request.keep_alive())
            break;
        rest.remove_prefix(read.consumed);
    }
    return 0;
}
