// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_REQUEST_HANDLER_HPP
#define ONLINK_HOST_REQUEST_HANDLER_HPP

#include "base/time.hpp"
#include "control/dispatcher.hpp"
#include "description/document_store.hpp"
#include "eventing/event_engine.hpp"
#include "host/connection.hpp"
#include "http/http_response.hpp"
#include "http/route.hpp"

#include <onlink/host_options.hpp>

#include <optional>
#include <string>
#include <variant>

namespace onlink {

/// What a request leads to.
struct http_reply {
    /// The answer; or a call whose result will be the answer (request_handler::finish).
    std::variant<http_response, invocation> what;
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

/// One HTTP request: guard, route, engine (the table "a request in" of docs/architecture.md).
class request_handler {
public:
    request_handler(device_tree const& tree, document_store const& documents, event_engine& events,
                    host_options const& options, std::string server, random_source& random);

    http_reply handle(moment now, connection const& from, http_request const& request,
                      interface_table const& table);

    /// Root devices have come or gone.
    void routes_changed() { routes_ = route_table{tree_}; }

    /// The answer to a call that has ended. `error` becomes the UPnP error code that was sent, 0 for none.
    http_response finish(moment now, invocation const& call, action_result const& result, int& error) const;

private:
    struct exchange; // one request and all it came with
    http_reply on_document(exchange const& x, served_document const& document) const;
    http_reply on_control(exchange const& x, std::size_t service) const;
    http_reply on_event(exchange const& x, std::size_t service);
    http_reply refuse(int status, refusal_reason reason, std::string_view detail) const;
    http_reply method_not_allowed(http_request const& request, std::string_view allowed) const;
    http_reply fault(exchange const& x, upnp_error const& error) const;
    http_response soap(moment now, int status, std::string body) const;

    device_tree const& tree_;
    document_store const& documents_;
    event_engine& events_;
    host_options const& options_;
    std::string server_;
    random_source& random_;
    route_table routes_;
};

} // namespace onlink

#endif
