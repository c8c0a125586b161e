// SPDX-License-Identifier: BSL-1.0
#include <onlink/udn.hpp>

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace literals;

TEST(udn, SSDP_11_reads_and_prints)
{
    auto const name = udn::parse("uuid:2FAC1234-31f8-11B4-a222-08002b34c003");
    ASSERT_TRUE(name);
    EXPECT_EQ(name->to_string(), "uuid:2fac1234-31f8-11b4-a222-08002b34c003");
    EXPECT_EQ(name->uuid(), "2fac1234-31f8-11b4-a222-08002b34c003");
    EXPECT_EQ(name->bytes()[0], 0x2f);
    EXPECT_EQ(name->bytes()[15], 0x03);
    EXPECT_EQ(*name, "uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn);
    EXPECT_EQ(udn::parse(name->to_string()).value(), *name);
}

TEST(udn, SSDP_11_refuses_every_other_form)
{
    for (auto const* text :
         {"", "uuid:", "2fac1234-31f8-11b4-a222-08002b34c003", "UUID:2fac1234-31f8-11b4-a222-08002b34c003",
          "uuid:2fac1234-31f8-11b4-a222-08002b34c00", "uuid:2fac1234-31f8-11b4-a222-08002b34c0033",
          "uuid:2fac123431f8-11b4-a222-08002b34c0033-", "uuid:2fac1234-31f8-11b4-a222-08002b34c00g",
          "uuid:2fac1234-31f8-11b4-a222-08002b34c003 ", " uuid:2fac1234-31f8-11b4-a222-08002b34c003",
          "uuid:{2fac1234-31f8-11b4-a222-08002b34c00}", "uuid:2fac1234 31f8-11b4-a222-08002b34c003"})
        EXPECT_EQ(udn::parse(text).error(), errc::malformed) << text;
}

TEST(udn, is_ordered_by_its_bytes)
{
    EXPECT_LT("uuid:00000000-0000-0000-0000-000000000001"_udn,
              "uuid:00000000-0000-0000-0000-000000000002"_udn);
    EXPECT_NE("uuid:00000000-0000-0000-0000-000000000001"_udn,
              "uuid:10000000-0000-0000-0000-000000000001"_udn);
}

} // namespace
} // namespace onlink
