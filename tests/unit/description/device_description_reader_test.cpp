// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_description.hpp>

#include "unit/description/hall_lamp_documents.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace onlink {
namespace {

using namespace literals;

std::string root(std::string const& content)
{
    return "<root xmlns=\"urn:schemas-upnp-org:device-1-0\">" + content + "</root>";
}

constexpr std::string_view required = "<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType>"
                                      "<friendlyName>Box</friendlyName><manufacturer>Example</manufacturer>"
                                      "<modelName>B1</modelName>";

std::string device_element(std::string const& more, int number = 1)
{
    return "<device>" + std::string{required} + "<UDN>uuid:00000000-0000-0000-0000-00000000000" +
           std::to_string(number) + "</UDN>" + more + "</device>";
}

std::string with(std::string const& more) { return root(device_element(more)); }

std::string with_service(std::string const& urls)
{
    return with("<serviceList><service><serviceType>urn:example-com:service:S:1</serviceType>"
                "<serviceId>urn:example-com:serviceId:S</serviceId>" +
                urls + "</service></serviceList>");
}

std::string with_icon(std::string const& content)
{
    return with("<iconList><icon>" + content + "</icon></iconList>");
}

TEST(device_description_reader, reads_the_golden_document)
{
    auto const read = device_description::parse(test::hall_lamp_document());
    ASSERT_TRUE(read) << read.error().message();
    auto const expected = test::hall_lamp_description();
    EXPECT_EQ(read->type, expected.type);
    EXPECT_EQ(read->udn, expected.udn);
    EXPECT_EQ(read->friendly_name, expected.friendly_name);
    EXPECT_EQ(read->manufacturer, expected.manufacturer);
    EXPECT_EQ(read->manufacturer_url, expected.manufacturer_url);
    EXPECT_EQ(read->model_description, expected.model_description);
    EXPECT_EQ(read->model_name, expected.model_name);
    EXPECT_EQ(read->model_number, expected.model_number);
    EXPECT_EQ(read->model_url, expected.model_url);
    EXPECT_EQ(read->serial_number, expected.serial_number);
    EXPECT_EQ(read->presentation_url, expected.presentation_url);
    EXPECT_TRUE(read->upc.empty());
    EXPECT_TRUE(read->description_path.empty());
    ASSERT_EQ(read->icons.size(), 1u);
    EXPECT_EQ(read->icons[0].mimetype, "image/png");
    EXPECT_EQ(read->icons[0].width, 48u);
    EXPECT_EQ(read->icons[0].height, 48u);
    EXPECT_EQ(read->icons[0].depth, 24u);
    EXPECT_EQ(read->icons[0].path, "/icon48.png");
    EXPECT_TRUE(read->icons[0].data.empty());
    ASSERT_EQ(read->services.size(), 2u);
    EXPECT_EQ(read->services[1].type.to_string(), "urn:example-com:service:LampHealth:1");
    EXPECT_EQ(read->services[1].id.to_string(), "urn:example-com:serviceId:LampHealth");
    EXPECT_EQ(read->services[0].paths, (service_paths{"/sp/scpd.xml", "/sp/control", "/sp/event"}));
}

TEST(device_description_reader, DESC_54_reads_embedded_devices)
{
    auto const read = device_description::parse(with(
        "<deviceList>" +
        device_element("<deviceList>" + device_element("<UPC>012345678901</UPC>", 3) + "</deviceList>", 2) +
        device_element("", 4) + "</deviceList>"));
    ASSERT_TRUE(read) << read.error().message();
    ASSERT_EQ(read->embedded.size(), 2u);
    ASSERT_EQ(read->embedded[0].embedded.size(), 1u);
    EXPECT_EQ(read->embedded[0].embedded[0].upc, "012345678901");
    EXPECT_EQ(read->embedded[1].udn, "uuid:00000000-0000-0000-0000-000000000004"_udn);
}

TEST(device_description_reader, DESC_51_DESC_53_URLs_become_absolute_paths)
{
    struct {
        char const* urls;
        service_paths expected;
    } const table[] = {
        {"<SCPDURL>/a/s.xml</SCPDURL><controlURL>/a/c</controlURL><eventSubURL>/a/e</eventSubURL>",
         {"/a/s.xml", "/a/c", "/a/e"}},
        {"<SCPDURL>a/s.xml</SCPDURL><controlURL>c</controlURL><eventSubURL> e </eventSubURL>",
         {"/a/s.xml", "/c", "/e"}},
        {"<SCPDURL>/s</SCPDURL><controlURL>/c</controlURL><eventSubURL/>", {"/s", "/c", ""}},
    };
    for (auto const& row : table) {
        auto const read = device_description::parse(with_service(row.urls));
        ASSERT_TRUE(read) << row.urls << ' ' << read.error().message();
        EXPECT_EQ(read->services.at(0).paths, row.expected) << row.urls;
    }
}

TEST(device_description_reader, DESC_26_ignores_what_it_does_not_know)
{
    auto const read = device_description::parse(
        "<d:root xmlns:d='urn:schemas-upnp-org:device-1-0' xmlns='urn:schemas-dlna-org:device-1-0' "
        "configId='x'>"
        "<URLBase>of another namespace</URLBase><d:specVersion><d:major>9</d:major></d:specVersion>"
        "<d:device><X_DLNADOC>DMS-1.50</X_DLNADOC><friendlyName>not ours</friendlyName>"
        "<d:deviceType>urn:schemas-upnp-org:device:Basic:1</d:deviceType><d:friendlyName>\n Box "
        "\n</d:friendlyName>"
        "<d:manufacturer>Example</d:manufacturer><d:modelName>B1</d:modelName>"
        "<d:UDN>uuid:00000000-0000-0000-0000-000000000001</d:UDN><d:X_thing><d:UDN/></d:X_thing>"
        "</d:device></d:root>");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->friendly_name, "Box");
}

