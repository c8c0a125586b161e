// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_CONTROL_SERVER_HPP
#define ONLINK_HOST_CONTROL_SERVER_HPP

#include "control/dispatcher.hpp"
#include "host/http_reply.hpp"
#include "host/request_turn.hpp"
#include "http/dated_fields.hpp"
#include "model/device_tree.hpp"

#include <onlink/host_options.hpp>

#include <cstddef>
#include <string>
#include <variant>

namespace onlink {

/// What is sent to the control URL of a service (UDA 2.0, 3).
class control_server {
public:
    /// All have to outlive it.
    control_server(device_tree const& tree, host_options const& options, std::string const& server);

    http_reply call(request_turn const& x, std::size_t service) const;

    /// The answer to a call that has ended. `error` becomes the UPnP error code that was sent, 0 for none.
    http_response finish(moment now, invocation const& call, action_result const& result, int& error) const;

private:
    /// A request that is understood, as far as SOAP goes.
    struct understood {
        soap_action_header header;
        soap_request body;
    };
    std::variant<understood, http_reply> understand(request_turn const& x) const;
    std::variant<soap_action_header, http_reply> read_header(http_request const& request) const;
    http_reply refuse(int status, refusal_reason reason, std::string_view detail) const;
    http_reply fault(request_turn const& x, upnp_error const& error) const;
    http_response soap(moment now, int status, std::string body) const;
    /// Of what UDA 1.0 demands and later versions deprecate.
    bool serves(std::optional<bool> const& policy) const;

    device_tree const& tree_;
    host_options const& options_;
    mutable dated_fields dated_; ///< of the answers to calls
};

} // namespace onlink

#endif
