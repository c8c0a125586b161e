// SPDX-License-Identifier: BSL-1.0
// An array says how many, and not what.
#include <onlink/service.hpp>

#include <array>
#include <tuple>

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [] { return std::array<int, 2>{}; });
#else
    power.on("SetTarget", [] { return std::tuple<int, int>{}; });
#endif
}
