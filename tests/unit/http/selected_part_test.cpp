// SPDX-License-Identifier: BSL-1.0
#include "http/selected_part.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace onlink {
namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

constexpr char const* modified = "Wed, 15 Nov 2023 08:00:00 GMT";
constexpr char const* before = "Wed, 15 Nov 2023 07:59:59 GMT";
constexpr char const* after = "Wed, 15 Nov 2023 08:00:01 GMT";

content_facts const thousand{1000, "\"a\"", std::chrono::sys_seconds{std::chrono::seconds{1700035200}}};

std::tuple<int, std::uint64_t, std::uint64_t> part(fields const& given, http_method method = http_method::get,
                                                   content_facts const& facts = thousand)
{
    http_request request;
    request.method = method;
    for (auto const& [name, value] : given)
        request.fields.add(name, value);
    auto const chosen = select_part(request, facts);
    return {chosen.status, chosen.offset, chosen.length};
}

int status(fields const& given) { return std::get<0>(part(given)); }

auto const all = std::tuple{200, 0U, 1000U};

TEST(selected_part, without_conditions_it_is_all) { EXPECT_EQ(part({}), all); }

TEST(selected_part, RFC_9110_14_one_range)
{
    struct {
        char const* range;
        std::tuple<int, std::uint64_t, std::uint64_t> expected;
    } const cases[] = {
        {"bytes=0-0", {206, 0, 1}},
        {"bytes=0-499", {206, 0, 500}},
        {"bytes=500-", {206, 500, 500}},
        {"bytes=-500", {206, 500, 500}},
        {"bytes=-1", {206, 999, 1}},
        {"bytes=-2000", {206, 0, 1000}},
        {"bytes=999-999", {206, 999, 1}},
        {"bytes=999-5000", {206, 999, 1}},
        {"bytes=0-99999999999999999999999", {206, 0, 1000}},
        {"BYTES = 1 - 2", {206, 1, 2}},
        {"bytes=1000-", {416, 0, 0}},
        {"bytes=5000-6000", {416, 0, 0}},
        {"bytes=-0", {416, 0, 0}},
        {"bytes=99999999999999999999999-", {416, 0, 0}},
    };
    for (auto const& c : cases)
        EXPECT_EQ(part({{"RANGE", c.range}}), c.expected) << c.range;
}

TEST(selected_part, RFC_9110_14_2_several_ranges_and_what_is_malformed_get_all)
{
    for (auto const* range : {"bytes=0-1,5-9", "bytes=0-1, -1", "bytes=", "bytes=-", "bytes=5-1", "bytes=a-b",
                              "bytes=1", "bytes", "", "lines=0-1", "bytes=+1-2", "bytes=1--2", "bytes=0x1-2"})
        EXPECT_EQ(part({{"RANGE", range}}), all) << range;
    EXPECT_EQ(part({{"RANGE", "bytes=0-1"}, {"RANGE", "bytes=0-1"}}), all);
}

TEST(selected_part, RFC_9110_14_2_a_range_is_for_GET)
{
    EXPECT_EQ(part({{"RANGE", "bytes=0-1"}}, http_method::head), all);
}

TEST(selected_part, nothing_of_an_empty_file_can_be_asked_for)
{
    content_facts const empty{0, "\"a\"", std::nullopt};
    for (auto const* range : {"bytes=0-", "bytes=0-0", "bytes=-1"})
        EXPECT_EQ(std::get<0>(part({{"RANGE", range}}, http_method::get, empty)), 416) << range;
    EXPECT_EQ(std::get<0>(part({}, http_method::get, empty)), 200);
}

TEST(selected_part, RFC_9110_13_1_5_IF_RANGE)
{
    auto const with = [&](char const* validator) {
        return status({{"RANGE", "bytes=0-1"}, {"IF-RANGE", validator}});
    };
    EXPECT_EQ(with("\"a\""), 206);
    EXPECT_EQ(with(modified), 206);
    for (auto const* other : {"\"b\"", "W/\"a\"", before, after, "yesterday", ""})
        EXPECT_EQ(with(other), 200) << other;
    EXPECT_EQ(status({{"RANGE", "bytes=0-1"}, {"IF-RANGE", "\"a\""}, {"IF-RANGE", "\"a\""}}), 200);
}

TEST(selected_part, RFC_9110_13_1_2_IF_NONE_MATCH)
{
    EXPECT_EQ(status({{"IF-NONE-MATCH", "\"a\""}}), 304);
    EXPECT_EQ(status({{"IF-NONE-MATCH", "W/\"a\""}}), 304);
    EXPECT_EQ(status({{"IF-NONE-MATCH", "*"}}), 304);
    EXPECT_EQ(status({{"IF-NONE-MATCH", "\"b\""}}), 200);
    EXPECT_EQ(status({{"IF-NONE-MATCH", "\"b\""}, {"IF-NONE-MATCH", "\"a\""}}), 304)
        << "a list in two fields";
    EXPECT_EQ(status({{"IF-NONE-MATCH", "\"b\""}, {"IF-MODIFIED-SINCE", after}}), 200) << "the tag counts";
}

TEST(selected_part, RFC_9110_13_1_3_IF_MODIFIED_SINCE)
{
    EXPECT_EQ(status({{"IF-MODIFIED-SINCE", modified}}), 304);
    EXPECT_EQ(status({{"IF-MODIFIED-SINCE", after}}), 304);
    EXPECT_EQ(status({{"IF-MODIFIED-SINCE", before}}), 200);
    EXPECT_EQ(status({{"IF-MODIFIED-SINCE", "yesterday"}}), 200);
}

TEST(selected_part, RFC_9110_13_1_1_IF_MATCH_and_13_1_4_IF_UNMODIFIED_SINCE)
{
    EXPECT_EQ(status({{"IF-MATCH", "\"a\""}}), 200);
    EXPECT_EQ(status({{"IF-MATCH", "\"b\""}}), 412);
    EXPECT_EQ(status({{"IF-MATCH", "W/\"a\""}}), 412);
    EXPECT_EQ(status({{"IF-UNMODIFIED-SINCE", before}}), 412);
    EXPECT_EQ(status({{"IF-UNMODIFIED-SINCE", modified}}), 200);
    EXPECT_EQ(status({{"IF-MATCH", "\"a\""}, {"IF-UNMODIFIED-SINCE", before}}), 200) << "the tag counts";
    EXPECT_EQ(status({{"IF-MATCH", "\"b\""}, {"IF-NONE-MATCH", "\"a\""}}), 412) << "13.2.2: IF-MATCH first";
}

TEST(selected_part, a_condition_comes_before_the_range)
{
    EXPECT_EQ(status({{"IF-NONE-MATCH", "\"a\""}, {"RANGE", "bytes=5000-"}}), 304);
}

} // namespace
} // namespace onlink
