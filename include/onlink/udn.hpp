// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_UDN_HPP
#define ONLINK_UDN_HPP

#include <onlink/error.hpp>

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onlink {

/// A unique device name: `uuid:` and a UUID (UDA 2.0, 1.1.4). 128 bits; prints in lower case.
/// It must be the same over reboots and different for each embedded device.
class udn {
public:
    using bytes_type = std::array<std::uint8_t, 16>;

    constexpr explicit udn(bytes_type const& octets) noexcept : bytes_(octets) {}

    /// Reads `uuid:8-4-4-4-12`; hexadecimal digits in either case, nothing before or after.
    /// Errors: malformed.
    static constexpr result<udn> parse(std::string_view text) noexcept
    {
        if (auto const octets = read(text))
            return udn{*octets};
        return errc::malformed;
    }

    constexpr bytes_type const& bytes() const noexcept { return bytes_; }

    /// `uuid:` and 36 characters.
    ONLINK_EXPORT std::string to_string() const;
    /// The same to the end of a text.
    ONLINK_EXPORT void append_to(std::string& out) const;
    /// The 36 characters alone, as they stand in paths.
    ONLINK_EXPORT std::string uuid() const;

    // NOLINTNEXTLINE(modernize-use-nullptr): Clang 14 takes what the compiler writes here for a null pointer.
    friend constexpr auto operator<=>(udn const&, udn const&) = default;

    /// For the literal below; nullopt where parse() says malformed.
    static constexpr std::optional<bytes_type> read(std::string_view text) noexcept
    {
        constexpr std::string_view prefix = "uuid:";
        if (!text.starts_with(prefix))
            return std::nullopt;
        text.remove_prefix(prefix.size());
        if (text.size() != 36)
            return std::nullopt;
        bytes_type octets{};
        std::size_t digits = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                if (text[i] != '-')
                    return std::nullopt;
                continue;
            }
            int const digit = hex_digit(text[i]);
            if (digit < 0)
                return std::nullopt;
            octets[digits / 2] = static_cast<std::uint8_t>(octets[digits / 2] * 16 + digit);
            ++digits;
        }
        return octets;
    }

private:
    static constexpr int hex_digit(char c) noexcept
    {
        if (c >= '0' && c <= '9')
            return c - '0';
        if (c >= 'a' && c <= 'f')
            return c - 'a' + 10;
        if (c >= 'A' && c <= 'F')
            return c - 'A' + 10;
        return -1;
    }

    bytes_type bytes_;
};

namespace literals {

/// `"uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn`; a mistyped one does not compile.
consteval udn operator""_udn(char const* text, std::size_t size)
{
    auto const octets = udn::read({text, size});
    if (!octets)
        throw "not a UDN: uuid: and 8-4-4-4-12 hexadecimal digits";
    return udn{*octets};
}

} // namespace literals
} // namespace onlink

#endif
