// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DEVICE_TYPE_HPP
#define ONLINK_DEVICE_TYPE_HPP

#include <onlink/type_urn.hpp>

namespace onlink {

/// What kind of device it is: `urn:DOMAIN:device:TYPE:V`.
using device_type = type_urn<urn_kind::device>;

namespace literals {

/// Checked at compile time.
consteval type_urn_literal<urn_kind::device> operator""_device_type(char const* text, std::size_t size)
{
    return {text, size};
}

} // namespace literals
} // namespace onlink

#endif
