// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscribe_request.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace onlink {

namespace {

/// `A,B , C`; empty items are left out, so that a list of nothing asks for nothing in particular.
std::vector<std::string> split_list(std::string_view text)
{
    std::vector<std::string> items;
    while (!text.empty()) {
        auto const comma = std::min(text.find(','), text.size());
        auto const item = ascii::trim(text.substr(0, comma));
        if (!item.empty())
            items.emplace_back(item);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return items;
}

} // namespace

std::chrono::seconds granted_duration(std::string_view timeout, limits::eventing_limits const& bounds)
{
    constexpr std::string_view prefix = "Second-"; // UDA 2.0, 4.1.2
    if (timeout.size() <= prefix.size() ||
        !ascii::equal_ignoring_case(timeout.substr(0, prefix.size()), prefix))
        return bounds.default_duration;
    auto const digits = timeout.substr(prefix.size());
    if (!std::all_of(digits.begin(), digits.end(), ascii::is_digit))
        return bounds.default_duration; // `infinite` among others
    auto const asked = parse_decimal<std::int64_t>(digits, 0, bounds.max_duration.count());
    if (!asked)
        return bounds.max_duration;
    return std::max(bounds.min_duration, std::chrono::seconds{*asked});
}

subscribe_result<subscribe_request> parse_subscribe_request(http_request const& request,
                                                            limits::eventing_limits const& bounds)
{
    auto const& fields = request.fields;
    for (std::string_view const name : {"SID", "NT", "CALLBACK", "TIMEOUT", "STATEVAR"})
        if (fields.count(name) > 1)
            return subscribe_refusal{400, refusal_reason::subscribe_invalid};
    auto const timeout = fields.one("TIMEOUT").value_or("");

    bool const cancels = request.method == http_method::unsubscribe;
    if (auto const sid_text = fields.one("SID"); sid_text || cancels) {
        if (fields.has("NT") || fields.has("CALLBACK"))
            return subscribe_refusal{400, refusal_reason::subscribe_invalid};
        auto const id = sid::parse(sid_text.value_or(""));
        if (!id)
            return subscribe_refusal{412, refusal_reason::subscription_unknown};
        if (cancels)
            return subscribe_request{cancellation{*id}};
        return subscribe_request{renewal{*id, granted_duration(timeout, bounds)}};
    }

    if (fields.one("NT") != "upnp:event")
        return subscribe_refusal{412, refusal_reason::subscribe_invalid};
    auto const callback = fields.one("CALLBACK");
    if (!callback)
        return subscribe_refusal{412, refusal_reason::subscribe_invalid};
    auto candidates = parse_callback_header(*callback, bounds);
    if (!candidates)
        return subscribe_refusal{412, candidates.error()};
    return subscribe_request{new_subscription{*std::move(candidates), granted_duration(timeout, bounds),
                                              split_list(fields.one("STATEVAR").value_or(""))}};
}

void throw_exception_from_error(subscribe_refusal const&, boost::source_location const&)
{
    throw std::runtime_error{"subscription refused"};
}

} // namespace onlink
