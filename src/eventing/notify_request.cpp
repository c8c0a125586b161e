// SPDX-License-Identifier: BSL-1.0
#include "eventing/notify_request.hpp"

#include <fmt/format.h>

namespace onlink {

std::string write_notify_header(callback_url const& to, sid const& id, event_key key, std::size_t body_size)
{
    return fmt::format("NOTIFY {} HTTP/1.1\r\n"
                       "HOST: {}\r\n"
                       "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
                       "NT: upnp:event\r\n"
                       "NTS: upnp:propchange\r\n"
                       "SID: {}\r\n"
                       "SEQ: {}\r\n"
                       "CONTENT-LENGTH: {}\r\n"
                       "\r\n",
                       to.target(), to.authority(), id.to_string(), key.value(), body_size);
}

} // namespace onlink
