// SPDX-License-Identifier: BSL-1.0
// What the sender takes is made by the event dispatcher alone.
#include "eventing/event_engine.hpp"

onlink::event_delivery deliver(onlink::callback_url const& to, onlink::event_delivery const& given)
{
#ifdef FORBIDDEN
    (void)given;
    return onlink::event_delivery{1, to, "NOTIFY / HTTP/1.1\r\n\r\n", nullptr, {}, true};
#else
    (void)to;
    return given;
#endif
}
