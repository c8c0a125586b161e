// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CONTROL_SOAP_ENVELOPE_HPP
#define ONLINK_CONTROL_SOAP_ENVELOPE_HPP

#include "xml/xml_writer.hpp"

#include <string_view>

namespace onlink {

/// Of faults and of QueryStateVariable (UDA 2.0, 3.2.5, 3.3).
inline constexpr std::string_view control_namespace = "urn:schemas-upnp-org:control-1-0";

/// Everything of an envelope before the content of its Body. encodingStyle is always sent (UDA 2.0, 3.1.1).
inline void open_soap_body(xml_writer& xml)
{
    xml.copied("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
               "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\">\r\n<s:Body>\r\n");
}

inline void close_soap_body(xml_writer& xml) { xml.close("s:Body").line().close("s:Envelope"); }

} // namespace onlink

#endif
