// SPDX-License-Identifier: BSL-1.0
#include <onlink/scpd.hpp>

#include "base/ascii.hpp"
#include "description/document_file.hpp"
#include "description/element_reader.hpp"
#include "xml/xml_document.hpp"

namespace onlink {

namespace {

constexpr std::string_view clause = "UDA 2.0, 2.5";
constexpr std::string_view service_namespace = "urn:schemas-upnp-org:service-1-0"; // UDA 2.0, 2.5, "scpd"

/// UDA 2.0, 2.5 has `yes` and `no`, its schema in annex B `1` and `0`.
bool read_word(element_reader const& from, std::string_view attribute, bool otherwise)
{
    auto const word = from.element().attribute(attribute);
    if (!word)
        return otherwise;
    auto const trimmed = trim_xml_space(*word);
    if (ascii::equal_ignoring_case(trimmed, "yes") || trimmed == "1")
        return true;
    if (!ascii::equal_ignoring_case(trimmed, "no") && trimmed != "0")
        from.refuse(errc::malformed, attribute);
    return false;
}

std::optional<data_type> read_data_type(element_reader const& variable)
{
    auto const element = variable.child("dataType");
    if (!element) {
        variable.refuse(errc::missing, "dataType");
        return std::nullopt;
    }
    // UDA 2.0, 2.5, "dataType": an extended type, whose values may be XML of their own
    if (element->element().attribute("type")) {
        element->refuse(errc::unsupported, "type");
        return std::nullopt;
    }
    auto const name = variable.required_text("dataType");
    auto const type = parse_data_type(name);
    if (!type) {
        if (!name.empty())
            variable.refuse(errc::unsupported, "dataType");
        return std::nullopt;
    }
    return *type;
}

std::optional<value> read_value(element_reader const& from, std::string_view name, data_type type)
{
    auto const text = from.optional_text(name);
    if (!text)
        return std::nullopt;
    auto v = parse_value(type, *text);
    if (!v) {
        from.refuse(static_cast<errc>(v.error().value()), name);
        return std::nullopt;
    }
    return *std::move(v);
}

std::optional<allowed_range> read_range(element_reader const& range, data_type type)
{
    auto minimum = read_value(range, "minimum", type);
    auto maximum = read_value(range, "maximum", type);
    for (auto const* end : {"minimum", "maximum"})
        if (range.each(end).empty())
            range.refuse(errc::missing, end);
    auto step = read_value(range, "step", type);
    if (!minimum || !maximum)
        return std::nullopt;
    return allowed_range{*std::move(minimum), *std::move(maximum), std::move(step)};
}

/// Added even where something is wrong with it, so that arguments which relate to it are not called wrong.
void read_variable(element_reader element, scpd_builder& builder)
{
    state_variable variable;
    variable.name = element.required_text("name");
    if (!variable.name.empty())
        element.rename("stateVariable " + ascii::printable(variable.name));
    variable.evented = read_word(element, "sendEvents", true);
    variable.multicast = read_word(element, "multicast", false);

    if (auto const type = read_data_type(element)) {
        variable.type = *type;
        variable.default_value = read_value(element, "defaultValue", *type);
        if (auto const list = element.child("allowedValueList"))
            for (auto const& allowed : list->each("allowedValue")) {
                auto text = trimmed(allowed.text());
                element.faults().know(
                    list->where(text.empty() ? "allowedValue" : "allowedValue " + ascii::printable(text)),
                    allowed);
                variable.allowed_values.push_back(std::move(text));
            }
        if (auto const range = element.child("allowedValueRange"))
            variable.range = read_range(*range, *type);
    }
    variable.extensions = element.extensions();
    builder.state(std::move(variable));
}

/// What was named last, by what vendors add to it.
void extend(scpd_builder& builder, element_reader const& element)
{
    for (auto& e : element.extensions())
        builder.extend(std::move(e));
}

std::optional<direction> read_direction(element_reader const& argument)
{
    auto const text = argument.required_text("direction");
    if (ascii::equal_ignoring_case(text, "in"))
        return direction::in;
    if (ascii::equal_ignoring_case(text, "out"))
        return direction::out;
    if (!text.empty())
        argument.refuse(errc::malformed, "direction");
    return std::nullopt;
}

/// Where its direction cannot be read, it is taken for that of the argument before, `last`.
void read_argument(element_reader element, std::string const& action, direction& last, scpd_builder& builder)
{
    auto name = element.required_text("name");
    if (!name.empty())
        element.rename(action + ", argument " + ascii::printable(name));
    auto const read = read_direction(element);
    last = read.value_or(last);
    auto related = element.required_text("relatedStateVariable");
    bool const retval = element.child("retval").has_value();
    if (retval && read == direction::in) // UDA 2.0, 2.5, "retval": only on an out argument
        element.refuse(errc::contradictory, "retval");
    if (last == direction::in)
        builder.in(std::move(name), std::move(related));
    else if (retval)
        builder.retval(std::move(name), std::move(related));
    else
        builder.out(std::move(name), std::move(related));
    extend(builder, element);
}

void read_action(element_reader element, scpd_builder& builder)
{
    auto const name = element.required_text("name");
    auto const where = name.empty() ? "action" : "action " + ascii::printable(name);
    element.rename(where);
    builder.action(name);
    extend(builder, element);
    auto last = direction::in; // arguments begin with those
    if (auto const arguments = element.child("argumentList"))
        for (auto const& argument : arguments->each("argument"))
            read_argument({argument, where + ", argument", element.faults()}, where, last, builder);
}

} // namespace

loaded<scpd> scpd::parse(std::string_view xml)
{
    auto const document = read_xml(xml, "service description", clause);
    if (!document)
        return document.error();
    fault_collector faults{*document, std::string{clause}};
    if (!document->root().is(service_namespace, "scpd")) {
        faults.add(errc::unsupported, "root element (not an scpd of " + std::string{service_namespace} + ")",
                   document->root());
        return std::move(faults).take();
    }

    element_reader const root{document->root(), {}, faults};
    auto builder = build();
    extend(builder, root);
    if (auto const table = root.child("serviceStateTable"))
        for (auto const& element : table->each("stateVariable"))
            read_variable({element, "stateVariable", faults}, builder);
    if (auto const actions = root.child("actionList"))
        for (auto const& element : actions->each("action"))
            read_action({element, "action", faults}, builder);
    faults.add(builder.defects());
    if (!faults.empty())
        return std::move(faults).take();
    return builder.done().value();
}

loaded<scpd> scpd::load_file(std::string const& path)
{
    return parse_document_file<scpd>(path, &scpd::parse);
}

} // namespace onlink
