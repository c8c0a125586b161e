// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TYPE_URN_HPP
#define ONLINK_TYPE_URN_HPP

#include <onlink/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onlink {

/// Whether a text is the domain of a URN (UDA 2.0, 2.3): 1..64 letters, digits and hyphens; the periods of a
/// domain name are written as hyphens. One name older than that rule is known: without the service
/// `urn:microsoft.com:service:X_MS_MediaReceiverRegistrar:1`, spelled so, some players take no media server.
constexpr bool is_urn_domain(std::string_view text) noexcept
{
    constexpr std::size_t most = 64; // beyond all that are in use
    if (text == "microsoft.com")
        return true;
    if (text.empty() || text.size() > most)
        return false;
    for (char const c : text)
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '-')
            return false;
    return true;
}

/// Which of the two families of type names a URN belongs to.
enum class urn_kind : std::uint8_t { device, service };

/// The parts of `urn:DOMAIN:device:TYPE:V` or `urn:DOMAIN:service:TYPE:V`, still pointing into the text.
struct type_urn_parts {
    std::string_view domain;
    std::string_view name;
    std::uint32_t version = 0;
};

/// Splits a type URN (UDA 2.0, 2.3). For DOMAIN see is_urn_domain(), TYPE is 1..64 letters, digits, `_`, `-`
/// or `.`, V is a positive integer without a leading zero.
constexpr std::optional<type_urn_parts> read_type_urn(urn_kind kind, std::string_view text) noexcept
{
    constexpr std::size_t max_name = 64; // UDA 2.0, 2.3: "deviceType", "serviceType"
    auto const is_alnum = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    if (!text.starts_with("urn:"))
        return std::nullopt;
    text.remove_prefix(4);

    type_urn_parts parts;
    auto const domain_end = text.find(':');
    parts.domain = text.substr(0, domain_end);
    if (domain_end == text.npos || !is_urn_domain(parts.domain))
        return std::nullopt;
    text.remove_prefix(domain_end + 1);

    std::string_view const infix = kind == urn_kind::device ? "device:" : "service:";
    if (!text.starts_with(infix))
        return std::nullopt;
    text.remove_prefix(infix.size());

    auto const name_end = text.find(':');
    if (name_end == text.npos || name_end == 0 || name_end > max_name)
        return std::nullopt;
    parts.name = text.substr(0, name_end);
    for (char const c : parts.name)
        if (!is_alnum(c) && c != '_' && c != '-' && c != '.')
            return std::nullopt;
    text.remove_prefix(name_end + 1);

    if (text.empty() || text.size() > 9 || text.front() == '0')
        return std::nullopt;
    for (char const c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        parts.version = parts.version * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return parts;
}

/// A device or service type: vendor domain, name and version (UDA 2.0, 2, 2.3).
template <urn_kind Kind>
class type_urn {
public:
    /// Errors: malformed.
    static result<type_urn> parse(std::string_view text)
    {
        if (auto const parts = read_type_urn(Kind, text))
            return type_urn{*parts};
        return errc::malformed;
    }

    std::string const& domain() const noexcept { return domain_; }
    std::string const& name() const noexcept { return name_; }
    std::uint32_t version() const noexcept { return version_; }

    /// Same domain and name, whatever the version.
    bool same_type(type_urn const& other) const noexcept
    {
        return domain_ == other.domain_ && name_ == other.name_;
    }

    /// A device of version V also is one of every lower version (UDA 2.0, 1.3.2).
    bool serves(type_urn const& wanted) const noexcept
    {
        return same_type(wanted) && wanted.version_ <= version_;
    }

    std::string to_string() const
    {
        std::string text;
        append_to(text);
        return text;
    }
    /// The same to the end of a text.
    void append_to(std::string& out) const
    {
        out.append("urn:").append(domain_).append(Kind == urn_kind::device ? ":device:" : ":service:");
        out.append(name_).append(":").append(std::to_string(version_));
    }

    friend bool operator==(type_urn const&, type_urn const&) = default;

private:
    template <urn_kind>
    friend class type_urn_literal;

    explicit type_urn(type_urn_parts const& parts)
        : domain_(parts.domain), name_(parts.name), version_(parts.version)
    {}

    std::string domain_;
    std::string name_;
    std::uint32_t version_;
};

/// A type URN that was checked by the compiler; becomes a type_urn wherever one is asked for.
template <urn_kind Kind>
class type_urn_literal {
public:
    consteval type_urn_literal(char const* text, std::size_t size) : text_(text, size)
    {
        if (!read_type_urn(Kind, text_))
            throw "not a type URN: urn:domain:device|service:Type:version";
    }

    operator type_urn<Kind>() const { return type_urn<Kind>{*read_type_urn(Kind, text_)}; }

private:
    std::string_view text_;
};

} // namespace onlink

#endif
