// SPDX-License-Identifier: BSL-1.0
#include "eventing/sid.hpp"

#include <cstring>

namespace onlink {

result<sid> sid::parse(std::string_view text) noexcept
{
    auto const id = udn::parse(text);
    if (!id)
        return errc::malformed;
    return sid{*id};
}

sid sid::generate(random_source& random)
{
    udn::bytes_type octets{};
    random.fill(std::as_writable_bytes(std::span{octets}));
    octets[6] = static_cast<std::uint8_t>((octets[6] & 0x0f) | 0x40); // RFC 4122, 4.4: version 4
    octets[8] = static_cast<std::uint8_t>((octets[8] & 0x3f) | 0x80); // and its variant
    return sid{udn{octets}};
}

std::size_t sid::hash() const noexcept
{
    std::size_t bits = 0;
    std::memcpy(&bits, id_.bytes().data(), sizeof bits);
    return bits;
}

} // namespace onlink
