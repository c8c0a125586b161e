// SPDX-License-Identifier: BSL-1.0
// Requests in the shapes that control points of the field send, written after them. Each switches the lamp
// on.
#include "support/lamp_host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct request_shape {
    char const* name;
    char const* fields; ///< but HOST and CONTENT-LENGTH
    char const* body;
};

void PrintTo(request_shape const& s, std::ostream* out) { *out << s.name; }

constexpr request_shape shapes[] = {
    {"libupnp",
     "CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"
     "SOAPACTION: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n"
     "USER-AGENT: Linux/5.10, UPnP/1.0, Portable SDK for UPnP devices/1.6.19\r\n",
     "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
     "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\n<s:Body>"
     "<u:SetTarget xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\">\n"
     "<newTargetValue>1</newTargetValue>\n</u:SetTarget>\n</s:Body>\n</s:Envelope>"},
    {"miniupnpc",
     "User-Agent: Debian/12, UPnP/1.1, MiniUPnPc/2.2.4\r\nContent-Type: text/xml\r\n"
     "SOAPAction: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n"
     "Connection: Close\r\nCache-Control: no-cache\r\nPragma: no-cache\r\n",
     "<?xml version=\"1.0\"?>\r\n<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
     "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>"
     "<u:SetTarget xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\"><newTargetValue>1</newTargetValue>"
     "</u:SetTarget></s:Body></s:Envelope>\r\n"},
    {"GUPnP",
     "User-Agent: gupnp-universal-cp GUPnP/1.6.3 DLNADOC/1.50\r\nAccept-Language: en-us;q=1, en;q=0.5\r\n"
     "Accept-Encoding: gzip\r\nContent-Type: text/xml; charset=\"utf-8\"\r\n"
     "SOAPAction: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n",
     "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
     "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>"
     "<u:SetTarget xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\">"
     "<newTargetValue>True</newTargetValue></u:SetTarget></s:Body></s:Envelope>"},
    {"Windows",
     "Content-Type: text/xml; charset=\"utf-8\"\r\n"
     "SOAPAction: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n"
     "User-Agent: Mozilla/4.0 (compatible; UPnP/1.0; Windows 9x)\r\nPragma: no-cache\r\n",
     "<?xml version=\"1.0\"?>\r\n<SOAP-ENV:Envelope "
     "xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" "
     "SOAP-ENV:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><SOAP-ENV:Body>"
     "<m:SetTarget xmlns:m=\"urn:schemas-upnp-org:service:SwitchPower:1\">"
     "<newTargetValue xmlns:dt=\"urn:schemas-microsoft-com:datatypes\" dt:dt=\"boolean\">1</newTargetValue>"
     "</m:SetTarget></SOAP-ENV:Body></SOAP-ENV:Envelope>\r\n"},
    {"Cling_BubbleUPnP",
     "User-Agent: Android/13 UPnP/1.0 Cling/2.0\r\nContent-type: text/xml;charset=\"utf-8\"\r\n"
     "Soapaction: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n",
     "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>"
     "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
     "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body>"
     "<u:SetTarget "
     "xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\"><newTargetValue>true</newTargetValue>"
     "</u:SetTarget></s:Body></s:Envelope>"},
    {"Platinum_Kodi",
     "Content-Type: text/xml; charset=\"utf-8\"\r\nUser-Agent: UPnP/1.0 DLNADOC/1.50 Kodi\r\n"
     "SOAPAction: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n",
     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
     "<s:Envelope s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\" "
     "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
     "<u:SetTarget xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\"><newTargetValue>1</newTargetValue>"
     "</u:SetTarget></s:Body></s:Envelope>"},
    {"toolkits_with_types_and_a_Header",
     "Content-Type: text/xml; charset=utf-8\r\n"
     "SOAPAction: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n",
     "<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope "
     "xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" "
     "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">"
     "<soap:Header/><soap:Body><u:SetTarget xmlns:u=\"urn:schemas-upnp-org:service:SwitchPower:1\">"
     "<newTargetValue "
     "xsi:type=\"xsd:boolean\">yes</newTargetValue></u:SetTarget></soap:Body></soap:Envelope>"},
    {"namespaces_without_prefixes",
     "CONTENT-TYPE: text/xml\r\nSOAPACTION: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n",
     "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/envelope/\"><Body>"
     "<SetTarget xmlns=\"urn:schemas-upnp-org:service:SwitchPower:1\"><newTargetValue "
     "xmlns=\"\">1</newTargetValue>"
     "</SetTarget></Body></Envelope>"},
    {"a_namespace_declared_far_above",
     "CONTENT-TYPE: text/xml\r\nSOAPACTION: \"urn:schemas-upnp-org:service:SwitchPower:1#SetTarget\"\r\n",
     "<a:Envelope xmlns:a=\"http://schemas.xmlsoap.org/soap/envelope/\" "
     "xmlns:b=\"urn:schemas-upnp-org:service:SwitchPower:1\"><a:Body>\n\n<b:SetTarget>\n"
     "  <!-- on --><newTargetValue><![CDATA[1]]></newTargetValue><?x "
     "y?></b:SetTarget></a:Body></a:Envelope>"},
};

class control_points : public testing::TestWithParam<request_shape> {};

TEST_P(control_points, CTRL_01_DESC_25_DESC_26_are_understood)
{
    lamp_host host;
    host.start_and_settle();
    std::string const body = GetParam().body;
    auto const heard = host.http("POST /sp/control HTTP/1.1\r\nHOST: 192.168.20.5:49300\r\n" +
                                 std::string{GetParam().fields} +
                                 "CONTENT-LENGTH: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    EXPECT_THAT(heard.bytes, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(heard.bytes, HasSubstr("<u:SetTargetResponse "));
    EXPECT_TRUE(host.power.state().get<bool>("Target"));
}

INSTANTIATE_TEST_SUITE_P(table, control_points, testing::ValuesIn(shapes),
                         [](auto const& shape) { return shape.param.name; });

} // namespace
} // namespace onlink::test
