// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_SCPD_DOCUMENT_HPP
#define ONLINK_DESCRIPTION_SCPD_DOCUMENT_HPP

#include <onlink/policies.hpp>
#include <onlink/scpd.hpp>

#include <cstdint>
#include <string>

namespace onlink {

/// The service description document (UDA 2.0, 2.5). configId is left out for UDA 1.0.
std::string render_scpd_document(scpd const& contract, uda_version uda, std::uint32_t config_id);

} // namespace onlink

#endif
