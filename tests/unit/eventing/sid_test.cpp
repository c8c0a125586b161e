// SPDX-License-Identifier: BSL-1.0
#include "eventing/sid.hpp"

#include "support/guarded_buffer.hpp"
#include "support/seeded_random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace onlink {
namespace {

std::string const text = "uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa";

TEST(sid, GENA_14_is_uuid_and_a_random_UUID)
{
    test::seeded_random random{1};
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        auto const id = sid::generate(random).to_string();
        ASSERT_EQ(id.size(), 41U);
        EXPECT_TRUE(id.starts_with("uuid:"));
        EXPECT_EQ(id[5 + 14], '4') << "RFC 4122: version 4";
        EXPECT_NE(std::string_view{"89ab"}.find(id[5 + 19]), std::string_view::npos) << "and its variant";
        EXPECT_TRUE(seen.insert(id).second);
        EXPECT_EQ(sid::parse(id).value().to_string(), id);
    }
}

TEST(sid, GENA_14_all_but_the_fixed_bits_are_random)
{
    test::seeded_random random{1};
    random.put_first(std::vector<std::uint8_t>(16, 0x00));
    EXPECT_EQ(sid::generate(random).to_string(), "uuid:00000000-0000-4000-8000-000000000000");
    random.put_first(std::vector<std::uint8_t>(16, 0xff));
    EXPECT_EQ(sid::generate(random).to_string(), "uuid:ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(sid, is_read_in_either_case_and_compared_as_a_whole)
{
    auto const id = sid::parse(text).value();
    EXPECT_EQ(id.to_string(), text);
    EXPECT_EQ(sid::parse("uuid:0B7C9D52-8E1F-4A63-B2D4-5566778899AA").value(), id);
    EXPECT_FALSE(sid::parse("uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899ab").value() == id);
}

TEST(sid, CVE_2021_34991_GENA_19_what_is_no_UUID_is_not_ours)
{
    for (auto const& bad :
         {std::string{}, std::string{"uuid:"}, text.substr(5), text + "0", text + ' ', ' ' + text,
          "UUID" + text.substr(4), std::string{"uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899ag"},
          std::string{"uuid:{0b7c9d52-8e1f-4a63-b2d4-55667788}"}, "uuid:" + std::string(36, '-'),
          "uuid:" + std::string(39, 'a'), "uuid:" + std::string(40, 'a'), "uuid:" + std::string(59, 'a'),
          "uuid:" + std::string(4096, 'a')})
        EXPECT_EQ(sid::parse(bad).error(), errc::malformed) << bad;
    for (std::size_t size = 0; size < text.size(); ++size) {
        test::guarded_buffer const cut{std::string_view{text}.substr(0, size)};
        EXPECT_EQ(sid::parse(cut.view()).error(), errc::malformed) << size;
    }
}

} // namespace
} // namespace onlink
