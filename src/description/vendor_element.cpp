// SPDX-License-Identifier: BSL-1.0
#include <onlink/vendor_element.hpp>

#include "base/ascii.hpp"
#include "description/element_reader.hpp"

namespace onlink {

checked<vendor_element> vendor_element::parse(std::string_view xml, vendor_naming naming)
{
    xml_budget const budget{max_depth, max_elements, max_attributes, max_bytes};
    auto const document = xml_document::parse(xml, budget);
    if (!document)
        return defect{static_cast<errc>(document.error().value()), "vendor element"};

    auto const root = document->root();
    std::string name{root.name()};
    auto const where = "vendor element " + ascii::printable(name);
    if (!is_vendor_namespace(root.name_space()))
        return defect{errc::contradictory, where + " (its namespace)"};
    // UDA 2.0, 2.7.1
    if (naming == vendor_naming::x_prefix && (!name.starts_with("X_") || name.size() == 2))
        return defect{errc::malformed, where + " (no X_ in front)"};
    auto copy = root.copy();
    // Escapes and declarations may have made it longer than what it will be read from.
    if (auto const legal = scan_xml(copy, budget); !legal)
        return defect{static_cast<errc>(legal.error().value()), where};
    return vendor_element{std::move(name), std::string{root.name_space()}, std::move(copy)};
}

} // namespace onlink
