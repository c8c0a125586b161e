// SPDX-License-Identifier: BSL-1.0
// What a handler writes to its arguments would be lost.
#include <onlink/service.hpp>

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [](bool& on) { on = true; });
#else
    power.on("SetTarget", [](bool const& on) { (void)on; });
#endif
}
