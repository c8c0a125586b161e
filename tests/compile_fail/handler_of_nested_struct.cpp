// SPDX-License-Identifier: BSL-1.0
// Arguments are not nested.
#include <onlink/service.hpp>

struct place {
    int x;
    int y;
};
struct wish {
    place where;
    bool on;
};

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [](wish) {});
#else
    power.on("SetTarget", [](place) {});
#endif
}
