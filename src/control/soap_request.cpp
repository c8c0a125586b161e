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

    auto parts = envelope.children();
    auto part = parts.begin();
    if (part != parts.end() && part->is(soap_envelope, "Header")) {
        for (auto const& entry : part->children())
            if (insists(entry))
                return soap_defect::must_understand;
        ++part;
    }
    // One Body and nothing behind it (UDA 2.0, 3.1.1).
    if (part == parts.end() || !part->is(soap_envelope, "Body") || part + 1 != parts.end())
        return soap_defect::structure;
    auto const content = part->children();
    if (content.size() != 1)
        return soap_defect::structure;

    auto const& call = content.front();
    soap_request request;
    request.type_uri = call.name_space();
    request.action = call.name();
    bool const qualified = request.type_uri == control_namespace;
    for (auto const& child : call.children())
        if (child.prefix().empty() || (qualified && child.name_space() == control_namespace))
            request.arguments.push_back({std::string{child.name()}, child.text(), !child.children().empty()});
    return request;
}

void throw_exception_from_error(soap_defect, boost::source_location const&)
{
    throw std::runtime_error{"no SOAP request"};
}

} // namespace onlink
