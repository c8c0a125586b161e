// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_URL_HTTP_URL_HPP
#define ONLINK_URL_HTTP_URL_HPP

#include "base/ip.hpp"

#include <onlink/error.hpp>

#include <string>
#include <string_view>

namespace onlink {

/// An absolute `http` URL whose host is a literal address. Names never get this far, so nothing behind this
/// type can resolve one.
class http_url {
public:
    /// Strict: RFC 3986 syntax, scheme `http` in any case, a canonical dotted quad or a bracketed IPv6
    /// address, port 1..65535 (80 if absent), no user, no fragment, printable ASCII only. The zone of a
    /// link-local address (RFC 6874) is read over, as it is the writer's own matter.
    /// Errors: malformed, unsupported (another scheme), host_not_literal, out_of_range (port).
    static result<http_url> parse(std::string_view text);

    /// Without zone; an IPv4-mapped address as the IPv4 address that it means.
    endpoint const& where() const noexcept { return where_; }
    /// Path and query exactly as they stood; `/` if there was no path.
    std::string const& target() const noexcept { return target_; }
    /// Host and port as they stood, but for the zone: the HOST field of a request to it.
    std::string const& authority() const noexcept { return authority_; }
    /// The whole text as it stood.
    std::string const& to_string() const noexcept { return text_; }

    friend bool operator==(http_url const&, http_url const&) = default;

private:
    http_url() = default;

    endpoint where_;
    std::string target_;
    std::string authority_;
    std::string text_;
};

} // namespace onlink

#endif
