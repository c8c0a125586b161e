// SPDX-License-Identifier: BSL-1.0
// A candidate comes from the text of a control point, never from a URL that somebody put together.
#include "eventing/callback_header.hpp"

onlink::callback_result<onlink::callback_candidate> wrap(onlink::http_url const& url)
{
#ifdef FORBIDDEN
    return onlink::callback_candidate{url};
#else
    return onlink::callback_candidate::parse(url.to_string());
#endif
}
