// SPDX-License-Identifier: BSL-1.0
// What a coroutine refers to is gone when it resumes.
#include <onlink/service.hpp>

struct wish {
    bool on;
};

void bind(onlink::service& power)
{
#ifdef FORBIDDEN
    power.on("SetTarget", [](wish const&) -> boost::asio::awaitable<void> { co_return; });
#else
    power.on("SetTarget", [](wish) -> boost::asio::awaitable<void> { co_return; });
#endif
}
