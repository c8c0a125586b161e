// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_REQUEST_TURN_HPP
#define ONLINK_HOST_REQUEST_TURN_HPP

#include "base/interface_table.hpp"
#include "base/time.hpp"
#include "host/connection.hpp"
#include "http/http_message.hpp"

#include <string_view>

namespace onlink {

/// One request that has passed the guard, and all it came with.
struct request_turn {
    moment now;
    connection const& from;
    http_request const& request;
    interface_table const& table;
    std::string_view path; ///< of its target
};

} // namespace onlink

#endif
