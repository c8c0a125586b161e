// SPDX-License-Identifier: BSL-1.0
// A typed handler speaks in types that UPnP has.
#include <onlink/service.hpp>

struct anything {
    void* where;
};

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [](anything) {});
#else
    power.on("SetTarget", [](bool) {});
#endif
}
