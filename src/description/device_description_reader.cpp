// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_description.hpp>

#include "base/ascii.hpp"
#include "base/decimal.hpp"
#include "description/document_file.hpp"
#include "description/element_reader.hpp"
#include "model/embedded_name.hpp"
#include "url/url_path.hpp"
#include "xml/xml_document.hpp"

namespace onlink {

namespace {

constexpr std::string_view clause = "UDA 2.0, 2.3";
constexpr std::string_view device_namespace = "urn:schemas-upnp-org:device-1-0"; // UDA 2.0, 2.3, "root"

/// Reads the `<device>` elements of a document that is served at a path.
class device_reader {
public:
    device_reader(fault_collector& faults, std::string const& served_at)
        : faults_(faults), served_at_(served_at)
    {}

    device_description read(element_reader const& element) const;

private:
    std::string read_path(element_reader const& from, std::string_view name) const;
    std::string read_required_path(element_reader const& from, std::string_view name) const;
    icon read_icon(element_reader const& element) const;
    std::optional<service_identity> read_service(element_reader element) const;
    void read_lists(element_reader const& element, device_description& into) const;

    fault_collector& faults_;
    std::string const& served_at_;
};

/// A URL of a resource that we are to serve: a path, or relative to where the document is (UDA 2.0, 2.3).
std::string device_reader::read_path(element_reader const& from, std::string_view name) const
{
    auto text = from.optional_text(name).value_or(std::string{});
    if (text.empty())
        return text;
    auto path = resolve_path(served_at_, text);
    if (!path) {
        from.refuse(static_cast<errc>(path.error().value()), name);
        return {};
    }
    return *std::move(path);
}

std::string device_reader::read_required_path(element_reader const& from, std::string_view name) const
{
    if (from.required_text(name).empty())
        return {};
    return read_path(from, name);
}

/// The text of a child if it parses; refused otherwise, and then empty.
template <class Parse>
std::string required_form(element_reader const& from, std::string_view name, Parse parse)
{
    auto text = from.required_text(name);
    if (!text.empty() && !parse(text))
        from.refuse(errc::malformed, name);
    return text;
}

unsigned read_number(element_reader const& from, std::string_view name)
{
    auto const text = from.required_text(name);
    auto const number = parse_decimal<unsigned>(text);
    if (number)
        return *number;
    if (!text.empty())
        from.refuse(errc::malformed, name);
    return 0;
}

icon device_reader::read_icon(element_reader const& element) const
{
    return {.mimetype = element.required_text("mimetype"),
            .width = read_number(element, "width"),
            .height = read_number(element, "height"),
            .depth = read_number(element, "depth"),
            .path = read_required_path(element, "url"),
            .extensions = element.extensions()};
}

/// Read on with another type where it is wrong: what else is wrong is to be told at once.
std::optional<service_identity> device_reader::read_service(element_reader element) const
{
    using namespace literals;
    auto id = service_id::parse(required_form(element, "serviceId", &service_id::parse));
    if (id)
        element.rename(element.where_itself() + ' ' + id->to_string());
    auto type = service_type::parse(required_form(element, "serviceType", &service_type::parse));
    service_paths paths{.scpd = read_required_path(element, "SCPDURL"),
                        .control = read_required_path(element, "controlURL"),
                        .event = read_path(element, "eventSubURL")};
    // UDA 2.0, 2.3, "eventSubURL": empty for a service without evented variables
    if (!element.child("eventSubURL"))
        element.refuse(errc::missing, "eventSubURL");
    auto extensions = element.extensions();
    if (!id)
        return std::nullopt;
    return service_identity{type ? *std::move(type) : "urn:schemas-upnp-org:service:None:1"_service_type,
                            *std::move(id), std::move(paths), std::move(extensions)};
}

/// Devices are nested no deeper than xml_budget::for_documents() allows.
device_description device_reader::read(element_reader const& element) const
{
    auto type = device_type::parse(required_form(element, "deviceType", &device_type::parse));
    auto const name = udn::parse(required_form(element, "UDN", &udn::parse));
    auto const text = [&](std::string_view child) {
        return element.optional_text(child).value_or(std::string{});
    };
    using namespace literals;
    // Read on where they are wrong: what else is wrong is to be told at once.
    device_description d{.type = type ? *std::move(type) : "urn:schemas-upnp-org:device:Basic:1"_device_type,
                         .udn = name ? *name : udn{{}},
                         .friendly_name = text("friendlyName"),
                         .manufacturer = text("manufacturer"),
                         .manufacturer_url = text("manufacturerURL"),
                         .model_description = text("modelDescription"),
                         .model_name = text("modelName"),
                         .model_number = text("modelNumber"),
                         .model_url = text("modelURL"),
                         .serial_number = text("serialNumber"),
                         .upc = text("UPC"),
                         .presentation_url = text("presentationURL"),
                         .extensions = element.extensions()};
    read_lists(element, d);
    return d;
}

void device_reader::read_lists(element_reader const& element, device_description& into) const
{
    if (auto const icons = element.child("iconList"))
        for (auto const& icon : icons->each("icon"))
            into.icons.push_back(
                read_icon({icon, element.where("icon " + std::to_string(into.icons.size() + 1)), faults_}));
    if (auto const services = element.child("serviceList"))
        for (auto const& service : services->each("service"))
            if (auto read = read_service({service, element.where("service"), faults_}))
                into.services.push_back(*std::move(read));
    if (auto const devices = element.child("deviceList"))
        for (auto const& inner : devices->each("device")) {
            element_reader reader{inner, element.where("device"), faults_};
            auto const names = reader.each("friendlyName");
            auto const name = names.empty() ? std::string{} : trimmed(names.front().text());
            reader.rename(element.where(embedded_name(into.embedded, name)));
            into.embedded.push_back(read(reader));
        }
}

} // namespace

loaded<device_description> device_description::parse(std::string_view xml, std::string description_path)
{
    if (!description_path.empty() && !is_served_path(description_path)) // no fault of the document
        return document_faults{{{errc::malformed, "description_path"}}};
    auto const document = read_xml(xml, "device description", clause);
    if (!document)
        return document.error();
    fault_collector faults{*document, std::string{clause}};
    if (!document->root().is(device_namespace, "root")) {
        faults.add(errc::unsupported, "root element (not a root of " + std::string{device_namespace} + ")",
                   document->root());
        return std::move(faults).take();
    }

    element_reader const root{document->root(), {}, faults};
    // UDA 2.0, 2.3: prohibited since; it would point control points elsewhere
    if (root.child("URLBase"))
        root.refuse(errc::unsupported, "URLBase");
    auto const found = root.child("device");
    if (!found) {
        root.refuse(errc::missing, "device");
        return std::move(faults).take();
    }
    std::string const served_at = description_path.empty() ? "/" : description_path;
    auto d = device_reader{faults, served_at}.read({found->element(), {}, faults});
    d.description_path = std::move(description_path);
    faults.add(d.defects());
    if (!faults.empty())
        return std::move(faults).take();
    return d;
}

loaded<device_description> device_description::load_file(std::string const& path,
                                                         std::string description_path)
{
    return parse_document_file<device_description>(
        path, [&](std::string_view xml) { return parse(xml, description_path); });
}

} // namespace onlink
