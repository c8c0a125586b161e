// SPDX-License-Identifier: BSL-1.0
#include "url/http_url.hpp"

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

} // namespace

result<http_url> http_url::parse(std::string_view text)
{
    if (!is_printable(text))
        return errc::malformed;
    auto const parsed = urls::parse_uri({text.data(), text.size()});
    if (!parsed)
        return errc::malformed;
    urls::url_view const u = *parsed;
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

    http_url url;
    url.where_ = {*host, *port};
    url.authority_ = as_std(u.encoded_host_and_port());
    url.target_ = as_std(u.encoded_target());
    if (!url.target_.starts_with('/'))
        url.target_.insert(0, 1, '/'); // RFC 9112, 3.2.1: an empty path is sent as "/"
    url.text_ = text;
    return url;
}

} // namespace onlink