TEST(device_description_reader, refuses_and_says_where)
{
    std::string const icon =
        "<mimetype>image/png</mimetype><width>1</width><height>1</height><depth>1</depth>";
    struct {
        std::string xml;
        errc code;
        char const* where;
    } const table[] = {
        {"", errc::malformed, "device description"},
        {"<!DOCTYPE root><root/>", errc::doctype_refused, "device description"},
        {"<root/>", errc::unsupported, "root element (not a root of urn:schemas-upnp-org:device-1-0)"},
        {root(""), errc::missing, "device"},
        {root(device_element("") + device_element("", 2)), errc::duplicate, "device"},
        {root("<URLBase>http://192.0.2.1/</URLBase>" + device_element("")), errc::unsupported,
         "URLBase"}, // DESC-33
        {root("<device/>"), errc::missing, "deviceType"},
        {root("<device><deviceType>Basic</deviceType></device>"), errc::malformed, "deviceType"},
        {root("<device>" + std::string{required} + "</device>"), errc::missing, "UDN"},
        {root("<device>" + std::string{required} + "<UDN>uuid:1</UDN></device>"), errc::malformed, "UDN"},
        {with("<UDN>uuid:00000000-0000-0000-0000-000000000002</UDN>"), errc::duplicate, "UDN"},
        {with("<UPC>1</UPC>"), errc::malformed, "UPC"},
        {with("<modelNumber>" + std::string(32, 'x') + "</modelNumber>"), errc::too_large, "modelNumber"},
        {with_icon(icon), errc::missing, "icon 1, url"},
        {with_icon(icon + "<url>http://192.0.2.1/a.png</url>"), errc::unsupported, "icon 1, url"},
        {with_icon("<mimetype>image/png</mimetype><width>wide</width>"), errc::malformed, "icon 1, width"},
        {with_icon("<mimetype>text/html</mimetype><width>1</width><height>1</height><depth>1</depth>"
                   "<url>/a.png</url>"),
         errc::malformed, "icon 1, mimetype"},
        {with("<serviceList><service/></serviceList>"), errc::missing, "service, serviceId"},
        {with("<serviceList><service><serviceId>S</serviceId></service></serviceList>"), errc::malformed,
         "service, serviceId"},
        {with("<serviceList><service><serviceId>urn:a:serviceId:S</serviceId><serviceType>S</serviceType></"
              "service>"
              "</serviceList>"),
         errc::malformed, "service urn:a:serviceId:S, serviceType"},
        {with_service("<controlURL>/c</controlURL><eventSubURL/>"), errc::missing,
         "service urn:example-com:serviceId:S, SCPDURL"},
        {with_service("<SCPDURL>/s</SCPDURL><eventSubURL/>"), errc::missing,
         "service urn:example-com:serviceId:S, controlURL"},
        {with_service("<SCPDURL>/s</SCPDURL><controlURL>/c</controlURL>"), errc::missing,
         "service urn:example-com:serviceId:S, eventSubURL"},
        {with_service("<SCPDURL>http://192.0.2.1/s</SCPDURL><controlURL>/c</controlURL><eventSubURL/>"),
         errc::unsupported, "service urn:example-com:serviceId:S, SCPDURL"},
        {with_service("<SCPDURL>//192.0.2.1/s</SCPDURL><controlURL>/c</controlURL><eventSubURL/>"),
         errc::unsupported, "service urn:example-com:serviceId:S, SCPDURL"},
        {with_service("<SCPDURL>../s</SCPDURL><controlURL>/c</controlURL><eventSubURL/>"), errc::malformed,
         "service urn:example-com:serviceId:S, SCPDURL"},
        {with_service("<SCPDURL>/s</SCPDURL><controlURL>/c?d=1</controlURL><eventSubURL/>"), errc::malformed,
         "service urn:example-com:serviceId:S, controlURL"},
        {with("<deviceList><device/></deviceList>"), errc::missing, "device 1, deviceType"},
        {with("<deviceList>" + device_element("<UPC>1</UPC>", 2) + "</deviceList>"), errc::malformed,
         "device Box, UPC"},
        {with("<deviceList>" + device_element("<iconList><icon/></iconList>", 2) + "</deviceList>"),
         errc::missing, "device Box, icon 1, mimetype"},
    };
    for (auto const& row : table) {
        auto const read = device_description::parse(row.xml);
        ASSERT_FALSE(read) << row.xml;
        EXPECT_EQ(read.error().front().code, row.code) << row.xml << '\n' << read.error().message();
        EXPECT_EQ(read.error().front().where, row.where) << row.xml;
    }
}

