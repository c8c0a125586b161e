// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_EIGHT_BYTES_HPP
#define ONLINK_BASE_EIGHT_BYTES_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace onlink {

/// Eight bytes of a text looked at as one number: what every byte of every message goes through should not be
/// looked at one by one.
class eight_bytes {
public:
    static constexpr std::size_t size = 8;

    /// `text` has as many behind `at`.
    eight_bytes(std::string_view text, std::size_t at) noexcept
    {
        std::memcpy(&word_, text.data() + at, size);
    }

    /// Whether one is less than that, which is at most 128. May say so, too, of others behind it that are
    /// not.
    bool any_below(unsigned char least) const noexcept
    {
        return ((word_ - each * least) & ~word_ & high) != 0;
    }
    bool all_ascii() const noexcept { return (word_ & high) == 0; }

private:
    static constexpr std::uint64_t each = 0x0101010101010101;
    static constexpr std::uint64_t high = each * 0x80;

    std::uint64_t word_;
};

} // namespace onlink

#endif
