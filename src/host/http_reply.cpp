// SPDX-License-Identifier: BSL-1.0
#include "host/http_reply.hpp"

#include "base/ascii.hpp"

namespace onlink {

http_reply refusal_reply(int status, refusal_reason reason, std::string_view detail, bool explain)
{
    auto reply = reply_with(refusal_response(status, reason, explain));
    reply.refused = reason;
    reply.detail = ascii::printable(detail);
    return reply;
}

http_reply method_refusal(http_request const& request, std::string_view allowed, bool explain)
{
    auto reply = refusal_reply(405, refusal_reason::method_not_allowed, request.method_text, explain);
    std::get<http_response>(reply.what).fields.add("ALLOW", allowed);
    return reply;
}

} // namespace onlink