TEST(device_description_reader, all_faults_are_told_at_once_with_line_and_clause)
{
    auto const read = device_description::parse(
        "<root xmlns='urn:schemas-upnp-org:device-1-0'>\n"
        "<URLBase>http://192.0.2.1/</URLBase>\n"
        "<device>\n"
        "<deviceType>Basic</deviceType>\n"
        "<manufacturer>Example</manufacturer>\n"
        "<modelName>" +
        std::string(32, 'x') +
        "</modelName>\n"
        "<UDN>uuid:1</UDN>\n"
        "<iconList>\n<icon><mimetype>image/png</mimetype><width>48</width>\n"
        "<height>tall</height><depth>24</depth><url>/i.png</url></icon></iconList>\n"
        "<deviceList>\n<device><friendlyName>Inner</friendlyName>\n"
        "<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType><modelName>M</modelName>\n"
        "<UDN>uuid:00000000-0000-0000-0000-000000000002</UDN></device></deviceList>\n"
        "</device></root>");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().message(), "line 2: URLBase: not supported (UDA 2.0, 2.3)\n"
                                      "line 3: friendlyName: missing (UDA 2.0, 2.3)\n"
                                      "line 4: deviceType: does not follow its grammar (UDA 2.0, 2.3)\n"
                                      "line 6: modelName: too large (UDA 2.0, 2.3)\n"
                                      "line 7: UDN: does not follow its grammar (UDA 2.0, 2.3)\n"
                                      "line 10: icon 1, height: does not follow its grammar (UDA 2.0, 2.3)\n"
                                      "line 12: device Inner, manufacturer: missing (UDA 2.0, 2.3)");
}

TEST(device_description_reader, DESC_51_DESC_56_relative_URLs_belong_to_where_the_description_is)
{
    auto const service = "<SCPDURL>sp/scpd.xml</SCPDURL><controlURL>./../control</controlURL>"
                         "<eventSubURL>/event</eventSubURL>";
    auto const read = device_description::parse(with_service(service), "/dev/1/desc.xml");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->description_path, "/dev/1/desc.xml");
    EXPECT_EQ(read->services[0].paths, (service_paths{"/dev/1/sp/scpd.xml", "/dev/control", "/event"}));
}

TEST(device_description_reader, nesting_beyond_the_budget_is_refused)
{
    std::string devices;
    for (int i = 0; i < 20; ++i)
        devices = device_element(devices.empty() ? "" : "<deviceList>" + devices + "</deviceList>");
    auto const read = device_description::parse(root(devices));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().front().code, errc::too_large);
}

TEST(device_description_reader, reads_files)
{
    auto const path =
        (std::filesystem::path{testing::TempDir()} / "onlink_device_description_test.xml").string();
    std::ofstream{path, std::ios::binary} << test::hall_lamp_document();
    auto const read = device_description::load_file(path);
    std::remove(path.c_str());
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->friendly_name, "Hall Lamp");

    auto const absent = device_description::load_file(path);
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().front().code, errc::missing);
    EXPECT_EQ(absent.error().front().file, path);
}

} // namespace
} // namespace onlink
