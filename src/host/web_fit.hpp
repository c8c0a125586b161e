// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HOST_WEB_FIT_HPP
#define ONLINK_HOST_WEB_FIT_HPP

#include "model/device_tree.hpp"

#include <onlink/web_content.hpp>

namespace onlink {

/// Whether the devices and what is served beside them go together: no path is of both, and what a description
/// points at on this server is there. Errors: duplicate, missing; `where` names the path or the element.
checked<void> check_web_fit(device_tree const& tree, web_content const& web);

} // namespace onlink

#endif
