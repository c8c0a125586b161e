// SPDX-License-Identifier: BSL-1.0
// A subscription holds admitted URLs; candidates do not become ones on the way in.
#include "eventing/subscription.hpp"

onlink::subscription subscribe(onlink::sid id, std::vector<onlink::callback_candidate> candidates,
                               std::vector<onlink::callback_url> admitted)
{
#ifdef FORBIDDEN
    (void)admitted;
    return onlink::subscription{id, 0, candidates, {}, {}, {}};
#else
    (void)candidates;
    return onlink::subscription{id, 0, admitted, {}, {}, {}};
#endif
}
