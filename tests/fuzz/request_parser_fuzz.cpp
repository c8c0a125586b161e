// SPDX-License-Identifier: BSL-1.0
#include "fuzz/expect.hpp"
#include "http/request_parser.hpp"

#include <algorithm>

namespace {

using namespace onlink;

struct outcome {
    request_parser::progress last;
    std::size_t consumed = 0;
    int status = 0;
    http_request request;
};

/// The bytes in two pieces, as they may come from a socket.
outcome feed(std::string_view bytes, std::size_t split)
{
    limits::http_limits bounds;
    bounds.max_header = 512;
    bounds.max_target = 64;
    bounds.max_body = 256;
    request_parser parser{bounds};
    outcome out;
    for (auto const end : {split, bytes.size()}) {
        out.last = parser.feed(bytes.substr(out.consumed, end - out.consumed));
        test::expect(out.last.consumed <= end - out.consumed);
        out.consumed += out.last.consumed;
        if (out.last.state != request_parser::state::need_more)
            break;
    }
    out.status = parser.status();
    if (out.last.state == request_parser::state::complete)
        out.request = parser.take();
    test::expect(out.request.body.size() <= bounds.max_body);
    test::expect((out.last.state == request_parser::state::failed) == (out.status != 0));
    return out;
}

} // namespace

// How the bytes were cut must not show in what they mean. The first byte says where.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    auto const bytes = test::as_text(data + 1, size - 1);
    auto const whole = feed(bytes, bytes.size());
    auto const split = feed(bytes, bytes.size() * data[0] / 256);
    test::expect(whole.last.state == split.last.state && whole.status == split.status);
    test::expect(whole.request.method_text == split.request.method_text);
    test::expect(whole.request.target == split.request.target && whole.request.body == split.request.body);
    test::expect(std::ranges::equal(
        whole.request.fields.all(), split.request.fields.all(),
        [](auto const& a, auto const& b) { return a.name == b.name && a.value == b.value; }));
    if (whole.last.state == request_parser::state::complete)
        test::expect(whole.consumed == split.consumed);
    return 0;
}
