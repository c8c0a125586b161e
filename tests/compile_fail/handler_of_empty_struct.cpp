// SPDX-License-Identifier: BSL-1.0
// A struct without members holds no arguments; that is said by taking none.
#include <onlink/service.hpp>

struct nothing {};

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [](nothing) {});
#else
    power.on("SetTarget", [] {});
#endif
}
