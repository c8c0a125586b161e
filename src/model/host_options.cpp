// SPDX-License-Identifier: BSL-1.0
#include <onlink/host_options.hpp>

#include "base/ascii.hpp"

#include <algorithm>

namespace onlink {

namespace {

std::optional<defect> find_defect(std::optional<product_token> const& product, std::string const& where)
{
    if (!product)
        return std::nullopt;
    if (!ascii::is_token(product->name))
        return defect{errc::malformed, where + ".name"};
    if (!ascii::is_token(product->version))
        return defect{errc::malformed, where + ".version"};
    return std::nullopt;
}

/// RFC 5646, 2.1, as far as its form goes: subtags of 1 to 8 letters or digits, the first all letters.
bool is_language_tag(std::string_view text) noexcept
{
    bool first = true;
    while (true) {
        auto const subtag = text.substr(0, text.find('-'));
        if (subtag.empty() || subtag.size() > 8)
            return false;
        for (char const c : subtag)
            if (!ascii::is_alpha(c) && (first || !ascii::is_digit(c)))
                return false;
        if (subtag.size() == text.size())
            return true;
        text.remove_prefix(subtag.size() + 1);
        first = false;
    }
}

} // namespace

checked<void> host_options::check() const
{
    constexpr std::uint32_t max_boot_id = 2147483647; // UDA 2.0, 1.2.2: a non-negative 31-bit integer
    constexpr std::size_t max_extra_segments = 64;    // walked for every datagram
    constexpr std::uint32_t max_config_id = 16777215; // UDA 2.0, 1.2.2: larger ones are reserved

    if (auto const legal = limits.check(); !legal)
        return legal.error();
    if (policies.multicast_ttl && *policies.multicast_ttl == 0)
        return defect{errc::out_of_range, "policies.multicast_ttl"};
    if (policies.site_hop_limit == 0)
        return defect{errc::out_of_range, "policies.site_hop_limit"};
    if (search_port && *search_port < 49152) // UDA 2.0, 1.2.2
        return defect{errc::out_of_range, "search_port"};
    if (policies.multicast_event_repeats > 3) // beside the event itself; more would only crowd the air
        return defect{errc::out_of_range, "policies.multicast_event_repeats"};
    // 5 s: a control point that waits longer for its first event takes the subscription for broken.
    if (policies.initial_event_delay < std::chrono::milliseconds{0} ||
        policies.initial_event_delay > std::chrono::seconds{5})
        return defect{errc::out_of_range, "policies.initial_event_delay"};
    for (auto i = interfaces.begin(); i != interfaces.end(); ++i) {
        auto const where = "interfaces, " + ascii::printable(*i);
        if (i->empty())
            return defect{errc::malformed, "interfaces"};
        if (std::find(interfaces.begin(), i, *i) != i)
            return defect{errc::duplicate, where};
    }
    if (extra_segments.size() > max_extra_segments)
        return defect{errc::too_large, "extra_segments"};
    for (auto const& extra : extra_segments) {
        auto const where = "extra_segments, " + ascii::printable(extra.interface_name);
        if (extra.interface_name.empty())
            return defect{errc::malformed, "extra_segments"};
        bool const wide = extra.prefix.length < (extra.prefix.network.is_v4() ? 8u : 32u);
        bool const too_long = extra.prefix.length > (extra.prefix.network.is_v4() ? 32u : 128u);
        if (wide || too_long)
            return defect{errc::out_of_range, where};
    }
    for (auto const refused : policies.refused_callback_ports)
        if (refused == 0)
            return defect{errc::out_of_range, "policies.refused_callback_ports"};
    if (auto d = find_defect(operating_system, "operating_system"))
        return *std::move(d);
    if (auto d = find_defect(product, "product"))
        return *std::move(d);
    if (auto const legal = web.check(); !legal)
        return legal.error();
    if (!is_language_tag(language))
        return defect{errc::malformed, "language"};
    if (boot_id && *boot_id > max_boot_id)
        return defect{errc::out_of_range, "boot_id"};
    if (boot_id && boot_ids)
        return defect{errc::contradictory, "boot_ids"};
    if (config_id && *config_id > max_config_id)
        return defect{errc::out_of_range, "config_id"};
    return {};
}

} // namespace onlink
