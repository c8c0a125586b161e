// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_URL_HTTP_URL_HPP
#define ONLINK_URL_HTTP_URL_HPP

#include "base/ip.hpp"

#include <onlink/error.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

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

    // Copied where it would be moved, which costs no more: none is ever empty.
    http_url(http_url const&) noexcept = default;
    http_url& operator=(http_url const&) noexcept = default;

    /// Without zone; an IPv4-mapped address as the IPv4 address that it means.
    endpoint const& where() const noexcept { return where_; }
    /// Path and query exactly as they stood; `/` if there was no path.
    std::string const& target() const noexcept { return spelt_->target; }
    /// Host and port as they stood, but for the zone: the HOST field of a request to it.
    std::string const& authority() const noexcept { return spelt_->authority; }
    /// The whole text as it stood.
    std::string const& to_string() const noexcept { return spelt_->text; }

    friend bool operator==(http_url const& a, http_url const& b) noexcept
    {
        return a.where_ == b.where_ && *a.spelt_ == *b.spelt_;
    }

private:
    struct spelling {
        std::string target;
        std::string authority;
        std::string text;

        friend bool operator==(spelling const&, spelling const&) = default;
    };
    http_url(endpoint const& where, spelling spelt)
        : where_(where), spelt_(std::make_shared<spelling const>(std::move(spelt)))
    {}

    endpoint where_;
    std::shared_ptr<spelling const> spelt_; ///< shared by copies: each delivery has one
};

} // namespace onlink

#endif
