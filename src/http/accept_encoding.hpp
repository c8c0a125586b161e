// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_ACCEPT_ENCODING_HPP
#define ONLINK_HTTP_ACCEPT_ENCODING_HPP

#include "http/http_message.hpp"

namespace onlink {

/// Whether the client asks for gzip by name in ACCEPT-ENCODING and does not take it back with a weight of
/// zero (RFC 9110, 12.5.3; UDA 2.0, 2.1). A `*` is no such wish: nobody who can unpack says so by a star.
bool accepts_gzip(http_request const& request);

} // namespace onlink

#endif
