// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_DEVICE_DOCUMENT_HPP
#define ONLINK_DESCRIPTION_DEVICE_DOCUMENT_HPP

#include "model/device_tree.hpp"

#include <onlink/policies.hpp>

#include <cstdint>
#include <string>

namespace onlink {

/// The device description document of a root device and all it embeds (UDA 2.0, 2.3): UTF-8, elements in the
/// order of the clause, URLs as absolute paths. The configId attribute is left out for UDA 1.0.
std::string render_device_document(device_tree const& tree, std::size_t root, uda_version uda,
                                   std::uint32_t config_id);

} // namespace onlink

#endif
