// SPDX-License-Identifier: BSL-1.0
#include "http/entity_tag.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

TEST(entity_tag, the_same_bytes_have_the_same_tag_and_others_another)
{
    EXPECT_EQ(entity_tag_of(""), "\"cbf29ce484222325-0\"");
    EXPECT_EQ(entity_tag_of("a"), "\"af63dc4c8601ec8c-1\""); // FNV-1a's own example
    EXPECT_EQ(entity_tag_of("lamp"), entity_tag_of(std::string{"lamp"}));
    EXPECT_NE(entity_tag_of("lamp"), entity_tag_of("lamq"));
}

TEST(entity_tag, of_a_file)
{
    EXPECT_EQ(entity_tag_of_file(255, 16), "\"ff-10\"");
    EXPECT_NE(entity_tag_of_file(255, 16), entity_tag_of_file(256, 16));
}

TEST(entity_tag, RFC_9110_13_1_2_IF_NONE_MATCH_compares_weakly)
{
    for (auto const* list :
         {"\"a\"", "W/\"a\"", "*", "\"x\", \"a\"", "\"x\" ,W/\"a\"", "\"x,\", \"a\"", ",\"a\""})
        EXPECT_TRUE(matches_weakly(list, "\"a\"")) << list;
    for (auto const* list :
         {"", "\"b\"", "a", "W/\"b\"", "w/\"a\"", "\"A\"", "\"x,\"a\"", "\"a", "\",\"a\",\""})
        EXPECT_FALSE(matches_weakly(list, "\"a\"")) << list;
}

TEST(entity_tag, RFC_9110_13_1_1_IF_MATCH_compares_strongly)
{
    for (auto const* list : {"\"a\"", "*", "\"x\", \"a\""})
        EXPECT_TRUE(matches_strongly(list, "\"a\"")) << list;
    for (auto const* list : {"", "W/\"a\"", "\"b\"", "\"x\", W/\"a\""})
        EXPECT_FALSE(matches_strongly(list, "\"a\"")) << list;
}

} // namespace
} // namespace onlink
