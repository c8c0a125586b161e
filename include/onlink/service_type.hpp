// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SERVICE_TYPE_HPP
#define ONLINK_SERVICE_TYPE_HPP

#include <onlink/type_urn.hpp>

namespace onlink {

/// What kind of service it is: `urn:DOMAIN:service:TYPE:V`.
using service_type = type_urn<urn_kind::service>;

namespace literals {

/// Checked at compile time.
consteval type_urn_literal<urn_kind::service> operator""_service_type(char const* text, std::size_t size)
{
    return {text, size};
}

} // namespace literals
} // namespace onlink

#endif
