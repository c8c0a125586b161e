// SPDX-License-Identifier: BSL-1.0
#include "base/ascii.hpp"
#include "eventing/subscribe_request.hpp"
#include "fuzz/expect.hpp"
#include "fuzz/message_fields.hpp"
#include "support/lamp_host.hpp"

#include <optional>

namespace {

using namespace onlink;
using test::expect;

void expect_within(std::chrono::seconds granted, limits::eventing_limits const& bounds)
{
    expect(granted >= bounds.min_duration && granted <= bounds.max_duration);
}

/// What is accepted is one of three requests, never a mixture, and its duration is finite.
void judge(http_request const& request)
{
    limits::eventing_limits const bounds;
    auto const& fields = request.fields;
    auto const wanted = parse_subscribe_request(request, bounds);
    if (!wanted) {
        expect(wanted.error().status == 400 || wanted.error().status == 412);
        return;
    }
    if (auto const* first = std::get_if<new_subscription>(&*wanted)) {
        expect(request.method == http_method::subscribe && !fields.has("SID"));
        expect(fields.one("NT") == "upnp:event" && fields.count("CALLBACK") == 1);
        expect(!first->callbacks.empty() && first->callbacks.size() <= bounds.max_callbacks);
        for (auto const& callback : first->callbacks)
            expect(callback.url().to_string().size() <= bounds.max_callback_length);
        expect_within(first->duration, bounds);
        return;
    }
    expect(fields.count("SID") == 1 && !fields.has("NT") && !fields.has("CALLBACK"));
    auto const* again = std::get_if<renewal>(&*wanted);
    expect((again != nullptr) == (request.method == http_method::subscribe));
    auto const id = again ? again->id : std::get<cancellation>(*wanted).id;
    expect(ascii::equal_ignoring_case(id.to_string(), *fields.one("SID")));
    if (again)
        expect_within(again->duration, bounds);
}

/// At a service with events: what is granted brings one initial event, to an address on the segment.
void judge_answer(http_request request)
{
    static std::optional<test::lamp_host> host;
    if (!host || host->runtime.events().subscriptions() != 0) {
        host.emplace();
        host->start_and_settle();
    }
    request.target = "/sp/event";
    request.fields.add("HOST", "192.168.20.5:49300");
    host->deliveries.clear();
    auto const reply = host->runtime.on_request(host->now(), host->from(), request);
    auto const status = std::get<http_response>(reply.what).status;
    expect((status == 200) == reply.subscribed.has_value());
    expect(status == 200 || (status >= 400 && status < 520));
    if (reply.subscribed)
        host->runtime.on_answered(host->now(), *reply.subscribed, true);
    host->obey();
    expect(host->deliveries.size() == (reply.subscribed ? 1U : 0U));
    for (auto const& delivery : host->deliveries)
        expect(delivery.to().where().address.to_v4().to_uint() >> 8 == 0xc0a814);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    auto request = test::read_message(test::as_text(data, size));
    request.method = request.method_text == "UNSUBSCRIBE" ? http_method::unsubscribe : http_method::subscribe;
    judge(request);
    judge_answer(std::move(request));
    return 0;
}
