// SPDX-License-Identifier: BSL-1.0
#include "control/mandatory_extension.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <string>

namespace onlink {

namespace {

constexpr std::string_view declaration = "\"http://schemas.xmlsoap.org/soap/envelope/\""; // UDA 1.0, 3.2.2

/// RFC 2774, 3.1: two digits or more; nobody sends three.
constexpr std::size_t prefix_digits = 2;

/// The number of a `; ns=01`; empty if there is none.
std::string_view prefix_of(std::string_view parameters) noexcept
{
    parameters = ascii::trim(parameters);
    if (!parameters.starts_with(';'))
        return {};
    parameters = ascii::trim(parameters.substr(1));
    if (!ascii::equal_ignoring_case(parameters.substr(0, 2), "ns"))
        return {};
    parameters = ascii::trim(parameters.substr(2));
    if (!parameters.starts_with('='))
        return {};
    parameters = ascii::trim(parameters.substr(1));
    bool const number = parameters.size() == prefix_digits &&
                        std::all_of(parameters.begin(), parameters.end(), ascii::is_digit);
    return number ? parameters : std::string_view{};
}

} // namespace

std::optional<std::string_view> mandatory_soap_action(header_fields const& fields)
{
    auto const man = fields.one("MAN");
    if (!man || !man->starts_with(declaration))
        return std::nullopt;
    auto const prefix = prefix_of(man->substr(declaration.size()));
    if (prefix.empty())
        return std::nullopt;
    return fields.one(std::string{prefix} + "-SOAPACTION").value_or("");
}

} // namespace onlink
