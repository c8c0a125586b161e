// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_description.hpp>
#include <onlink/scpd.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace onlink {
namespace {

using lines = std::vector<std::string>;

lines faults_of(document_faults const& faults)
{
    lines out;
    for (auto const& d : faults.all())
        out.push_back(d.message());
    return out;
}

lines device_faults(std::string const& xml)
{
    auto const read = device_description::parse(xml);
    return read ? lines{} : faults_of(read.error());
}

lines scpd_faults(std::string const& xml)
{
    auto const read = scpd::parse(xml);
    return read ? lines{} : faults_of(read.error());
}

/// The content begins in line 3.
std::string device(std::string const& content)
{
    return "<root xmlns='urn:schemas-upnp-org:device-1-0'>\n<device>\n" + content + "</device>\n</root>\n";
}

std::string const sound = "<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType>"
                          "<friendlyName>Box</friendlyName><manufacturer>Example</manufacturer>"
                          "<modelName>B1</modelName><UDN>uuid:00000000-0000-0000-0000-000000000001</UDN>\n";

/// The content begins in line 4.
std::string sound_device(std::string const& content) { return device(sound + content); }

/// The content begins in line 5, after the names of the service.
std::string service_of(std::string const& content)
{
    return sound_device("<serviceList><service><serviceType>urn:a-com:service:S:1</serviceType><serviceId>"
                        "urn:a-com:serviceId:S</serviceId>\n" +
                        content + "</service></serviceList>\n");
}

/// The variables begin in line 3, and after a variable V in line 2.
std::string state(std::string const& variables)
{
    return "<scpd xmlns='urn:schemas-upnp-org:service-1-0'>\n<serviceStateTable>"
           "<stateVariable><name>V</name><dataType>ui1</dataType></stateVariable>\n" +
           variables + "</serviceStateTable></scpd>\n";
}

/// The actions begin in line 2; there is a variable V.
std::string actions(std::string const& content)
{
    return "<scpd xmlns='urn:schemas-upnp-org:service-1-0'><actionList>\n" + content +
           "</actionList><serviceStateTable><stateVariable><name>V</name><dataType>ui1</dataType>"
           "</stateVariable></serviceStateTable></scpd>\n";
}

std::string argument(std::string const& name, std::string const& direction, std::string const& related = "V",
                     std::string const& retval = "")
{
    return "<argument><name>" + name + "</name><direction>" + direction + "</direction>" + retval +
           "<relatedStateVariable>" + related + "</relatedStateVariable></argument>\n";
}

TEST(document_faults, DESC_24_what_is_no_document_names_its_line)
{
    struct {
        std::string xml;
        char const* expected;
    } const table[] = {
        {"", "line 1: device description: does not follow its grammar (XML 1.0)"},
        {"<root>\n<device>\n</root>\n", "line 3: device description: does not follow its grammar (XML 1.0)"},
        {"<root>\n<device>\n\n\n", "line 2: device description: does not follow its grammar (XML 1.0)"},
        {"<root>\r\n<a>\r\nx\r\ny &nbsp; z</a></root>",
         "line 4: device description: does not follow its grammar (XML 1.0)"},
        {"<root>\n<a>\n<!-- a -- b --></a></root>",
         "line 3: device description: does not follow its grammar (XML 1.0)"},
        {"<root>\n<a>x &amp; y\n& z\n</a></root>",
         "line 3: device description: does not follow its grammar (XML 1.0)"},
        {"<root>\n<a b='1'\n c='&d;'/>\n</root>",
         "line 3: device description: does not follow its grammar (XML 1.0)"},
        {"<root>\n<a>x\n]]>\n</a></root>",
         "line 3: device description: does not follow its grammar (XML 1.0)"},
        {"<root/>\n\nx\n\n", "line 3: device description: does not follow its grammar (XML 1.0)"},
        {"<root/>\n<root/>", "line 2: device description: does not follow its grammar (XML 1.0)"},
        {"<?xml version='1.0'\n encoding='latin1'?><root/>",
         "line 2: device description: not supported (UDA 2.0, 2.3)"},
        {"<?xml version='1.0'?>\n\n<!DOCTYPE root>\n<root/>",
         "line 3: device description: has a document type declaration"},
        {"<root>\n<a>\n\xFC</a></root>",
         "line 3: device description: not UTF-8, or a character that XML forbids (UDA 2.0, 2.3)"},
        {"<root>\n" + std::string(256 * 1024, ' ') + "\n\n</root>", "line 1: device description: too large"},
    };
    for (auto const& row : table)
        EXPECT_EQ(device_faults(row.xml), lines{row.expected}) << row.xml.substr(0, 80);
    EXPECT_EQ(
        scpd_faults("<scpd>\n\xFC</scpd>"),
        lines{"line 2: service description: not UTF-8, or a character that XML forbids (UDA 2.0, 2.5)"});
    std::string deep = "<root>\n";
    for (int i = 0; i < 20; ++i)
        deep += "<device>\n";
    EXPECT_EQ(device_faults(deep), lines{"line 17: device description: too large"});
}

TEST(document_faults, DESC_30_DESC_34_DESC_60_another_kind_of_document)
{
    EXPECT_EQ(
        device_faults("\n<root/>"),
        lines{"line 2: root element (not a root of urn:schemas-upnp-org:device-1-0): not supported (UDA "
              "2.0, 2.3)"});
    EXPECT_EQ(device_faults("<root xmlns='urn:schemas-upnp-org:device-1-0'/>"),
              lines{"line 1: device: missing (UDA 2.0, 2.3)"});
    EXPECT_EQ(
        scpd_faults("<?xml version='1.0'?>\n<root xmlns='urn:schemas-upnp-org:device-1-0'/>"),
        lines{"line 2: root element (not an scpd of urn:schemas-upnp-org:service-1-0): not supported (UDA "
              "2.0, 2.5)"});
}

TEST(document_faults, DESC_33_URLBase_is_refused_with_its_line)
{
    EXPECT_EQ(device_faults("<root xmlns='urn:schemas-upnp-org:device-1-0'>\n<specVersion/>\n"
                            "<URLBase>http://192.0.2.1:80</URLBase>\n<device>" +
                            sound + "</device></root>"),
              lines{"line 3: URLBase: not supported (UDA 2.0, 2.3)"});
}

TEST(document_faults, DESC_35_DESC_45_texts_of_a_device)
{
    EXPECT_EQ(
        device_faults(device("")),
        (lines{"line 2: deviceType: missing (UDA 2.0, 2.3)", "line 2: UDN: missing (UDA 2.0, 2.3)",
               "line 2: friendlyName: missing (UDA 2.0, 2.3)", "line 2: manufacturer: missing (UDA 2.0, 2.3)",
               "line 2: modelName: missing (UDA 2.0, 2.3)"}));
    EXPECT_EQ(
        device_faults(device("<deviceType>Basic</deviceType>\n"
                             "<friendlyName>" +
                             std::string(64, 'x') + "</friendlyName>\n<manufacturer> </manufacturer>\n" +
                             "<manufacturerURL>http://a b/</manufacturerURL>\n<modelDescription>" +
                             std::string(128, 'x') + "</modelDescription>\n<modelName>" +
                             std::string(32, 'x') + "</modelName>\n<modelNumber>" + std::string(32, 'x') +
                             "</modelNumber>\n<serialNumber>" + std::string(64, 'x') +
                             "</serialNumber>\n<UDN>uuid:1</UDN>\n<UDN/>\n" + "<UPC>1234</UPC>\n")),
        (lines{"line 3: deviceType: does not follow its grammar (UDA 2.0, 2.3)",
               "line 4: friendlyName: too large (UDA 2.0, 2.3)",
               "line 5: manufacturer: missing (UDA 2.0, 2.3)",
               "line 6: manufacturerURL: does not follow its grammar (UDA 2.0, 2.3)",
               "line 7: modelDescription: too large (UDA 2.0, 2.3)",
               "line 8: modelName: too large (UDA 2.0, 2.3)", "line 9: modelNumber: too large (UDA 2.0, 2.3)",
               "line 10: serialNumber: too large (UDA 2.0, 2.3)",
               "line 11: UDN: does not follow its grammar (UDA 2.0, 2.3)",
               "line 12: UDN: occurs twice (UDA 2.0, 2.3)",
               "line 13: UPC: does not follow its grammar (UDA 2.0, 2.3)"}));
}

TEST(document_faults, DESC_47_icons)
{
    EXPECT_EQ(
        device_faults(
            sound_device("<iconList>\n<icon/>\n<icon>\n<mimetype>text/html</mimetype>\n<width>wide</width>\n"
                         "<height>0</height>\n<depth>24</depth>\n<url>a b.png</url>\n</icon></iconList>\n")),
        (lines{"line 5: icon 1, mimetype: missing (UDA 2.0, 2.3)",
               "line 5: icon 1, width: missing (UDA 2.0, 2.3)",
               "line 5: icon 1, height: missing (UDA 2.0, 2.3)",
               "line 5: icon 1, depth: missing (UDA 2.0, 2.3)", "line 5: icon 1, url: missing (UDA 2.0, 2.3)",
               "line 7: icon 2, mimetype: does not follow its grammar (UDA 2.0, 2.3)",
               "line 8: icon 2, width: does not follow its grammar (UDA 2.0, 2.3)",
               "line 9: icon 2, height: missing (UDA 2.0, 2.3)",
               "line 11: icon 2, url: does not follow its grammar (UDA 2.0, 2.3)"}));
}

TEST(document_faults, DESC_49_DESC_53_services)
{
    EXPECT_EQ(
        device_faults(sound_device("<serviceList>\n<service/>\n"
                                   "<service><serviceType>S</serviceType><serviceId>urn:a-com:serviceId:S"
                                   "</serviceId>\n<SCPDURL>/s</SCPDURL><controlURL>/c</controlURL>"
                                   "<eventSubURL>/e?x</eventSubURL></service>\n"
                                   "<service><serviceType>urn:a-com:service:S:1</serviceType>\n"
                                   "<serviceId>urn:a-com:serviceId:S</serviceId><SCPDURL>/s</SCPDURL>"
                                   "<controlURL>/c</controlURL></service></serviceList>\n")),
        (lines{"line 5: service, serviceId: missing (UDA 2.0, 2.3)",
               "line 5: service, serviceType: missing (UDA 2.0, 2.3)",
               "line 5: service, SCPDURL: missing (UDA 2.0, 2.3)",
               "line 5: service, controlURL: missing (UDA 2.0, 2.3)",
               "line 5: service, eventSubURL: missing (UDA 2.0, 2.3)",
               "line 6: service urn:a-com:serviceId:S, serviceType: does not follow its grammar (UDA 2.0, "
               "2.3)",
               "line 7: service urn:a-com:serviceId:S, eventSubURL: does not follow its grammar (UDA 2.0, "
               "2.3)",
               "line 8: service urn:a-com:serviceId:S, eventSubURL: missing (UDA 2.0, 2.3)",
               "line 8: service urn:a-com:serviceId:S, serviceId: occurs twice (UDA 2.0, 2.3)"}));
}

TEST(document_faults, DESC_51_URLs_that_lead_elsewhere)
{
    EXPECT_EQ(device_faults(service_of("<SCPDURL>http://192.0.2.1/s</SCPDURL>\n"
                                       "<controlURL>//192.0.2.1/c</controlURL>\n"
                                       "<eventSubURL>../e</eventSubURL>\n")),
              (lines{"line 5: service urn:a-com:serviceId:S, SCPDURL: not supported (UDA 2.0, 2.3)",
                     "line 6: service urn:a-com:serviceId:S, controlURL: not supported (UDA 2.0, 2.3)",
                     "line 7: service urn:a-com:serviceId:S, eventSubURL: does not follow its grammar (UDA "
                     "2.0, 2.3)"}));
}

TEST(document_faults, DESC_54_embedded_devices)
{
    EXPECT_EQ(device_faults(sound_device("<deviceList>\n<device>\n<friendlyName>Inner</friendlyName>\n<UPC>x"
                                         "</UPC>\n<deviceList>\n<device>" +
                                         sound + "<UPC>y</UPC></device></deviceList></device></deviceList>")),
              (lines{"line 5: device Inner, deviceType: missing (UDA 2.0, 2.3)",
                     "line 5: device Inner, UDN: missing (UDA 2.0, 2.3)",
                     "line 5: device Inner, manufacturer: missing (UDA 2.0, 2.3)",
                     "line 5: device Inner, modelName: missing (UDA 2.0, 2.3)",
                     "line 7: device Inner, UPC: does not follow its grammar (UDA 2.0, 2.3)",
                     "line 10: device Inner, device Box, UPC: does not follow its grammar (UDA 2.0, 2.3)"}));
}

TEST(document_faults, DESC_54_embedded_devices_of_one_name_or_none)
{
    auto const inner = [](char digit, std::string const& name, std::string const& rest) {
        return "<device><deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType>" + name +
               "<manufacturer>Example</manufacturer><modelName>B1</modelName>"
               "<UDN>uuid:00000000-0000-0000-0000-00000000000" +
               digit + "</UDN>" + rest + "</device>\n";
    };
    std::string const port = "<friendlyName>Port</friendlyName>";
    EXPECT_EQ(device_faults(sound_device("<deviceList>\n" + inner('2', port, "<UPC>x</UPC>") +
                                         inner('3', port, "<UPC>x</UPC>") + inner('4', "", "") +
                                         inner('5', port + port, "") + "</deviceList>")),
              (lines{"line 5: device Port, UPC: does not follow its grammar (UDA 2.0, 2.3)",
                     "line 6: device 2, UPC: does not follow its grammar (UDA 2.0, 2.3)",
                     "line 7: device 3, friendlyName: missing (UDA 2.0, 2.3)",
                     "line 8: device 4, friendlyName: occurs twice (UDA 2.0, 2.3)"}));
}

TEST(document_faults, what_is_there_twice_is_told_once)
{
    EXPECT_EQ(
        device_faults(service_of("<SCPDURL>/s</SCPDURL>\n<SCPDURL>/s</SCPDURL><controlURL>/c</controlURL>\n"
                                 "<eventSubURL/>\n<eventSubURL/>")),
        (lines{"line 6: service urn:a-com:serviceId:S, SCPDURL: occurs twice (UDA 2.0, 2.3)",
               "line 8: service urn:a-com:serviceId:S, eventSubURL: occurs twice (UDA 2.0, 2.3)"}));
}

TEST(document_faults, the_path_it_is_to_be_served_at_is_no_fault_of_the_document)
{
    auto const read = device_description::parse(sound_device(""), "desc.xml");
    ASSERT_FALSE(read);
    EXPECT_EQ(faults_of(read.error()), lines{"description_path: does not follow its grammar"});
}

TEST(document_faults, DESC_67_DESC_75_state_variables)
{
    EXPECT_EQ(scpd_faults("<scpd xmlns='urn:schemas-upnp-org:service-1-0'>\n<actionList/></scpd>"),
              lines{"line 1: serviceStateTable: missing (UDA 2.0, 2.5)"});
    EXPECT_EQ(
        scpd_faults(state(
            "<stateVariable/>\n"
            "<stateVariable sendEvents='no'\n multicast='yes'><name>A</name><dataType>i5</dataType>"
            "</stateVariable>\n"
            "<stateVariable "
            "sendEvents='often'><name>V</name>\n<dataType>string</dataType>\n<allowedValueList>"
            "<allowedValue>a</allowedValue>\n<allowedValue/>\n<allowedValue>a</"
            "allowedValue>\n<allowedValue>" +
            std::string(32, 'x') +
            "</allowedValue></allowedValueList>\n<defaultValue>b</defaultValue></stateVariable>\n"
            "<stateVariable><name>1</name><dataType>ui1</dataType>\n<defaultValue>256</defaultValue>"
            "<allowedValueRange>\n<minimum>5</minimum><maximum>x</maximum></allowedValueRange>"
            "</stateVariable>\n"
            "<stateVariable><name>B</name><dataType>ui1</dataType><allowedValueRange>\n<minimum>0</minimum>\n"
            "<maximum>10</maximum>\n<step>3</step></allowedValueRange></stateVariable>\n"
            "<stateVariable><name>C</name><dataType>boolean</dataType>\n<allowedValueList>"
            "<allowedValue>1</allowedValue></allowedValueList></stateVariable>\n"
            "<stateVariable><name>D</name><dataType>i1</dataType>\n<allowedValueRange><minimum>2</minimum>"
            "<maximum>1</maximum></allowedValueRange></stateVariable>\n"
            "<stateVariable><name>E</name><dataType> </dataType></stateVariable>\n"
            "<stateVariable><name>F</name><dataType>i1</dataType><allowedValueRange>\n<minimum>x</minimum>\n"
            "<maximum>1</maximum>\n<step>y</step></allowedValueRange></stateVariable>\n")),
        (lines{
            "line 3: stateVariable, name: missing (UDA 2.0, 2.5)",
            "line 3: stateVariable, dataType: missing (UDA 2.0, 2.5)",
            "line 4: stateVariable A, multicast: contradicts another part (UDA 2.0, 2.5)",
            "line 5: stateVariable A, dataType: not supported (UDA 2.0, 2.5)",
            "line 6: stateVariable V, sendEvents: does not follow its grammar (UDA 2.0, 2.5)",
            "line 6: stateVariable V, name: occurs twice (UDA 2.0, 2.5)",
            "line 9: stateVariable V, allowedValueList, allowedValue: does not follow its grammar (UDA 2.0, "
            "2.5)",
            "line 10: stateVariable V, allowedValueList, allowedValue a: occurs twice (UDA 2.0, 2.5)",
            "line 11: stateVariable V, allowedValueList, allowedValue xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: too "
            "large (UDA 2.0, 2.5)",
            "line 13: stateVariable 1, name: does not follow its grammar (UDA 2.0, 2.5)",
            "line 14: stateVariable 1, defaultValue: outside its range or list (UDA 2.0, 2.5)",
            "line 15: stateVariable 1, allowedValueRange, maximum: does not follow its grammar (UDA 2.0, "
            "2.5)",
            "line 19: stateVariable B, allowedValueRange, step: outside its range or list (UDA 2.0, 2.5)",
            "line 21: stateVariable C, allowedValueList: of another type than declared (UDA 2.0, 2.5)",
            "line 23: stateVariable D, allowedValueRange: contradicts another part (UDA 2.0, 2.5)",
            "line 24: stateVariable E, dataType: missing (UDA 2.0, 2.5)",
            "line 26: stateVariable F, allowedValueRange, minimum: does not follow its grammar (UDA 2.0, "
            "2.5)",
            "line 28: stateVariable F, allowedValueRange, step: does not follow its grammar (UDA 2.0, "
            "2.5)"}));
}

TEST(document_faults, DESC_64_DESC_66_actions_and_arguments)
{
    EXPECT_EQ(
        scpd_faults(actions("<action/>\n<action><name>A</name></action>\n<action>\n<name>A</name></action>\n"
                            "<action><name>B</name><argumentList>\n" +
                            argument("O", "out") + argument("I", "in") +
                            argument("R", "out", "V", "<retval/>") + argument("R", "out", "W") +
                            argument("-", "sideways") + "</argumentList></action>\n")),
        (lines{
            "line 2: action, name: missing (UDA 2.0, 2.5)",
            "line 4: action A, name: occurs twice (UDA 2.0, 2.5)",
            "line 8: action B, argument I, direction (in after out): contradicts another part (UDA 2.0, 2.5)",
            "line 9: action B, argument R, retval: contradicts another part (UDA 2.0, 2.5)",
            "line 10: action B, argument R, name: occurs twice (UDA 2.0, 2.5)",
            "line 10: action B, argument R, relatedStateVariable W: a name that nothing declares (UDA 2.0, "
            "2.5)",
            "line 11: action B, argument -, direction: does not follow its grammar (UDA 2.0, 2.5)",
            "line 11: action B, argument -, name: does not follow its grammar (UDA 2.0, 2.5)"}));
    EXPECT_EQ(
        scpd_faults(actions("<action/>\n<action><argumentList><argument/></argumentList></action>\n")),
        (lines{"line 2: action, name: missing (UDA 2.0, 2.5)", "line 3: action, name: missing (UDA 2.0, 2.5)",
               "line 3: action, argument, name: missing (UDA 2.0, 2.5)",
               "line 3: action, argument, direction: missing (UDA 2.0, 2.5)",
               "line 3: action, argument, relatedStateVariable: missing (UDA 2.0, 2.5)"}));
    EXPECT_EQ(
        scpd_faults(actions("<action><name>A</name><argumentList>\n<argument/></argumentList></action>")),
        (lines{"line 3: action A, argument, name: missing (UDA 2.0, 2.5)",
               "line 3: action A, argument, direction: missing (UDA 2.0, 2.5)",
               "line 3: action A, argument, relatedStateVariable: missing (UDA 2.0, 2.5)"}));
}

TEST(document_faults, a_file_is_named_in_every_line_and_in_what)
{
    auto const path =
        (std::filesystem::path{testing::TempDir()} / "onlink_document_faults_test.xml").string();
    std::ofstream{path, std::ios::binary} << sound_device("<UPC>1</UPC>\n<modelURL>a b</modelURL>\n"
                                                          "<presentationURL>a b</presentationURL>\n"
                                                          "<URL/>\n<serialNumber/>\n<modelNumber/>\n"
                                                          "<iconList><icon/></iconList>\n");
    auto const read = device_description::load_file(path);
    std::remove(path.c_str());
    auto const expected = path + ":4: UPC: does not follow its grammar (UDA 2.0, 2.3)\n" + path +
                          ":5: modelURL: does not follow its grammar (UDA 2.0, 2.3)\n" + path +
                          ":6: presentationURL: does not follow its grammar (UDA 2.0, 2.3)\n" + path +
                          ":10: icon 1, mimetype: missing (UDA 2.0, 2.3)\n" + path +
                          ":10: icon 1, width: missing (UDA 2.0, 2.3)\n" + path +
                          ":10: icon 1, height: missing (UDA 2.0, 2.3)\n" + path +
                          ":10: icon 1, depth: missing (UDA 2.0, 2.3)\n" + path +
                          ":10: icon 1, url: missing (UDA 2.0, 2.3)";
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().all().size(), 8u);
    EXPECT_EQ(read.error().message(), expected);
    try {
        (void)read.value();
        FAIL() << "value() of a document with faults";
    } catch (configuration_error const& e) {
        EXPECT_EQ(e.what(), expected);
        EXPECT_EQ(e.what_is_wrong().line, 4u);
        EXPECT_EQ(e.what_is_wrong().file, path);
    }
}

TEST(document_faults, no_more_than_a_number_are_kept)
{
    auto const with = [](std::size_t faults) {
        std::string icons;
        for (std::size_t i = 0; i < faults; ++i)
            icons += "<icon><mimetype>image/png</mimetype><width>1</width><height>1</height><depth>1</depth>"
                     "</icon>\n";
        return device_description::parse(sound_device("<iconList>\n" + icons + "</iconList>")).error();
    };
    constexpr auto most = document_faults::most;
    EXPECT_EQ(with(most).all().size(), most);
    EXPECT_EQ(with(most).more(), 0u);
    EXPECT_FALSE(with(most).message().ends_with("more"));
    auto const many = with(most + 7);
    EXPECT_EQ(many.all().size(), most);
    EXPECT_EQ(many.more(), 7u);
    EXPECT_EQ(many.all().back().line, 4 + most) << "those that come first in the document";
    EXPECT_TRUE(many.message().ends_with("\nand 7 more")) << many.message();
}

} // namespace
} // namespace onlink
