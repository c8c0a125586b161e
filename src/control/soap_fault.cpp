// SPDX-License-Identifier: BSL-1.0
#include "control/soap_fault.hpp"

#include "base/utf8.hpp"
#include "control/soap_envelope.hpp"

namespace onlink {

namespace {

/// UDA 2.0, 3.2.5: shorter than 256 characters.
constexpr std::size_t max_description = 255;

std::string sayable(std::string text)
{
    // It is for people: what is no text at all is left out, the rest is kept.
    if (!is_xml_text(text))
        std::erase_if(text, [](char c) { return c < ' ' || c > '~'; });
    if (count_code_points(text) <= max_description)
        return text;
    std::size_t end = 0;
    for (std::size_t points = 0; end < text.size(); ++end) {
        bool const begins_point = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
        if (begins_point && points++ == max_description)
            break;
    }
    text.resize(end);
    return text;
}

void fault_head(xml_writer& xml, std::string_view code, std::string_view text)
{
    xml.open("s:Fault").line();
    xml.element("faultcode", code).line();
    xml.element("faultstring", text).line();
}

std::string soap_fault(std::string_view code, std::string_view text)
{
    xml_writer xml;
    open_soap_body(xml);
    fault_head(xml, code, text);
    xml.close("s:Fault").line();
    close_soap_body(xml);
    return std::move(xml).take();
}

} // namespace

std::string render_upnp_fault(upnp_error const& error)
{
    auto const description =
        sayable(error.description.empty() ? standard_description(error.code) : error.description);
    xml_writer xml;
    open_soap_body(xml);
    fault_head(xml, "s:Client", "UPnPError");
    xml.open("detail").open("UPnPError", {{"xmlns", control_namespace}});
    xml.element("errorCode", std::to_string(error.code)).element("errorDescription", description);
    xml.close("UPnPError").close("detail").line();
    xml.close("s:Fault").line();
    close_soap_body(xml);
    return std::move(xml).take();
}

std::string render_version_mismatch() { return soap_fault("s:VersionMismatch", "SOAP 1.1 only"); }

std::string render_must_understand() { return soap_fault("s:MustUnderstand", "Header entry not understood"); }

} // namespace onlink
