// SPDX-License-Identifier: BSL-1.0
// A struct of arguments is an aggregate of its own members only.
#include <onlink/service.hpp>

struct base {
    bool on;
};
struct derived : base {
    int level;
};

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [](derived) {});
#else
    power.on("SetTarget", [](base) {});
#endif
}
