// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscribe_response.hpp"

namespace onlink {

http_response write_subscribe_response(granted_subscription const& granted, std::string_view date,
                                       std::string_view server)
{
    auto response = http_response::of(200);
    response.fields.add("DATE", date);
    response.fields.add("SERVER", server);
    response.fields.add("SID", granted.id.to_string());
    response.fields.add("TIMEOUT", "Second-" + std::to_string(granted.duration.count()));
    if (!granted.accepted.empty()) {
        std::string list;
        for (auto const& name : granted.accepted)
            list.append(list.empty() ? "" : ",").append(name);
        response.fields.add("ACCEPTED-STATEVAR", list);
    }
    return response;
}

} // namespace onlink
