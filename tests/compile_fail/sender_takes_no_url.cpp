// SPDX-License-Identifier: BSL-1.0
// A connection to a subscriber cannot be pointed at a URL, admitted or not: it takes deliveries.
#include "net/subscriber_connection.hpp"

void send(onlink::subscriber_connection& to, onlink::callback_candidate candidate,
          onlink::event_delivery delivery, onlink::delivery_path const& path)
{
#ifdef FORBIDDEN
    (void)delivery;
    to.open(candidate, path);
#else
    (void)candidate;
    to.open(delivery, path);
#endif
}
