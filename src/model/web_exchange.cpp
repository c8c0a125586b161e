// SPDX-License-Identifier: BSL-1.0
#include <onlink/web_exchange.hpp>

#include "base/ascii.hpp"

namespace onlink {

std::optional<std::string_view> web_request::field(std::string_view name) const noexcept
{
    std::optional<std::string_view> found;
    for (auto const& [key, value] : fields) {
        if (!ascii::equal_ignoring_case(key, name))
            continue;
        if (found)
            return std::nullopt;
        found = value;
    }
    return found;
}

web_exchange::~web_exchange() = default;

} // namespace onlink
