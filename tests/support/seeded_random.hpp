// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_SEEDED_RANDOM_HPP
#define ONLINK_TESTS_SUPPORT_SEEDED_RANDOM_HPP

#include <onlink/random_source.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace onlink::test {

/// A repeatable random_source: the bytes of a seed (splitmix64), but for those a test puts in front.
class seeded_random final : public random_source {
public:
    explicit seeded_random(std::uint64_t seed) : state_(seed) {}

    /// What is drawn next.
    void put_first(std::vector<std::uint8_t> octets)
    {
        first_ = std::move(octets);
        given_ = 0;
    }

    void fill(std::span<std::byte> out) override
    {
        for (auto& byte : out) {
            if (given_ < first_.size()) {
                byte = static_cast<std::byte>(first_[given_++]);
                continue;
            }
            if (left_ == 0) {
                state_ += 0x9e3779b97f4a7c15U;
                word_ = state_;
                word_ = (word_ ^ (word_ >> 30)) * 0xbf58476d1ce4e5b9U;
                word_ = (word_ ^ (word_ >> 27)) * 0x94d049bb133111ebU;
                word_ ^= word_ >> 31;
                left_ = 8;
            }
            byte = static_cast<std::byte>(word_ & 0xff);
            word_ >>= 8;
            --left_;
        }
    }

private:
    std::uint64_t state_;
    std::uint64_t word_ = 0;
    unsigned left_ = 0;
    std::vector<std::uint8_t> first_;
    std::size_t given_ = 0;
};

} // namespace onlink::test

#endif
