// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_REQUEST_HANDLER_HPP
#define ONLINK_HOST_REQUEST_HANDLER_HPP

#include "base/time.hpp"
#include "description/document_store.hpp"
#include "eventing/event_engine.hpp"
#include "host/connection.hpp"
#include "host/control_server.hpp"
#include "host/http_reply.hpp"
#include "host/resource_server.hpp"
#include "http/route.hpp"

#include <onlink/host_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace onlink {

/// One HTTP request: guard, route, engine (the table "a request in" of docs/architecture.md).
class request_handler {
public:
    request_handler(device_tree const& tree, document_store const& documents, event_engine& events,
                    host_options const& options, std::string server, random_source& random);

    /// By the header alone, before the body is read.
    body_plan plan_body(http_request const& head) const;

    http_reply handle(moment now, connection const& from, http_request const& request,
                      interface_table const& table);

    /// What is served for reading, and by routes of the application.
    resource_server const& resources() const noexcept { return resources_; }

    /// Root devices have come or gone: the routes of the tree as it is now.
    void follow(route_table routes) noexcept { routes_ = std::move(routes); }

    control_server const& control() const noexcept { return control_; }

private:
    std::optional<route> find(http_request const& request) const;
    http_reply on_event(request_turn const& x, std::size_t service);
    http_reply refuse(int status, refusal_reason reason, std::string_view detail) const;
    http_reply method_not_allowed(http_request const& request, std::string_view allowed) const;

    document_store const& documents_;
    event_engine& events_;
    host_options const& options_;
    std::string server_;
    random_source& random_;
    route_table routes_;
    resource_server resources_;
    control_server control_;
};

} // namespace onlink

#endif
