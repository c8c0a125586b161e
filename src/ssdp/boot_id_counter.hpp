// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_BOOT_ID_COUNTER_HPP
#define ONLINK_SSDP_BOOT_ID_COUNTER_HPP

#include <cstdint>
#include <optional>

namespace onlink {

/// Hands out BOOTIDs, each greater than all before (UDA 2.0, 1.2.2), and says which number has to be kept
/// over a reboot. That one lies some steps ahead, so that a network that changes all the time wears no flash.
class boot_id_counter {
public:
    static constexpr std::uint32_t max = 0x7fffffff; // UDA 2.0, 1.2.2: 31 bits

    explicit boot_id_counter(std::uint32_t first) noexcept : last_(first & max) { reserve(); }

    std::uint32_t last() const noexcept { return last_; }

    /// The next one; at least `floor`. After the greatest number there is no greater one: it begins anew.
    std::uint32_t next(std::uint32_t floor = 0) noexcept
    {
        last_ = last_ == max ? 1 : last_ + 1;
        if (last_ < (floor & max))
            last_ = floor & max;
        if (last_ > kept_ || kept_ - last_ > steps_ahead)
            reserve();
        return last_;
    }

    /// The number to be kept before anything more is sent, once.
    std::optional<std::uint32_t> take_to_keep() noexcept
    {
        if (!unkept_)
            return std::nullopt;
        unkept_ = false;
        return kept_;
    }

    bool has_one_to_keep() const noexcept { return unkept_; }

    /// What take_to_keep() said was not kept: it says it again.
    void keep_again() noexcept { unkept_ = true; }

private:
    static constexpr std::uint32_t steps_ahead = 15;

    void reserve() noexcept
    {
        kept_ = last_ > max - steps_ahead ? max : last_ + steps_ahead;
        unkept_ = true;
    }

    std::uint32_t last_;
    std::uint32_t kept_ = 0;
    bool unkept_ = false;
};

} // namespace onlink

#endif
