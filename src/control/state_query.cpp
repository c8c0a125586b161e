// SPDX-License-Identifier: BSL-1.0
#include "control/state_query.hpp"

#include "control/soap_envelope.hpp"

#include <algorithm>

namespace onlink {

namespace {

constexpr std::string_view query_action = "QueryStateVariable";
constexpr int invalid_variable = 404; // UDA 1.0, 3.3.2

} // namespace

bool is_state_query(soap_action_header const& header) noexcept
{
    return header.type_uri == control_namespace && header.action == query_action;
}

action_outcome<std::string> answer_state_query(service const& queried, soap_request const& request)
{
    if (request.type_uri != control_namespace || request.action != query_action)
        return upnp_error::invalid_action();
    auto const is_name = [](text_argument const& a) { return a.name == "varName" && !a.has_elements; };
    auto const& given = request.arguments;
    auto const name = std::find_if(given.begin(), given.end(), is_name);
    if (name == given.end() || std::any_of(name + 1, given.end(), is_name))
        return upnp_error::invalid_args();
    auto const index = queried.contract().find_variable(name->text);
    if (!index)
        return upnp_error{invalid_variable, {}};
    auto const text = format_value(queried.contract().variables()[*index].type, queried.state().at(*index));
    if (!text)
        return upnp_error::action_failed();

    xml_writer xml;
    open_soap_body(xml);
    xml.open("u:QueryStateVariableResponse", {{"xmlns:u", control_namespace}});
    xml.element("return", *text);
    xml.close("u:QueryStateVariableResponse").line();
    close_soap_body(xml);
    return std::move(xml).take();
}

} // namespace onlink
