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
    if (std::holds_alternative<search_all>(target))
        return "ssdp:all";
    if (std::holds_alternative<search_root>(target))
        return "upnp:rootdevice";
    if (auto const* name = std::get_if<udn>(&target))
        return name->to_string();
    if (auto const* type = std::get_if<device_type>(&target))
        return type->to_string();
    return std::get<service_type>(target).to_string();
}

} // namespace onlink
