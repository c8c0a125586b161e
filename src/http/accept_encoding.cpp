// SPDX-License-Identifier: BSL-1.0
#include "http/accept_encoding.hpp"

#include "base/ascii.hpp"
#include "http/list_field.hpp"

namespace onlink {

namespace {

/// `;q=0`, `; q=0.000`
bool has_no_weight(std::string_view parameters) noexcept
{
    parameters = ascii::trim(parameters);
    if (parameters.empty() || !ascii::equal_ignoring_case(parameters.substr(0, 2), "q="))
        return false;
    return parameters.substr(2).find_first_not_of("0.") == parameters.npos;
}

} // namespace

bool accepts_gzip(http_request const& request)
{
    auto const wished = request.fields.one("ACCEPT-ENCODING");
    return wished && any_member(*wished, [](std::string_view member) {
               auto const semicolon = member.find(';');
               auto const coding = ascii::trim(member.substr(0, semicolon));
               if (!ascii::equal_ignoring_case(coding, "gzip") &&
                   !ascii::equal_ignoring_case(coding, "x-gzip")) // RFC 9110, 8.4.1.3: the same
                   return false;
               return semicolon == member.npos || !has_no_weight(member.substr(semicolon + 1));
           });
}

} // namespace onlink
