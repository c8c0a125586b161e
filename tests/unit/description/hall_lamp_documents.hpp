// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_UNIT_DESCRIPTION_HALL_LAMP_DOCUMENTS_HPP
#define ONLINK_TESTS_UNIT_DESCRIPTION_HALL_LAMP_DOCUMENTS_HPP

#include "model/device_tree.hpp"
#include "support/hall_lamp.hpp"

#include <string>
#include <string_view>

// The device of the golden messages without handlers, and its documents.
namespace onlink::test {

/// The text with every line end as CR LF, and without the line end after the opening parenthesis of a raw
/// string.
inline std::string wire_text(std::string_view text)
{
    if (text.starts_with('\n'))
        text.remove_prefix(1);
    std::string out;
    for (char const c : text) {
        if (c == '\n')
            out += '\r';
        out += c;
    }
    return out;
}

inline device hall_lamp()
{
    service power{switch_power_identity(), switch_power_contract()};
    for (auto const* action : {"SetTarget", "GetTarget", "GetStatus"})
        power.leave_unimplemented(action);
    device lamp{hall_lamp_description()};
    lamp.add(power).add(service{lamp_health_identity(), lamp_health_contract()});
    return lamp;
}

/// The body of golden message G-13.
inline std::string hall_lamp_document()
{
    return wire_text(R"(
<?xml version="1.0" encoding="utf-8"?>
<root xmlns="urn:schemas-upnp-org:device-1-0" configId="42">
<specVersion><major>2</major><minor>0</minor></specVersion>
<device>
<deviceType>urn:schemas-upnp-org:device:BinaryLight:1</deviceType>
<friendlyName>Hall Lamp</friendlyName>
<manufacturer>Example Lamps</manufacturer>
<manufacturerURL>http://www.example.com/</manufacturerURL>
<modelDescription>Ceiling lamp, one relay</modelDescription>
<modelName>CL-1</modelName>
<modelNumber>1.2</modelNumber>
<modelURL>http://www.example.com/cl1</modelURL>
<serialNumber>000417</serialNumber>
<UDN>uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6</UDN>
<iconList>
<icon><mimetype>image/png</mimetype><width>48</width><height>48</height><depth>24</depth><url>/icon48.png</url></icon>
</iconList>
<serviceList>
<service>
<serviceType>urn:schemas-upnp-org:service:SwitchPower:1</serviceType>
<serviceId>urn:upnp-org:serviceId:SwitchPower:1</serviceId>
<SCPDURL>/sp/scpd.xml</SCPDURL>
<controlURL>/sp/control</controlURL>
<eventSubURL>/sp/event</eventSubURL>
</service>
<service>
<serviceType>urn:example-com:service:LampHealth:1</serviceType>
<serviceId>urn:example-com:serviceId:LampHealth</serviceId>
<SCPDURL>/lh/scpd.xml</SCPDURL>
<controlURL>/lh/control</controlURL>
<eventSubURL>/lh/event</eventSubURL>
</service>
</serviceList>
<presentationURL>/ui/</presentationURL>
</device>
</root>)");
}

/// The body of golden message G-14.
inline std::string switch_power_document()
{
    return wire_text(R"(
<?xml version="1.0" encoding="utf-8"?>
<scpd xmlns="urn:schemas-upnp-org:service-1-0" configId="42">
<specVersion><major>2</major><minor>0</minor></specVersion>
<actionList>
<action><name>SetTarget</name><argumentList>
<argument><name>newTargetValue</name><direction>in</direction><relatedStateVariable>Target</relatedStateVariable></argument>
</argumentList></action>
<action><name>GetTarget</name><argumentList>
<argument><name>RetTargetValue</name><direction>out</direction><relatedStateVariable>Target</relatedStateVariable></argument>
</argumentList></action>
<action><name>GetStatus</name><argumentList>
<argument><name>ResultStatus</name><direction>out</direction><relatedStateVariable>Status</relatedStateVariable></argument>
</argumentList></action>
</actionList>
<serviceStateTable>
<stateVariable sendEvents="no"><name>Target</name><dataType>boolean</dataType><defaultValue>0</defaultValue></stateVariable>
<stateVariable sendEvents="yes"><name>Status</name><dataType>boolean</dataType><defaultValue>0</defaultValue></stateVariable>
</serviceStateTable>
</scpd>)");
}

/// The body of golden message G-15.
inline std::string lamp_health_document()
{
    return wire_text(R"(
<?xml version="1.0" encoding="utf-8"?>
<scpd xmlns="urn:schemas-upnp-org:service-1-0" configId="42">
<specVersion><major>2</major><minor>0</minor></specVersion>
<serviceStateTable>
<stateVariable sendEvents="yes" multicast="yes"><name>LampState</name><dataType>string</dataType><defaultValue>OK</defaultValue><allowedValueList><allowedValue>OK</allowedValue><allowedValue>BURNT_OUT</allowedValue></allowedValueList></stateVariable>
</serviceStateTable>
</scpd>)");
}

} // namespace onlink::test

#endif
