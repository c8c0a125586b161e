// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SERVICE_ID_HPP
#define ONLINK_SERVICE_ID_HPP

#include <onlink/error.hpp>
#include <onlink/type_urn.hpp>

#include <string>
#include <string_view>

namespace onlink {

/// Which service of a device: `urn:DOMAIN:serviceId:ID` (UDA 2.0, 2.3). Unique in a device.
/// Standard services have the domain `upnp-org` (not `schemas-upnp-org`).
class service_id {
public:
    /// True where parse() succeeds. ID is 1..64 printable ASCII characters without blanks, `#`, `<` and `&`.
    static constexpr bool is_valid(std::string_view text) noexcept
    {
        if (!text.starts_with("urn:"))
            return false;
        text.remove_prefix(4);
        auto const domain_end = text.find(':');
        if (domain_end == text.npos || !is_urn_domain(text.substr(0, domain_end)))
            return false;
        text.remove_prefix(domain_end + 1);
        constexpr std::string_view infix = "serviceId:";
        if (!text.starts_with(infix))
            return false;
        text.remove_prefix(infix.size());
        if (text.empty() || text.size() > 64) // UDA 2.0, 2.3: "serviceId"
            return false;
        for (char const c : text)
            if (c <= ' ' || c > '~' || c == '#' || c == '<' || c == '&')
                return false;
        return true;
    }

    /// Errors: malformed.
    static result<service_id> parse(std::string_view text)
    {
        if (!is_valid(text))
            return errc::malformed;
        return service_id{std::string{text}};
    }

    std::string const& to_string() const noexcept { return text_; }

    friend bool operator==(service_id const&, service_id const&) = default;

private:
    friend class service_id_literal;
    explicit service_id(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

/// A service id that was checked by the compiler.
class service_id_literal {
public:
    consteval service_id_literal(char const* text, std::size_t size) : text_(text, size)
    {
        if (!service_id::is_valid(text_))
            throw "not a service id: urn:domain:serviceId:Id";
    }

    operator service_id() const { return service_id{std::string{text_}}; }

private:
    std::string_view text_;
};

namespace literals {

/// Checked at compile time.
consteval service_id_literal operator""_service_id(char const* text, std::size_t size)
{
    return {text, size};
}

} // namespace literals
} // namespace onlink

#endif
