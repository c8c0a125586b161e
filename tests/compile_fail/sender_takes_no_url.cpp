// SPDX-License-Identifier: BSL-1.0
// The sender cannot be pointed at a URL, admitted or not: it takes deliveries.
#include "net/notify_sender.hpp"
#include "net/shell.hpp"

onlink::notify_sender make(std::shared_ptr<onlink::shell> shell, onlink::callback_candidate candidate,
                           onlink::event_delivery delivery)
{
#ifdef FORBIDDEN
    (void)delivery;
    return onlink::notify_sender{shell, candidate, {}};
#else
    (void)candidate;
    return onlink::notify_sender{shell, delivery, {}};
#endif
}
