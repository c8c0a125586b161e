// SPDX-License-Identifier: BSL-1.0
// Documents in the shapes that devices in the field have: tests/documents.
#include <onlink/device_description.hpp>
#include <onlink/scpd.hpp>

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace literals;

std::string path_of(std::string const& file) { return ONLINK_SOURCE_DIR "/tests/documents/" + file; }

device_description load(std::string const& file, std::string base_path = {})
{
    auto read = device_description::load_file(path_of(file), std::move(base_path));
    EXPECT_TRUE(read) << read.error().message();
    return std::move(read).value();
}

scpd load_contract(std::string const& file)
{
    auto read = scpd::load_file(path_of(file));
    EXPECT_TRUE(read) << read.error().message();
    return std::move(read).value();
}

TEST(field_documents, a_gateway_with_CR_LF_and_upper_case_UUIDs)
{
    auto const gateway = load("gateway.xml");
    EXPECT_EQ(gateway.presentation_url, "http://192.0.2.1/");
    EXPECT_EQ(gateway.udn, "uuid:b7a1c0de-0000-4000-8000-00000000000a"_udn);
    auto const& connection = gateway.embedded.at(0).embedded.at(0);
    EXPECT_EQ(connection.udn, "uuid:b7a1c0de-0000-4000-8000-00000000000c"_udn);
    ASSERT_EQ(connection.services.size(), 2u);
    EXPECT_EQ(connection.services[1].paths, (service_paths{"/ppp.xml", "/ctl/ppp", "/evt/ppp"}));
}

TEST(field_documents, DESC_26_DESC_29_a_media_server_with_elements_of_others)
{
    auto const server = load("media_server.xml", "/dms/desc.xml");
    EXPECT_EQ(server.friendly_name, "Example Media: Living & Dining");
    EXPECT_EQ(server.presentation_url, "/");
    ASSERT_EQ(server.icons.size(), 2u);
    EXPECT_EQ(server.icons[1].path, "/dms/icons/lrg.jpg");
    ASSERT_EQ(server.services.size(), 2u);
    EXPECT_EQ(server.services[0].paths.control, "/dms/control/ContentDirectory");
    ASSERT_EQ(server.extensions.size(), 4u);
    EXPECT_EQ(server.extensions[0].to_xml(),
              "<dlna:X_DLNADOC xmlns:dlna=\"urn:schemas-dlna-org:device-1-0\">DMS-1.50</dlna:X_DLNADOC>");
    EXPECT_EQ(server.extensions[2].to_xml(),
              "<sec:ProductCap xmlns:sec=\"http://www.sec.co.kr/dlna\">"
              "smi,DCM10,getMediaInfo.sec,getCaptionInfo.sec</sec:ProductCap>");
}

TEST(field_documents, DESC_49_DESC_50_a_media_server_with_the_one_domain_that_has_a_period)
{
    auto const server = load("media_server_registrar.xml");
    ASSERT_EQ(server.services.size(), 3u);
    EXPECT_EQ(server.services[2].type.domain(), "microsoft.com");
}

TEST(field_documents, a_media_renderer_with_a_byte_order_mark_and_its_contracts)
{
    EXPECT_EQ(load("media_renderer.xml").services.size(), 3u);
    auto const rendering = load_contract("rendering_control.xml");
    EXPECT_EQ(rendering.find_action("SetVolume")->arguments.size(), 3u);
    EXPECT_EQ(rendering.variables().at(2).range->minimum, value{-9216});
    EXPECT_EQ(load_contract("connection_manager.xml").find_action("GetProtocolInfo")->arguments[1].related,
              "SinkProtocolInfo")
        << "the state table may come first";
    EXPECT_EQ(load_contract("av_transport.xml").variables().size(), 5u);
}

TEST(field_documents, DESC_56_a_printer_whose_URLs_climb)
{
    auto const printer = load("printer.xml", "/desc/printer.xml");
    EXPECT_EQ(printer.friendly_name, "Example Laser (Second Floor)");
    EXPECT_EQ(printer.services.at(0).paths,
              (service_paths{"/print/basic.xml", "/print/control", "/print/event"}));
    EXPECT_EQ(printer.presentation_url, "../index.html?lang=en#status") << "control points resolve it";
    auto const at_the_root = device_description::load_file(path_of("printer.xml"));
    ASSERT_FALSE(at_the_root);
    EXPECT_EQ(at_the_root.error().all().size(), 3u) << at_the_root.error().message();
}

TEST(field_documents, DESC_51_a_light_whose_URLs_begin_with_a_dot)
{
    auto const light = load("dimmable_light.xml", "/light/description.xml");
    EXPECT_EQ(light.services.at(1).paths,
              (service_paths{"/light/Dimming.xml", "/light/control/Dimming", "/light/event/Dimming"}));
}

TEST(field_documents, DESC_48_DESC_55_a_camera_with_nothing_but_a_page)
{
    auto const camera = load("camera.xml");
    EXPECT_EQ(camera.friendly_name, "Camera <Front Door>");
    EXPECT_EQ(camera.manufacturer, "Example Works");
    EXPECT_EQ(camera.model_name, "C1");
    EXPECT_EQ(camera.udn, "uuid:16a65700-007c-1000-bb49-00000000abcd"_udn);
    EXPECT_EQ(camera.presentation_url, "http://192.0.2.7:80/live");
    EXPECT_TRUE(camera.services.empty());
}

} // namespace
} // namespace onlink
