// SPDX-License-Identifier: BSL-1.0
#include "description/scpd_document.hpp"

#include "description/document_head.hpp"
#include "xml/xml_writer.hpp"

namespace onlink {

namespace {

void write_argument(xml_writer& out, argument const& a)
{
    out.open("argument")
        .element("name", a.name)
        .element("direction", a.direction == direction::in ? "in" : "out");
    if (a.retval)
        out.element("retval", "");
    out.element("relatedStateVariable", a.related);
    write_extensions(out, a.extensions);
    out.close("argument").line();
}

void write_action(xml_writer& out, action const& a)
{
    out.open("action").element("name", a.name);
    if (!a.arguments.empty()) {
        out.open("argumentList").line();
        for (auto const& argument : a.arguments)
            write_argument(out, argument);
        out.close("argumentList");
    }
    write_extensions(out, a.extensions);
    out.close("action").line();
}

/// A value of a contract, which the builder found legal for its type.
void write_value(xml_writer& out, std::string_view element, data_type type, value const& v)
{
    out.element(element, format_value(type, v).value());
}

void write_variable(xml_writer& out, state_variable const& v, uda_version uda)
{
    std::string_view const events = v.evented ? "yes" : "no";
    if (v.multicast && uda != uda_version::v1_0) // the attribute came with UDA 1.1
        out.open("stateVariable", {{"sendEvents", events}, {"multicast", "yes"}});
    else
        out.open("stateVariable", {{"sendEvents", events}});
    out.element("name", v.name).element("dataType", to_string(v.type));
    if (v.default_value)
        write_value(out, "defaultValue", v.type, *v.default_value);
    if (!v.allowed_values.empty()) {
        out.open("allowedValueList");
        for (auto const& allowed : v.allowed_values)
            out.element("allowedValue", allowed);
        out.close("allowedValueList");
    }
    if (v.range) {
        out.open("allowedValueRange");
        write_value(out, "minimum", v.type, v.range->minimum);
        write_value(out, "maximum", v.type, v.range->maximum);
        if (v.range->step)
            write_value(out, "step", v.type, *v.range->step);
        out.close("allowedValueRange");
    }
    write_extensions(out, v.extensions);
    out.close("stateVariable").line();
}

} // namespace

std::string render_scpd_document(scpd const& contract, uda_version uda, std::uint32_t config_id)
{
    xml_writer out;
    open_document(out, "scpd", "urn:schemas-upnp-org:service-1-0", uda, config_id); // UDA 2.0, 2.5
    if (!contract.actions().empty()) {
        out.open("actionList").line();
        for (auto const& action : contract.actions())
            write_action(out, action);
        out.close("actionList").line();
    }
    out.open("serviceStateTable").line();
    for (auto const& variable : contract.variables())
        write_variable(out, variable, uda);
    out.close("serviceStateTable").line();
    write_extensions(out, contract.extensions());
    out.close("scpd");
    return std::move(out).take();
}

} // namespace onlink
