// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_REQUEST_GUARD_HPP
#define ONLINK_HTTP_REQUEST_GUARD_HPP

#include "base/ip.hpp"
#include "http/http_message.hpp"

#include <onlink/observer.hpp>

#include <optional>
#include <string_view>

namespace onlink {

/// A request turned away before anything looks at its path.
struct guard_refusal {
    int status;
    refusal_reason reason;
};

/// Whether HOST names this server: exactly the address and port the connection was accepted on (port 80 may
/// be left out). A name, or another address, is what a browser sends after DNS rebinding (CVE-2021-29462,
/// CVE-2021-33516). HTTP/1.1 needs exactly one HOST (400); HTTP/1.0 may have none. A foreign HOST gets 421.
/// `usual`: how HOST is nearly always written, which need not be taken apart; empty if that is not known.
std::optional<guard_refusal> check_host(http_request const& request, endpoint const& local,
                                        std::string_view usual = {});

/// Whether a request that may change something comes from a page of this very server, or from no page at all:
/// browsers name the page in ORIGIN (RFC 6454, 7). Any other origin, `null`, and several get 403. GET and
/// HEAD pass: without CORS fields in the answer a browser shows it to nobody else's page.
std::optional<guard_refusal> check_origin(http_request const& request, endpoint const& local);

} // namespace onlink

#endif
