// SPDX-License-Identifier: BSL-1.0
// The caller stands before the arguments.
#include <onlink/service.hpp>

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [](bool, onlink::action_caller) {});
#else
    power.on("SetTarget", [](onlink::action_caller, bool) {});
#endif
}
