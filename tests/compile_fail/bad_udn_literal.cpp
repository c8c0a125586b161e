// SPDX-License-Identifier: BSL-1.0
#include <onlink/udn.hpp>

using namespace onlink::literals;

#ifdef FORBIDDEN
auto const name = "uuid:nope"_udn;
#else
auto const name = "uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn;
#endif
