// SPDX-License-Identifier: BSL-1.0
// A struct of arguments holds all of them.
#include <onlink/service.hpp>

struct wish {
    bool on;
    int level;
};

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [](wish, int) {});
#else
    power.on("SetTarget", [](wish) {});
#endif
}
