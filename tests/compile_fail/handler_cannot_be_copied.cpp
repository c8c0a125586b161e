// SPDX-License-Identifier: BSL-1.0
// Handlers are kept in copies.
#include <onlink/service.hpp>

#include <memory>

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [held = std::make_unique<int>(1)](bool) { (void)held; });
#else
    power.on("SetTarget", [held = std::make_shared<int>(1)](bool) { (void)held; });
#endif
}
