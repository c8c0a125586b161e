// SPDX-License-Identifier: BSL-1.0
#include <onlink/upnp_error.hpp>

#include <stdexcept>

namespace onlink {

char const* standard_description(int code) noexcept
{
    switch (code) { // UDA 2.0, 3.2.5, table 3-3
    case 401:
        return "Invalid Action";
    case 402:
        return "Invalid Args";
    case 404: // UDA 1.0, 3.3.2: only for QueryStateVariable
        return "Invalid Var";
    case 501:
        return "Action Failed";
    case 600:
        return "Argument Value Invalid";
    case 601:
        return "Argument Value Out of Range";
    case 602:
        return "Optional Action Not Implemented";
    case 603:
        return "Out of Memory";
    case 604:
        return "Human Intervention Required";
    case 605:
        return "String Argument Too Long";
    // The table reserves 606..612 for DeviceSecurity; these are the names in that service.
    case 606:
        return "Action Not Authorized";
    case 607:
        return "Signature Failure";
    case 608:
        return "Signature Missing";
    case 609:
        return "Not Encrypted";
    case 610:
        return "Invalid Sequence";
    case 611:
        return "Invalid Control URL";
    case 612:
        return "No Such Session";
    default:
        return "";
    }
}

void throw_exception_from_error(upnp_error const& e, boost::source_location const&)
{
    std::string const text = e.description.empty() ? standard_description(e.code) : e.description;
    throw std::runtime_error("UPnP error " + std::to_string(e.code) + (text.empty() ? "" : ": " + text));
}

} // namespace onlink
