// SPDX-License-Identifier: BSL-1.0
#include <onlink/exposure.hpp>

#include "base/ip.hpp"

namespace onlink {

namespace {

void append_item(std::string& list, std::string_view item)
{
    list.append(list.empty() ? "" : ", ").append(item);
}

} // namespace

std::string_view to_string(exposed_function function) noexcept
{
    switch (function) {
    case exposed_function::discovery:
        return "discovery";
    case exposed_function::description:
        return "description";
    case exposed_function::control:
        return "control";
    case exposed_function::subscription:
        return "subscription";
    case exposed_function::event_delivery:
        return "event delivery";
    case exposed_function::multicast_events:
        return "multicast events";
    }
    return "unknown function";
}

std::string_view to_string(containment what) noexcept
{
    switch (what) {
    case containment::bound_to_device:
        return "interface";
    case containment::hop_limit:
        return "hop limit";
    case containment::no_routing:
        return "no routing";
    }
    return "unknown containment";
}

std::string to_string(exposed_endpoint const& where)
{
    std::string text{to_string(where.function)};
    if (where.port != 0)
        text.append(" at ").append(to_authority({where.address, where.port}));
    else
        text.append(" from ").append(to_url_host(where.address));
    text.append(" on ").append(where.interface_name);

    std::string segment;
    for (auto const& prefix : where.segment)
        append_item(segment, prefix.to_string());
    text.append(where.port != 0 ? " for " : " to ").append(segment);

    std::string held;
    for (auto const each : where.contained_by)
        append_item(held, to_string(each));
    text.append("; contained by ").append(held.empty() ? "our checks alone" : held);

    std::string missing;
    for (auto const& gap : where.gaps)
        append_item(missing, std::string{to_string(gap.what)} + " (" + gap.why + ')');
    if (!missing.empty())
        text.append("; not in force: ").append(missing);
    return text;
}

} // namespace onlink
