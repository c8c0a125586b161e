// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_SUBSCRIBE_RESPONSE_HPP
#define ONLINK_EVENTING_SUBSCRIBE_RESPONSE_HPP

#include "eventing/sid.hpp"
#include "http/http_response.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// What a subscription or its renewal was given.
struct granted_subscription {
    onlink::sid id;
    std::chrono::seconds duration{};
    std::vector<std::string> accepted; ///< ACCEPTED-STATEVAR; empty: the field is not sent
};

/// The answer to an accepted SUBSCRIBE (UDA 2.0, 4.1.2).
http_response write_subscribe_response(granted_subscription const& granted, std::string_view date,
                                       std::string_view server);

} // namespace onlink

#endif
