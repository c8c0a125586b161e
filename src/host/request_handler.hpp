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
#include "http/selected_part.hpp"
#include "http/static_content.hpp"

#include <onlink/host_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace onlink {

/// What of a request's body is wanted, by its header.
struct body_plan {
    std::uint64_t most = 0;
    bool as_it_comes = false; ///< it is handed on in parts, and the request with the first of them
};

/// A file below a folder, to be opened; then ask request_handler::on_file(), or on_no_file().
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
    /// The answer; or a call whose result will be the answer (request_handler::finish); or a body that is not
    /// in memory.
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

/// One HTTP request: guard, route, engine (the table "a request in" of docs/architecture.md).
class request_handler {
public:
    request_handler(device_tree const& tree, document_store const& documents, event_engine& events,
                    host_options const& options, std::string server, random_source& random);

    /// By the header alone, before the body is read.
    body_plan plan_body(http_request const& head) const;

    http_reply handle(moment now, connection const& from, http_request const& request,
                      interface_table const& table);

    /// The answer to a request that wanted a file, which is open now.
    file_answer on_file(moment now, http_request const& request, wanted_file const& what,
                        content_facts const& facts) const;
    /// The same where there is none.
    http_reply on_no_file(http_request const& request) const;
    /// The head that a handler of the application wants to send. Errors: malformed.
    result<http_response> on_web_response(moment now, http_request const& request,
                                          web_response const& wanted) const;

    /// Root devices have come or gone.
    void routes_changed() { routes_ = route_table{tree_, options_.web}; }

    /// The answer to a call that has ended. `error` becomes the UPnP error code that was sent, 0 for none.
    http_response finish(moment now, invocation const& call, action_result const& result, int& error) const;

private:
    struct exchange; // one request and all it came with
    std::optional<route> find(http_request const& request) const;
    http_reply on_static(exchange const& x, static_content const& content) const;
    http_reply on_folder(exchange const& x, std::size_t folder) const;
    http_reply on_handler(exchange const& x, std::size_t handler) const;
    void add_fields_of_a_resource(moment now, http_request const& request, http_response& response) const;
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
    std::vector<static_content> files_; ///< of web_content::files
};

} // namespace onlink

#endif
