// SPDX-License-Identifier: BSL-1.0
#include "ssdp/search_request.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"

#include <algorithm>
#include <cstdint>

namespace onlink {

namespace {

bool names_group(std::string_view host) noexcept
{
    // A HOST without port means port 1900 (UDA 2.0, 1.2.2). IPv6 groups: A.4.2.
    for (std::string_view const group : {"239.255.255.250", "[FF02::C]", "[FF05::C]"}) {
        if (host.size() >= group.size() && ascii::equal_ignoring_case(host.substr(0, group.size()), group)) {
            auto const port = host.substr(group.size());
            return port.empty() || port == ":1900";
        }
    }
    return false;
}

/// UDA 2.0, 1.3.2: one of the dynamic ports; leading zeros are ignored.
std::optional<std::uint16_t> wanted_tcp_port(ssdp_message const& message)
{
    auto const port =
        parse_decimal<std::uint16_t>(message.one("TCPPORT.UPNP.ORG").value_or(""), 49152, 65535);
    return port ? std::optional{*port} : std::nullopt;
}

} // namespace

result<search_request> search_request::parse(ssdp_message const& message, bool multicast,
                                             limits::ssdp_limits const& bounds)
{
    auto const man = message.one("MAN");
    auto const st = message.one("ST");
    auto const host = message.one("HOST");
    if (!man || !st || !host)
        return errc::missing;
    if (*man != "\"ssdp:discover\"")
        return errc::malformed;

    duration window = bounds.unicast_answer_window;
    if (multicast) {
        if (!names_group(*host))
            return errc::malformed;
        auto const mx = message.one("MX");
        if (!mx)
            return errc::missing;
        if (mx->empty() || !std::all_of(mx->begin(), mx->end(), ascii::is_digit))
            return errc::malformed;
        auto const asked = parse_decimal<std::uint32_t>(*mx);
        if (asked && *asked < 1)
            return errc::malformed;
        // A number beyond 32 bits is also just "more than we grant".
        auto const most = static_cast<std::uint32_t>(bounds.max_mx.count());
        std::chrono::seconds const granted{asked ? std::min(*asked, most) : most};
        // For the way back: the control point stops listening after MX.
        window = std::max(duration{granted} - bounds.answer_margin, duration{granted} / 2);
    }

    auto target = parse_search_target(*st);
    if (!target)
        return errc::malformed;
    return search_request{*std::move(target), window, multicast ? wanted_tcp_port(message) : std::nullopt};
}

} // namespace onlink
