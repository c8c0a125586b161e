// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_DOCUMENT_HEAD_HPP
#define ONLINK_DESCRIPTION_DOCUMENT_HEAD_HPP

#include "xml/xml_writer.hpp"

#include <onlink/policies.hpp>
#include <onlink/vendor_element.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// The head that both kinds of description share (UDA 2.0, 2.3 and 2.5): the root element with its namespace
/// and configId, which came with UDA 1.1, and specVersion.
inline void open_document(xml_writer& out, std::string_view root, std::string_view name_space,
                          uda_version uda, std::uint32_t config_id)
{
    if (uda == uda_version::v1_0)
        out.open(root, {{"xmlns", name_space}});
    else
        out.open(root, {{"xmlns", name_space}, {"configId", std::to_string(config_id)}});
    out.line();
    out.open("specVersion")
        .element("major", uda == uda_version::v2_0 ? "2" : "1")
        .element("minor", uda == uda_version::v1_1 ? "1" : "0")
        .close("specVersion")
        .line();
}

/// Behind all standard children of an element (UDA 2.0, 2.7).
inline void write_extensions(xml_writer& out, std::vector<vendor_element> const& extensions)
{
    for (auto const& e : extensions)
        out.copied(e.to_xml()).line();
}

} // namespace onlink

#endif
