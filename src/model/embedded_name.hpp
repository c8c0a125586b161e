// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_EMBEDDED_NAME_HPP
#define ONLINK_MODEL_EMBEDDED_NAME_HPP

#include "base/ascii.hpp"

#include <onlink/device_description.hpp>

#include <algorithm>
#include <span>
#include <string>

namespace onlink {

/// What an embedded device is called in defects: by its friendly name, and by its number where that is empty
/// or belongs to one of those before it.
inline std::string embedded_name(std::span<device_description const> before, std::string const& friendly_name)
{
    bool const known = std::any_of(before.begin(), before.end(), [&](device_description const& other) {
        return other.friendly_name == friendly_name;
    });
    return "device " + (known || friendly_name.empty() ? std::to_string(before.size() + 1)
                                                       : ascii::printable(friendly_name));
}

} // namespace onlink

#endif
