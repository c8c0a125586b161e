// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_CONTROL_MANDATORY_EXTENSION_HPP
#define ONLINK_CONTROL_MANDATORY_EXTENSION_HPP

#include "http/http_message.hpp"

#include <optional>
#include <string_view>

namespace onlink {

/// SOAPACTION of an M-POST, as UDA 1.0, 3.2.2 has it after RFC 2774: MAN declares the envelope's namespace
/// and a number, e.g. `"http://schemas.xmlsoap.org/soap/envelope/"; ns=01`, and the field is called
/// `01-SOAPACTION`. Nothing if MAN declares anything else, or nothing: such a request is not understood
/// (510). A declaration that is understood, without its field, gives an empty text.
std::optional<std::string_view> mandatory_soap_action(header_fields const& fields);

} // namespace onlink

#endif
