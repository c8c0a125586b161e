// SPDX-License-Identifier: BSL-1.0
#include "ssdp/boot_id_counter.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

TEST(boot_id_counter, SSDP_21_each_is_greater_than_all_before)
{
    boot_id_counter ids{1700000123};
    EXPECT_EQ(ids.last(), 1700000123u);
    EXPECT_EQ(ids.next(), 1700000124u);
    EXPECT_EQ(ids.next(1700000200), 1700000200u);
    EXPECT_EQ(ids.next(1700000000), 1700000201u) << "a clock that was set back";
}

TEST(boot_id_counter, SSDP_21_stays_within_31_bits)
{
    boot_id_counter ids{0x7fffffff};
    EXPECT_EQ(ids.last(), 0x7fffffffu);
    EXPECT_EQ(ids.next(), 1u) << "there is no greater one";
    EXPECT_EQ(boot_id_counter{0x80000005}.last(), 5u);
    boot_id_counter floor{5};
    EXPECT_EQ(floor.next(0x80000003), 6u);
}

TEST(boot_id_counter, SSDP_21_what_is_kept_is_never_behind_and_is_written_once_in_sixteen)
{
    boot_id_counter ids{100};
    auto kept = ids.take_to_keep();
    ASSERT_TRUE(kept);
    EXPECT_EQ(*kept, 115u);
    EXPECT_EQ(ids.take_to_keep(), std::nullopt) << "once";
    unsigned writes = 0;
    for (unsigned i = 0; i < 160; ++i) {
        auto const id = ids.next();
        if (auto const next = ids.take_to_keep()) {
            kept = next;
            ++writes;
        }
        EXPECT_GE(*kept, id);
    }
    EXPECT_EQ(writes, 10u);
}

TEST(boot_id_counter, SSDP_21_what_is_kept_stays_within_31_bits_too)
{
    boot_id_counter ids{0x7ffffffc};
    EXPECT_EQ(ids.take_to_keep(), 0x7fffffffu);
    ids.next();
    ids.next();
    ids.next();
    EXPECT_EQ(ids.take_to_keep(), std::nullopt);
    EXPECT_EQ(ids.next(), 1u);
    EXPECT_EQ(ids.take_to_keep(), 16u) << "it began anew";
}

} // namespace
} // namespace onlink
