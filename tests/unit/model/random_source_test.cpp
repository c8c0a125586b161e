// SPDX-License-Identifier: BSL-1.0
#include <onlink/random_source.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

namespace onlink {
namespace {

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

/// Gives the listed numbers in turn, the last one for ever.
class scripted final : public random_source {
public:
    explicit scripted(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}

    void fill(std::span<std::byte> out) override
    {
        auto const number = numbers_[std::min(next_++, numbers_.size() - 1)];
        std::memcpy(out.data(), &number, std::min(out.size(), sizeof number));
    }
    std::size_t drawn() const { return next_; }

private:
    std::vector<std::uint64_t> numbers_;
    std::size_t next_ = 0;
};

TEST(random_source, numbers_stay_within_their_bound)
{
    auto const source = system_random();
    for (std::uint64_t const bound : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{99},
                                      std::uint64_t{1} << 63, most - 1, most})
        for (int i = 0; i < 100; ++i)
            EXPECT_LE(source->up_to(bound), bound);
}

TEST(random_source, every_number_up_to_the_bound_comes)
{
    auto const source = system_random();
    std::vector<int> seen(6);
    for (int i = 0; i < 1000; ++i)
        ++seen[static_cast<std::size_t>(source->up_to(5))];
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 0), 0); // missing one has a chance of 1e-79
}

TEST(random_source, draws_that_would_favour_small_numbers_are_drawn_again)
{
    scripted source{{most, 7}}; // 2^64 is 1 more than a multiple of 3, so the last number is one too many
    EXPECT_EQ(source.up_to(2), 1u);
    EXPECT_EQ(source.drawn(), 2u);
}

TEST(random_source, a_power_of_two_needs_no_second_draw)
{
    scripted source{{most}};
    EXPECT_EQ(source.up_to(255), 255u);
    EXPECT_EQ(source.up_to(most), most);
    EXPECT_EQ(source.drawn(), 2u);
}

TEST(random_source, a_broken_source_does_not_hang_the_host)
{
    scripted source{{most}};
    EXPECT_LE(source.up_to(2), 2u);
    EXPECT_LE(source.drawn(), 1000u);
}

TEST(system_random, fills_any_size_and_does_not_repeat_itself)
{
    auto const source = system_random();
    std::vector<std::byte> first(1000), second(1000);
    source->fill(first);
    source->fill(second);
    EXPECT_NE(first, second);
    source->fill({});
    EXPECT_NE(source->next(), system_random()->next());
}

} // namespace
} // namespace onlink
