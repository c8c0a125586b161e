// SPDX-License-Identifier: BSL-1.0
#include "eventing/property_set.hpp"

#include "xml/xml_writer.hpp"

namespace onlink {

namespace {

template <class ValueOf>
event_body render(state_table const& state, std::vector<std::size_t> const& variables, ValueOf value_of)
{
    xml_writer xml;
    xml.open("e:propertyset", {{"xmlns:e", "urn:schemas-upnp-org:event-1-0"}}).line();
    for (auto const index : variables) {
        auto const& variable = state.variables()[index];
        // The table holds only legal values, so there always is a text.
        auto const text = format_value(variable.type, value_of(index));
        xml.open("e:property")
            .element(variable.name, text ? *text : std::string{})
            .close("e:property")
            .line();
    }
    xml.close("e:propertyset");
    return std::make_shared<std::string const>(std::move(xml).take());
}

} // namespace

event_body const& event_bodies::change(std::vector<std::size_t> const& variables)
{
    auto& body = changes_[variables];
    if (!body)
        body = render(state_, variables, [&](std::size_t index) -> value const& { return state_.at(index); });
    return body;
}

event_body const& event_bodies::whole(std::vector<std::size_t> const& variables)
{
    if (!state_.has_change_logs())
        return change(variables);
    auto& body = wholes_[variables];
    if (!body)
        body = render(state_, variables, [&](std::size_t index) { return whole_value(index); });
    return body;
}

value event_bodies::whole_value(std::size_t index)
{
    try {
        return state_.whole(index);
    } catch (...) {
        ++log_failures_;
        return state_.at(index);
    }
}

} // namespace onlink
