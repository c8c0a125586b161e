// SPDX-License-Identifier: BSL-1.0
#include "base/ascii.hpp"
#include "eventing/subscribe_request.hpp"
#include "fuzz/expect.hpp"

namespace {

using namespace onlink;

/// Lines `name: value`; what else is there is left out.
header_fields read_fields(std::string_view text)
{
    header_fields fields;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (auto const colon = line.find(':'); colon != line.npos)
            fields.add(line.substr(0, colon), ascii::trim(line.substr(colon + 1)));
    }
    return fields;
}

void expect_within(std::chrono::seconds granted, limits::eventing_limits const& bounds)
{
    test::expect(granted >= bounds.min_duration && granted <= bounds.max_duration);
}

} // namespace

// What is accepted is one of three requests, never a mixture, and its duration is finite. The first byte
// chooses the method.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0)
        return 0;
    limits::eventing_limits const bounds;
    http_request request;
    request.method = data[0] == 'U' ? http_method::unsubscribe : http_method::subscribe;
    request.fields = read_fields(test::as_text(data + 1, size - 1));
    auto const& fields = request.fields;
    auto const wanted = parse_subscribe_request(request, bounds);
    if (!wanted) {
        test::expect(wanted.error().status == 400 || wanted.error().status == 412);
        return 0;
    }
    if (auto const* first = std::get_if<new_subscription>(&*wanted)) {
        test::expect(request.method == http_method::subscribe && !fields.has("SID"));
        test::expect(fields.one("NT") == "upnp:event" && fields.count("CALLBACK") == 1);
        test::expect(!first->callbacks.empty() && first->callbacks.size() <= bounds.max_callbacks);
        for (auto const& callback : first->callbacks)
            test::expect(callback.url().to_string().size() <= bounds.max_callback_length);
        expect_within(first->duration, bounds);
        return 0;
    }
    test::expect(fields.count("SID") == 1 && !fields.has("NT") && !fields.has("CALLBACK"));
    auto const* again = std::get_if<renewal>(&*wanted);
    test::expect((again != nullptr) == (request.method == http_method::subscribe));
    auto const id = again ? again->id : std::get<cancellation>(*wanted).id;
    test::expect(ascii::equal_ignoring_case(id.to_string(), *fields.one("SID")));
    if (again)
        expect_within(again->duration, bounds);
    return 0;
}
