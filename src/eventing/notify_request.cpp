// SPDX-License-Identifier: BSL-1.0
#include "eventing/notify_request.hpp"

namespace onlink {

std::string write_notify_header(callback_url const& to, sid const& id, event_key key, std::size_t body_size)
{
    std::string out;
    out.reserve(256 + to.target().size());
    ((out += "NOTIFY ") += to.target()) += " HTTP/1.1\r\nHOST: ";
    out += to.authority();
    out += "\r\nCONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
           "NT: upnp:event\r\n"
           "NTS: upnp:propchange\r\n"
           "SID: ";
    id.append_to(out);
    out += "\r\nSEQ: ";
    (out += std::to_string(key.value())) += "\r\nCONTENT-LENGTH: ";
    (out += std::to_string(body_size)) += "\r\n\r\n";
    return out;
}

} // namespace onlink
