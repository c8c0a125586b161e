// SPDX-License-Identifier: BSL-1.0
#include "ssdp/search_target.hpp"

namespace onlink {

result<search_target> parse_search_target(std::string_view text)
{
    if (text == "ssdp:all")
        return search_target{search_all{}};
    if (text == "upnp:rootdevice")
        return search_target{search_root{}};
    if (auto const name = udn::parse(text))
        return search_target{*name};
    if (auto type = device_type::parse(text))
        return search_target{*std::move(type)};
    if (auto type = service_type::parse(text))
        return search_target{*std::move(type)};
    return errc::malformed;
}

std::string to_string(search_target const& target)
{
    std::string text;
    append_to(text, target);
    return text;
}

void append_to(std::string& out, search_target const& target)
{
    if (std::holds_alternative<search_all>(target))
        out += "ssdp:all";
    else if (std::holds_alternative<search_root>(target))
        out += "upnp:rootdevice";
    else if (auto const* name = std::get_if<udn>(&target))
        name->append_to(out);
    else if (auto const* type = std::get_if<device_type>(&target))
        type->append_to(out);
    else
        std::get<service_type>(target).append_to(out);
}

} // namespace onlink
