// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CONTROL_SOAP_REQUEST_HPP
#define ONLINK_CONTROL_SOAP_REQUEST_HPP

#include "xml/xml_budget.hpp"

#include <boost/system/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace onlink {

/// Why a body is no SOAP request; each has its own answer.
enum class soap_defect : unsigned char {
    bad_xml,          ///< 400: not well formed, over budget, or with a DOCTYPE
    structure,        ///< 400: no Envelope, not exactly one Body, not exactly one element in it
    version_mismatch, ///< fault: an Envelope of another SOAP (UDA 2.0, 3.1.1)
    must_understand,  ///< fault: a Header entry that insists on being understood (UDA 2.0, 3.1.1)
};

/// An argument as text, before the SCPD has seen it.
struct text_argument {
    std::string name;
    std::string text;
    bool has_elements = false; ///< markup where a value belongs
};

/// The action element of a SOAP 1.1 envelope.
struct soap_request {
    std::string type_uri; ///< namespace of the action element
    std::string action;
    /// Its children without a prefix, in order (UDA 2.0, 3.2.1: arguments carry none); those of a
    /// QueryStateVariable have the prefix of the request itself (UDA 1.0, 3.3.1).
    std::vector<text_argument> arguments;

    static boost::system::result<soap_request, soap_defect> parse(std::string_view body,
                                                                  xml_budget const& budget);
};

[[noreturn]] void throw_exception_from_error(soap_defect defect, boost::source_location const&);

} // namespace onlink

#endif
