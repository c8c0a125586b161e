// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_description.hpp>

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "description/document_file.hpp"
#include "description/element_reader.hpp"
#include "xml/xml_document.hpp"

namespace onlink {

namespace {

constexpr std::string_view device_namespace = "urn:schemas-upnp-org:device-1-0"; // UDA 2.0, 2.3, "root"

/// A URL of a resource that we are to serve: a path, absolute or relative to the root.
std::string read_path(element_reader const& from, std::string_view name)
{
    auto text = from.optional_text(name).value_or(std::string{});
    if (text.empty())
        return text;
    if (text.find(':') < text.find('/')) { // RFC 3986, 4.2: only a scheme has a colon before the first slash
        from.refuse(errc::unsupported, name);
        return {};
    }
    return text.starts_with('/') ? text : '/' + text;
}

std::string read_required_path(element_reader const& from, std::string_view name)
{
    auto path = read_path(from, name);
    if (path.empty())
        from.refuse(errc::missing, name);
    return path;
}

unsigned read_number(element_reader const& from, std::string_view name)
{
    auto const number = parse_decimal<unsigned>(from.required_text(name));
    if (number)
        return *number;
    from.refuse(errc::malformed, name);
    return 0;
}

icon read_icon(element_reader const& element)
{
    return {.mimetype = element.required_text("mimetype"),
            .width = read_number(element, "width"),
            .height = read_number(element, "height"),
            .depth = read_number(element, "depth"),
            .path = read_required_path(element, "url")};
}

std::optional<service_identity> read_service(element_reader element)
{
    auto id = service_id::parse(element.required_text("serviceId"));
    if (!id) {
        element.refuse(errc::malformed, "serviceId");
        return std::nullopt;
    }
    element.rename(element.where(id->to_string()));
    auto type = service_type::parse(element.required_text("serviceType"));
    if (!type) {
        element.refuse(errc::malformed, "serviceType");
        return std::nullopt;
    }
    // UDA 2.0, 2.3, "eventSubURL": empty for a service without evented variables
    if (!element.child("eventSubURL"))
        element.refuse(errc::missing, "eventSubURL");
    return service_identity{*std::move(type),
                            *std::move(id),
                            {.scpd = read_required_path(element, "SCPDURL"),
                             .control = read_required_path(element, "controlURL"),
                             .event = read_path(element, "eventSubURL")}};
}

/// Devices are nested no deeper than xml_budget::for_documents() allows.
std::optional<device_description> read_device(element_reader const& element, first_defect& defects)
{
    auto type = device_type::parse(element.required_text("deviceType"));
    if (!type) {
        element.refuse(errc::malformed, "deviceType");
        return std::nullopt;
    }
    auto const name = udn::parse(element.required_text("UDN"));
    if (!name) {
        element.refuse(errc::malformed, "UDN");
        return std::nullopt;
    }
    auto const text = [&](std::string_view child) {
        return element.optional_text(child).value_or(std::string{});
    };
    device_description d{.type = *std::move(type),
                         .udn = *name,
                         .friendly_name = text("friendlyName"),
                         .manufacturer = text("manufacturer"),
                         .manufacturer_url = text("manufacturerURL"),
                         .model_description = text("modelDescription"),
                         .model_name = text("modelName"),
                         .model_number = text("modelNumber"),
                         .model_url = text("modelURL"),
                         .serial_number = text("serialNumber"),
                         .upc = text("UPC"),
                         .presentation_url = text("presentationURL")};

    if (auto const icons = element.child("iconList"))
        for (auto const& icon : icons->each("icon"))
            d.icons.push_back(read_icon({icon, element.where("icon"), defects}));
    if (auto const services = element.child("serviceList"))
        for (auto const& service : services->each("service"))
            if (auto read = read_service({service, element.where("service"), defects}))
                d.services.push_back(*std::move(read));
    if (auto const devices = element.child("deviceList"))
        for (auto const& inner : devices->each("device")) {
            element_reader const reader{inner, {}, defects};
            auto const inner_name =
                ascii::printable(reader.optional_text("friendlyName").value_or(std::string{}));
            if (auto read = read_device({inner, element.where("device " + inner_name), defects}, defects))
                d.embedded.push_back(*std::move(read));
        }
    return d;
}

} // namespace

checked<device_description> device_description::parse(std::string_view xml)
{
    auto const document = xml_document::parse(xml, xml_budget::for_documents());
    if (!document)
        return defect{static_cast<errc>(document.error().value()), "device description"};
    if (!document->root().is(device_namespace, "root"))
        return defect{errc::unsupported,
                      "root element (not a root of " + std::string{device_namespace} + ")"};

    first_defect defects;
    element_reader const root{document->root(), {}, defects};
    // UDA 2.0, 2.3: prohibited since; it would point control points elsewhere
    if (root.child("URLBase"))
        return defect{errc::unsupported, "URLBase"};
    auto const device = root.child("device");
    if (!device)
        return defect{errc::missing, "device"};
    auto d = read_device({device->element(), {}, defects}, defects);
    if (defects)
        return *defects;
    if (auto const legal = d->check(); !legal)
        return legal.error();
    return *std::move(d);
}

checked<device_description> device_description::load_file(std::string const& path)
{
    return parse_document_file<device_description>(path, &device_description::parse);
}

} // namespace onlink
