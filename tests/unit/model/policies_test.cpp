// SPDX-License-Identifier: BSL-1.0
#include <onlink/policies.hpp>

#include <gtest/gtest.h>

#include <algorithm>

namespace onlink {
namespace {

TEST(policies, GENA_11_the_refused_ports_are_those_of_other_protocols)
{
    auto const ports = well_known_refused_ports();
    ASSERT_FALSE(ports.empty());
    EXPECT_EQ(std::adjacent_find(ports.begin(), ports.end(), std::greater_equal<>{}), ports.end())
        << "ascending, each once";
    EXPECT_NE(ports.front(), 0);
    for (int const refused : {1,   7,   19,  21,  22,  23,  25,  53,  69,   110,  123,  137,  139,  143,
                              161, 389, 465, 515, 587, 636, 993, 995, 2049, 5060, 6000, 6667, 10080})
        EXPECT_TRUE(std::binary_search(ports.begin(), ports.end(), refused)) << refused;
    for (int const open : {80, 443, 1900, 8080, 8008, 49152, 65535})
        EXPECT_FALSE(std::binary_search(ports.begin(), ports.end(), open)) << open;
}

TEST(policies, the_defaults_are_the_strict_ones_that_the_field_can_live_with)
{
    policies const policy;
    EXPECT_EQ(policy.callback, callback_admission::same_segment);
    EXPECT_EQ(policy.binding, subscription_binding::same_segment);
    EXPECT_TRUE(policy.cross_family);
    EXPECT_EQ(policy.refused_callback_ports, well_known_refused_ports());
    EXPECT_FALSE(policy.allow_public_addresses);
    EXPECT_FALSE(policy.allow_framing);
    EXPECT_FALSE(policy.fall_back_to_loopback);
}

} // namespace
} // namespace onlink
