// SPDX-License-Identifier: BSL-1.0
#include <onlink/scpd.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace onlink {
namespace {

constexpr auto ui8_max = std::numeric_limits<std::uint64_t>::max();
constexpr auto i8_min = std::numeric_limits<std::int64_t>::min();
constexpr auto i8_max = std::numeric_limits<std::int64_t>::max();

state_variable ranged(data_type type, value minimum, value maximum, std::optional<value> step = std::nullopt)
{
    return {.name = "V",
            .type = type,
            .range = allowed_range{std::move(minimum), std::move(maximum), std::move(step)}};
}

TEST(state_variable, TYPE_28_integers_in_range_and_on_a_step)
{
    struct {
        state_variable variable;
        std::vector<value> legal;
        std::vector<value> illegal;
    } const table[] = {
        {ranged(data_type::ui1, 10, 20), {10, 15, 20, 20u}, {9, 21, 0, 255}},
        {ranged(data_type::i1, -10, 10, 5), {-10, -5, 0, 5, 10}, {-11, -9, 1, 4, 11}},
        {ranged(data_type::i4, 1, 10, 3), {1, 4, 7, 10}, {0, 2, 3, 9}},
        {ranged(data_type::ui8, 0, ui8_max), {0, ui8_max}, {}},
        {ranged(data_type::ui8, 1, ui8_max, 2), {1, 3, ui8_max}, {0, 2, ui8_max - 1}},
        {ranged(data_type::i8, i8_min, i8_max), {i8_min, -1, 0, i8_max}, {}},
        {ranged(data_type::i8, i8_min, i8_max, 3), {i8_min, i8_min + 3, i8_max}, {i8_min + 1, i8_max - 1}},
    };
    for (auto const& row : table) {
        for (auto const& v : row.legal)
            EXPECT_TRUE(row.variable.check(v)) << to_string(row.variable.type);
        for (auto const& v : row.illegal)
            EXPECT_EQ(row.variable.check(v).error(), errc::out_of_range);
    }
}

TEST(state_variable, TYPE_28_floats_are_compared_with_a_tolerance)
{
    auto const tenths = ranged(data_type::r8, 0.0, 1.0, 0.1);
    for (double const v : {0.0, 0.1, 0.2, 0.1 + 0.2, 0.7, 1.0})
        EXPECT_TRUE(tenths.check(v)) << v;
    for (double const v : {-0.1, 0.05, 0.15, 1.1, 0.3001})
        EXPECT_EQ(tenths.check(v).error(), errc::out_of_range) << v;

    auto const single = ranged(data_type::r4, 0.0, 0.3, 0.1);
    for (float const v : {0.0f, 0.1f, 0.2f, 0.3f})
        EXPECT_TRUE(single.check(v)) << v;
    EXPECT_FALSE(single.check(0.25f));

    auto const stepless = ranged(data_type::fixed_14_4, -1.5, 2.5);
    EXPECT_TRUE(stepless.check(0.1234));
    EXPECT_FALSE(stepless.check(2.6));
}

TEST(state_variable, TYPE_27_allowed_values_are_compared_exactly)
{
    state_variable const mode{.name = "Mode", .allowed_values = {"ON", "OFF"}};
    EXPECT_TRUE(mode.check("ON"));
    for (auto const* text : {"", "on", "ON ", "O", "ONOFF"})
        EXPECT_EQ(mode.check(text).error(), errc::out_of_range) << text;
    EXPECT_EQ(mode.check(1).error(), errc::wrong_type);
}

TEST(state_variable, values_of_another_type_are_refused)
{
    state_variable const level{.name = "Level", .type = data_type::ui1};
    EXPECT_EQ(level.check("1").error(), errc::wrong_type);
    EXPECT_EQ(level.check(true).error(), errc::wrong_type);
    EXPECT_EQ(level.check(256).error(), errc::out_of_range);
}

TEST(state_variable, TYPE_26_parse_tells_a_wrong_type_from_a_wrong_value)
{
    auto const level = ranged(data_type::ui1, 0, 100, 10);
    EXPECT_EQ(level.parse("050").value(), value{50});
    EXPECT_EQ(level.parse("x").error(), errc::malformed);
    EXPECT_EQ(level.parse("256").error(), errc::malformed); // beyond what a ui1 can hold
    EXPECT_EQ(level.parse("101").error(), errc::out_of_range);
    EXPECT_EQ(level.parse("55").error(), errc::out_of_range);
    EXPECT_EQ((state_variable{.type = data_type::r4}).parse("NaN").error(), errc::unsupported);

    state_variable const mode{.name = "Mode", .allowed_values = {"ON", "OFF"}};
    EXPECT_EQ(mode.parse("on").error(), errc::out_of_range);
    EXPECT_EQ(mode.parse("\xFF").error(), errc::malformed);
}

TEST(state_variable, restrictions_of_another_type_refuse_everything)
{
    // Only possible in a variable that no builder has seen.
    EXPECT_EQ(ranged(data_type::ui1, "a", "b").check(1).error(), errc::out_of_range);
    EXPECT_EQ(ranged(data_type::string, 1, 2).check("a").error(), errc::out_of_range);
    EXPECT_EQ(ranged(data_type::ui1, 0, 10, 0).check(1).error(), errc::out_of_range);
    EXPECT_EQ(ranged(data_type::ui1, 0, 10, 1.0).check(1).error(), errc::out_of_range);
    EXPECT_EQ(ranged(data_type::r8, 0.0, 10.0, 0.0).check(1.0).error(), errc::out_of_range);
    EXPECT_EQ((state_variable{.type = data_type::ui1, .allowed_values = {"1"}}).check(1).error(),
              errc::out_of_range);
}

TEST(state_variable, has_a_legal_initial_value_whatever_its_type)
{
    for (auto i = 0; i <= static_cast<int>(data_type::uuid); ++i) {
        state_variable const v{.name = "V", .type = static_cast<data_type>(i)};
        EXPECT_TRUE(v.check(v.initial())) << to_string(v.type);
        EXPECT_TRUE(format_value(v.type, v.initial())) << to_string(v.type);
    }
    EXPECT_EQ((state_variable{.default_value = "x", .allowed_values = {"y", "x"}}).initial(), value{"x"});
    EXPECT_EQ((state_variable{.allowed_values = {"y", "x"}}).initial(), value{"y"});
    EXPECT_EQ(ranged(data_type::i1, -5, 5).initial(), value{-5});
    EXPECT_EQ((state_variable{.type = data_type::boolean}).initial(), value{false});
    EXPECT_EQ((state_variable{.type = data_type::date}).initial().get<std::string>().value(), "1970-01-01");
    EXPECT_EQ((state_variable{.type = data_type::date, .default_value = "2026-02-03"}).initial(),
              value{std::chrono::year{2026} / 2 / 3});
}

} // namespace
} // namespace onlink
