// SPDX-License-Identifier: BSL-1.0
#include "url/http_url.hpp"

#include "base/ascii.hpp"
#include "base/decimal.hpp"

#include <boost/url/host_type.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/scheme.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace onlink {

namespace {

namespace urls = boost::urls;

constexpr std::uint16_t default_port = 80; // RFC 9110, 4.2.1

std::string_view as_std(urls::string_view s) noexcept { return {s.data(), s.size()}; }

bool is_printable(std::string_view text) noexcept
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

/// Only what is spelled as an address is one. To Boost.URL `127.1`, `0x7f000001` and `2130706433`, which
/// resolvers take for addresses (RFC 3986, 7.4), are names.
result<address> host_address(urls::url_view const& u)
{
    switch (u.host_type()) {
    case urls::host_type::ipv4:
        return address{boost::asio::ip::address_v4{u.host_ipv4_address().to_bytes()}};
    case urls::host_type::ipv6:
        return address{boost::asio::ip::address_v6{u.host_ipv6_address().to_bytes()}};
    default:
        return errc::host_not_literal;
    }
}

result<std::uint16_t> port_number(urls::url_view const& u)
{
    if (!u.has_port())
        return default_port;
    return parse_decimal<std::uint16_t>(as_std(u.port()), 1);
}

/// The zone in `http://[fe80::1%25eth0]/`, with its percent sign; empty if there is none. It means something
/// on the host that wrote it only (RFC 6874, 1), and Boost.URL does not know it. Both spellings: `%25eth0`
/// and, as older programs have it, `%eth0`. Errors: malformed, if it is no name of an interface.
result<std::string_view> find_zone(std::string_view text)
{
    constexpr std::size_t longest_zone = 3 + 15; // "%25", and what Linux calls an interface at most
    auto const open = text.find("//[");
    auto const close = text.find(']');
    auto const percent = text.find('%');
    if (open == text.npos || open > text.find('/') || close == text.npos || percent < open || percent > close)
        return std::string_view{};
    auto const zone = text.substr(percent, close - percent);
    auto const name = zone.substr(zone.starts_with("%25") ? 3 : 1);
    if (name.empty() || zone.size() > longest_zone)
        return errc::malformed;
    for (char const c : name) // RFC 6874, 2: unreserved characters
        if (!ascii::is_alpha(c) && !ascii::is_digit(c) &&
            std::string_view{"-._~"}.find(c) == std::string_view::npos)
            return errc::malformed;
    return zone;
}

} // namespace

result<http_url> http_url::parse(std::string_view whole)
{
    if (!is_printable(whole))
        return errc::malformed;
    auto const zone = find_zone(whole);
    if (!zone)
        return zone.error();
    std::string without_zone;
    if (!zone->empty())
        without_zone.append(whole.substr(0, static_cast<std::size_t>(zone->data() - whole.data())))
            .append(whole.substr(static_cast<std::size_t>(zone->data() - whole.data()) + zone->size()));
    std::string_view const text = zone->empty() ? whole : std::string_view{without_zone};
    auto const parsed = urls::parse_uri({text.data(), text.size()});
    if (!parsed)
        return errc::malformed;
    urls::url_view const& u = *parsed;
    if (u.scheme_id() != urls::scheme::http)
        return errc::unsupported;
    if (!u.has_authority() || u.encoded_host().empty() || u.has_userinfo() || u.has_fragment())
        return errc::malformed;
    // RFC 3986, 3.3: behind an authority a path is empty or begins with a slash. Boost.URL 1.81 does not
    // insist on it, and takes `192.168.20.9.evil.example` for an address and a path.
    if (auto const path = as_std(u.encoded_path()); !path.empty() && path.front() != '/')
        return u.host_type() == urls::host_type::ipv4 && !u.has_port() ? errc::host_not_literal
                                                                       : errc::malformed;
    auto const host = host_address(u);
    if (!host)
        return host.error();
    auto const port = port_number(u);
    if (!port)
        return port.error();

    if (!zone->empty() && !is_link_local(*host))
        return errc::malformed; // RFC 6874, 2: a zone belongs to link-local addresses

    spelling spelt{std::string{as_std(u.encoded_target())}, std::string{as_std(u.encoded_host_and_port())},
                   std::string{whole}};
    if (!spelt.target.starts_with('/'))
        spelt.target.insert(0, 1, '/'); // RFC 9112, 3.2.1: an empty path is sent as "/"
    return http_url{{unmapped(*host), *port}, std::move(spelt)};
}

} // namespace onlink
