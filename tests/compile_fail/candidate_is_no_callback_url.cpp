// SPDX-License-Identifier: BSL-1.0
// Only the segment validator makes a callback_url.
#include "eventing/callback_url.hpp"

onlink::callback_url shortcut(onlink::callback_candidate const& candidate,
                              onlink::callback_url const& admitted)
{
#ifdef FORBIDDEN
    return onlink::callback_url{candidate, onlink::ingress{}};
#else
    (void)candidate;
    return admitted;
#endif
}
