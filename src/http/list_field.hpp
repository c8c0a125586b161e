// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_LIST_FIELD_HPP
#define ONLINK_HTTP_LIST_FIELD_HPP

#include "base/ascii.hpp"

#include <string_view>

namespace onlink {

/// Calls `f` with each member of a comma-separated field (RFC 9110, 5.6.1), without blanks around it; stops
/// when `f` returns true, and returns whether it did. Commas within double quotes separate nothing.
template <class F>
bool any_member(std::string_view list, F&& f)
{
    bool quoted = false;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= list.size(); ++at) {
        bool const end = at == list.size();
        if (!end && list[at] == '"')
            quoted = !quoted;
        if (!end && (quoted || list[at] != ','))
            continue;
        auto const member = ascii::trim(list.substr(begin, at - begin));
        if (!member.empty() && f(member))
            return true;
        begin = at + 1;
    }
    return false;
}

} // namespace onlink

#endif
