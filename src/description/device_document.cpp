// SPDX-License-Identifier: BSL-1.0
#include "description/device_document.hpp"

#include "description/document_head.hpp"
#include "xml/xml_writer.hpp"

namespace onlink {

namespace {

void write_icon(xml_writer& out, icon const& i)
{
    out.open("icon")
        .element("mimetype", i.mimetype)
        .element("width", std::to_string(i.width))
        .element("height", std::to_string(i.height))
        .element("depth", std::to_string(i.depth))
        .element("url", i.path);
    write_extensions(out, i.extensions);
    out.close("icon").line();
}

void write_service(xml_writer& out, hosted_service const& s)
{
    auto const& identity = s.service.identity();
    out.open("service").line();
    out.element("serviceType", identity.type.to_string()).line();
    out.element("serviceId", identity.id.to_string()).line();
    out.element("SCPDURL", s.paths.scpd).line();
    out.element("controlURL", s.paths.control).line();
    out.element("eventSubURL", s.paths.event).line(); // present though it may be empty
    write_extensions(out, s.extensions);
    out.close("service").line();
}

void write_device(xml_writer& out, device_tree const& tree, hosted_device const& d)
{
    auto const& about = d.description;
    auto const optional_line = [&](std::string_view element, std::string const& text) {
        if (!text.empty())
            out.element(element, text).line();
    };
    // In the order of UDA 2.0, 2.3.
    out.open("device").line();
    out.element("deviceType", about.type.to_string()).line();
    out.element("friendlyName", about.friendly_name).line();
    out.element("manufacturer", about.manufacturer).line();
    optional_line("manufacturerURL", about.manufacturer_url);
    optional_line("modelDescription", about.model_description);
    out.element("modelName", about.model_name).line();
    optional_line("modelNumber", about.model_number);
    optional_line("modelURL", about.model_url);
    optional_line("serialNumber", about.serial_number);
    out.element("UDN", about.udn.to_string()).line();
    optional_line("UPC", about.upc);
    if (!about.icons.empty()) {
        out.open("iconList").line();
        for (auto const& icon : about.icons)
            write_icon(out, icon);
        out.close("iconList").line();
    }
    if (!d.services.empty()) {
        out.open("serviceList").line();
        for (auto const service : d.services)
            write_service(out, tree.services[service]);
        out.close("serviceList").line();
    }
    if (!d.embedded.empty()) {
        out.open("deviceList").line();
        for (auto const inner : d.embedded)
            write_device(out, tree, tree.devices[inner]);
        out.close("deviceList").line();
    }
    optional_line("presentationURL", about.presentation_url);
    write_extensions(out, about.extensions);
    out.close("device").line();
}

} // namespace

std::string render_device_document(device_tree const& tree, std::size_t root, uda_version uda,
                                   std::uint32_t config_id)
{
    xml_writer out;
    open_document(out, "root", "urn:schemas-upnp-org:device-1-0", uda, config_id); // UDA 2.0, 2.3
    write_device(out, tree, tree.devices.at(root));
    out.close("root");
    return std::move(out).take();
}

} // namespace onlink
