// SPDX-License-Identifier: BSL-1.0
#include "eventing/property_set.hpp"

#include "xml/xml_writer.hpp"

namespace onlink {

event_body render_property_set(state_table const& state, std::vector<std::size_t> const& variables)
{
    xml_writer xml;
    xml.open("e:propertyset", {{"xmlns:e", "urn:schemas-upnp-org:event-1-0"}}).line();
    for (auto const index : variables) {
        auto const& variable = state.variables()[index];
        // The table holds only legal values, so there always is a text.
        auto const text = format_value(variable.type, state.at(index));
        xml.open("e:property")
            .element(variable.name, text ? *text : std::string{})
            .close("e:property")
            .line();
    }
    xml.close("e:propertyset");
    return std::make_shared<std::string const>(std::move(xml).take());
}

} // namespace onlink
