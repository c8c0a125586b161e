// SPDX-License-Identifier: BSL-1.0
#include "description/device_document.hpp"

#include "unit/description/hall_lamp_documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace literals;
using testing::HasSubstr;
using testing::Not;

device_description small_device(char const* name, udn id)
{
    return {.type = "urn:schemas-upnp-org:device:Basic:1"_device_type,
            .udn = id,
            .friendly_name = name,
            .manufacturer = "Example",
            .model_name = "Box"};
}

std::string render(device root, uda_version uda = uda_version::v2_0)
{
    return render_device_document(device_tree::of({std::move(root)}).value(), 0, uda, 42);
}

TEST(device_document, G_13_DESC_28_golden_document)
{
    auto const golden = test::hall_lamp_document();
    ASSERT_EQ(golden.size(), 1405u); // the CONTENT-LENGTH of G-13
    EXPECT_EQ(render(test::hall_lamp()), golden);
}

TEST(device_document, VER_02_VER_12_specVersion_and_configId_follow_the_architecture_version)
{
    auto const v1_0 = render(test::hall_lamp(), uda_version::v1_0);
    EXPECT_THAT(v1_0, HasSubstr("<root xmlns=\"urn:schemas-upnp-org:device-1-0\">"));
    EXPECT_THAT(v1_0, HasSubstr("<major>1</major><minor>0</minor>"));

    auto const v1_1 = render(test::hall_lamp(), uda_version::v1_1);
    EXPECT_THAT(v1_1, HasSubstr("configId=\"42\""));
    EXPECT_THAT(v1_1, HasSubstr("<major>1</major><minor>1</minor>"));
}

TEST(device_document, DESC_46_DESC_48_DESC_54_empty_lists_and_texts_are_left_out)
{
    auto const document =
        render(device{small_device("Box", "uuid:00000000-0000-0000-0000-000000000001"_udn)});
    for (auto const* absent : {"List>", "<UPC>", "<modelURL>", "<manufacturerURL>", "<modelDescription>",
                               "<modelNumber>", "<serialNumber>", "<presentationURL>", "<URLBase>"})
        EXPECT_THAT(document, Not(HasSubstr(absent)));
}

TEST(device_document, DESC_53_eventSubURL_is_present_but_empty_without_evented_variables)
{
    service clock{{.type = "urn:example-com:service:Clock:1"_service_type,
                   .id = "urn:example-com:serviceId:Clock"_service_id},
                  scpd::build().state("Now", data_type::date_time, {.evented = false}).done().value()};
    device box{small_device("Box", "uuid:00000000-0000-0000-0000-000000000001"_udn)};
    box.add(clock);
    EXPECT_THAT(render(box), HasSubstr("<eventSubURL></eventSubURL>"));
}

TEST(device_document, DESC_54_embedded_devices_stand_in_a_deviceList_at_any_depth)
{
    device inner{small_device("Inner", "uuid:00000000-0000-0000-0000-000000000002"_udn)};
    inner.add(device{small_device("Innermost", "uuid:00000000-0000-0000-0000-000000000003"_udn)});
    device outer{small_device("Outer", "uuid:00000000-0000-0000-0000-000000000001"_udn)};
    outer.add(inner);

    auto const document = render(outer);
    auto const at = [&](char const* text) { return document.find(text); };
    EXPECT_LT(at("Outer"), at("<deviceList>"));
    EXPECT_LT(at("<deviceList>"), at("<friendlyName>Inner<"));
    EXPECT_LT(at("<friendlyName>Inner<"), at("Innermost"));
    EXPECT_TRUE(document.ends_with(
        "</device>\r\n</deviceList>\r\n</device>\r\n</deviceList>\r\n</device>\r\n</root>"));
}

TEST(device_document, DESC_27_markup_in_texts_is_escaped)
{
    auto description =
        small_device("Tom & \"Jerry\" <lamp>", "uuid:00000000-0000-0000-0000-000000000001"_udn);
    description.model_url = "http://example.com/?a=1&b=2";
    auto const document = render(device{description});
    EXPECT_THAT(document, HasSubstr("<friendlyName>Tom &amp; \"Jerry\" &lt;lamp&gt;</friendlyName>"));
    EXPECT_THAT(document, HasSubstr("<modelURL>http://example.com/?a=1&amp;b=2</modelURL>"));
}

TEST(device_document, a_description_that_was_read_is_rendered_as_it_was)
{
    auto read = device_description::parse(test::hall_lamp_document()).value();
    read.description_path = "/desc.xml";
    service power{{.type = "urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
                   .id = "urn:upnp-org:serviceId:SwitchPower:1"_service_id},
                  scpd::parse(test::switch_power_document()).value()};
    for (auto const* action : {"SetTarget", "GetTarget", "GetStatus"})
        power.leave_unimplemented(action);
    service health{{.type = "urn:example-com:service:LampHealth:1"_service_type,
                    .id = "urn:example-com:serviceId:LampHealth"_service_id},
                   scpd::parse(test::lamp_health_document()).value()};
    device lamp{read};
    lamp.add(power).add(health);
    EXPECT_EQ(render(lamp), test::hall_lamp_document());
}

} // namespace
} // namespace onlink
