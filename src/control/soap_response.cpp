// SPDX-License-Identifier: BSL-1.0
#include "control/soap_response.hpp"

#include "control/soap_envelope.hpp"

#include <algorithm>

namespace onlink {

namespace {

/// The output for the nth out argument: by name, or by position where the handler gave no names.
value const* output_for(outputs const& out, std::string const& name, std::size_t position)
{
    auto const& values = out.values();
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i].name.empty() ? i == position : values[i].name == name)
            return &values[i].value;
    return nullptr;
}

} // namespace

action_outcome<std::string> render_soap_response(scpd const& contract, action const& called,
                                                 std::string_view type_uri, outputs const& out)
{
    auto const broken = upnp_error::action_failed();
    auto const declared = static_cast<std::size_t>(
        std::count_if(called.arguments.begin(), called.arguments.end(),
                      [](argument const& a) { return a.direction == direction::out; }));
    if (out.values().size() != declared)
        return broken;

    auto const element = "u:" + called.name + "Response";
    xml_writer xml;
    open_soap_body(xml);
    xml.open(element, {{"xmlns:u", type_uri}});
    std::size_t position = 0;
    for (auto const& a : called.arguments) {
        if (a.direction != direction::out)
            continue;
        auto const* v = output_for(out, a.name, position++);
        auto const& variable = contract.variables()[a.variable];
        if (!v || !variable.check(*v))
            return broken;
        auto const text = format_value(variable.type, *v);
        if (!text)
            return broken;
        xml.element(a.name, *text);
    }
    xml.close(element).line();
    close_soap_body(xml);
    return std::move(xml).take();
}

} // namespace onlink
