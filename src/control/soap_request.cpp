// SPDX-License-Identifier: BSL-1.0
#include "control/soap_request.hpp"

#include "control/soap_envelope.hpp"
#include "xml/xml_document.hpp"

#include <stdexcept>

namespace onlink {

namespace {

constexpr std::string_view soap_envelope = "http://schemas.xmlsoap.org/soap/envelope/"; // UDA 2.0, 3.1.1
constexpr std::string_view next_actor = "http://schemas.xmlsoap.org/soap/actor/next";   // SOAP 1.1, 4.2.2

/// A Header entry aimed at us that must not be ignored. We understand none.
bool insists(xml_element const& entry)
{
    auto const must = entry.attribute(soap_envelope, "mustUnderstand");
    if (!must || (*must != "1" && *must != "true"))
        return false;
    auto const actor = entry.attribute(soap_envelope, "actor");
    return !actor || actor->empty() || *actor == next_actor;
}

} // namespace

boost::system::result<soap_request, soap_defect> soap_request::parse(std::string_view body,
                                                                     xml_budget const& budget)
{
    auto const document = xml_document::parse(body, budget);
    if (!document)
        return soap_defect::bad_xml;
    auto const envelope = document->root();
    if (envelope.name() != "Envelope")
        return soap_defect::structure;
    if (envelope.name_space() != soap_envelope)
        return soap_defect::version_mismatch;

    auto part = envelope.first_child();
    if (part && part->is(soap_envelope, "Header")) {
        for (auto entry = part->first_child(); entry; entry = entry->next_sibling())
            if (insists(*entry))
                return soap_defect::must_understand;
        part = part->next_sibling();
    }
    // One Body and nothing behind it (UDA 2.0, 3.1.1).
    if (!part || !part->is(soap_envelope, "Body") || part->next_sibling())
        return soap_defect::structure;
    auto const call = part->first_child();
    if (!call || call->next_sibling())
        return soap_defect::structure;

    soap_request request;
    request.type_uri = call->name_space();
    request.action = call->name();
    bool const qualified = request.type_uri == control_namespace;
    for (auto child = call->first_child(); child; child = child->next_sibling())
        if (child->prefix().empty() || (qualified && child->name_space() == control_namespace))
            request.arguments.push_back(
                {std::string{child->name()}, child->text(), child->first_child().has_value()});
    return request;
}

void throw_exception_from_error(soap_defect, boost::source_location const&)
{
    throw std::runtime_error{"no SOAP request"};
}

} // namespace onlink
