// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_HTTP_REPLY_HPP
#define ONLINK_HOST_HTTP_REPLY_HPP

#include "control/dispatcher.hpp"
#include "eventing/sid.hpp"
#include "http/http_response.hpp"
#include "http/selected_part.hpp"

#include <onlink/observer.hpp>
#include <onlink/web_content.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace onlink {

/// What of a request's body is wanted, by its header.
struct body_plan {
    std::uint64_t most = 0;
    bool as_it_comes = false; ///< it is handed on in parts, and the request with the first of them
};

/// A file below a folder, to be opened; then ask device_runtime::on_file(), or on_no_file().
struct wanted_file {
    web_folder const* folder;
    std::string name; ///< relative to the folder, never empty
};

/// A handler of the application, to be run.
struct wanted_exchange {
    web_route const* route;
    web_request request;
};

/// The answer with a file: its head, and which part of it follows.
struct file_answer {
    http_response head;
    selected_part part;
};

/// What a request leads to.
struct http_reply {
    /// The answer; or a call whose result will be the answer (device_runtime::on_action_done); or a body that
    /// is not in memory.
    std::variant<http_response, invocation, wanted_file, wanted_exchange> what;
    /// A new subscription: its initial event waits until this answer is out (UDA 2.0, 4.1.1).
    std::optional<sid> subscribed = std::nullopt;

    /// Why the request was refused, if it was, and its offending words.
    std::optional<refusal_reason> refused = std::nullopt;
    std::string detail = {};
    /// What became of a subscription, if anything did.
    std::optional<subscription_change> changed = std::nullopt;
    std::string changed_sid = {};
    std::size_t service = 0; ///< of the subscription
};

inline http_reply reply_with(decltype(http_reply::what) what)
{
    return {std::move(what), std::nullopt, std::nullopt, {}, std::nullopt, {}, 0};
}

/// A refusal; if `explain`, with its reason as a line of text. `detail`: the peer's words.
http_reply refusal_reply(int status, refusal_reason reason, std::string_view detail, bool explain);

/// 405. `allowed`: the methods that the resource has.
http_reply method_refusal(http_request const& request, std::string_view allowed, bool explain);

} // namespace onlink

#endif
