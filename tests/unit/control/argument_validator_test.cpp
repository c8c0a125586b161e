// SPDX-License-Identifier: BSL-1.0
#include "control/argument_validator.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

constexpr bool in_order = false;
constexpr bool any_order = true;

scpd const& contract()
{
    static scpd const s =
        scpd::build()
            .state("Level", data_type::ui1,
                   {.evented = true, .range = allowed_range{value{0}, value{100}, value{5}}})
            .state("Mode", data_type::string, {.evented = false, .allowed_values = {"Day", "Night"}})
            .state("On", data_type::boolean)
            .state("Name", data_type::string)
            .state("Offset", data_type::i2)
            .state("Any", data_type::ui1)
            .state("Gain", data_type::r4, {.evented = false, .range = allowed_range{value{-1.0}, value{1.0}}})
            .state("Blob", data_type::bin_base64)
            .action("Set")
            .in("NewLevel", "Level")
            .in("NewMode", "Mode")
            .in("NewOn", "On")
            .out("OldLevel", "Level")
            .action("Get")
            .out("Level", "Level")
            .action("SetOffset")
            .in("NewOffset", "Offset")
            .action("SetAny")
            .in("NewAny", "Any")
            .action("SetGain")
            .in("NewGain", "Gain")
            .action("SetName")
            .in("NewName", "Name")
            .action("SetBlob")
            .in("NewBlob", "Blob")
            .action("Twins")
            .in("A", "Any")
            .in("a", "Any")
            .done()
            .value();
    return s;
}

auto validate(char const* action, std::vector<text_argument> const& given, bool accept_unordered = in_order)
{
    return validate_arguments(contract(), *contract().find_action(action), given, accept_unordered);
}

/// 0 for none.
int code(char const* action, std::vector<text_argument> const& given, bool accept_unordered = in_order)
{
    auto const values = validate(action, given, accept_unordered);
    return values ? 0 : values.error().code;
}

text_argument const level{"NewLevel", "50"};
text_argument const mode{"NewMode", "Night"};
text_argument const on{"NewOn", "1"};

TEST(argument_validator, CTRL_07_every_in_argument_in_order_becomes_a_value)
{
    auto const values = validate("Set", {level, mode, on});
    ASSERT_TRUE(values);
    EXPECT_THAT(*values, testing::ElementsAre(named_value{"NewLevel", 50}, named_value{"NewMode", "Night"},
                                              named_value{"NewOn", true}));
    EXPECT_TRUE(validate("Get", {})->empty());
}

TEST(argument_validator, CVE_2019_12108_N_29_CTRL_07_a_missing_argument_is_402)
{
    EXPECT_EQ(code("Set", {}), 402);
    EXPECT_EQ(code("Set", {mode, on}), 402);
    EXPECT_EQ(code("Set", {level, on}), 402);
    EXPECT_EQ(code("Set", {level, mode}), 402);
    for (auto const& one : {level, mode, on})
        EXPECT_EQ(code("Set", {one}), 402);
    for (bool const accept_unordered : {in_order, any_order})
        EXPECT_EQ(code("Set", {level, mode}, accept_unordered), 402);
}

TEST(argument_validator, CTRL_07_another_order_is_402_unless_the_policy_takes_it)
{
    std::vector<std::vector<text_argument>> const orders{
        {level, on, mode}, {mode, level, on}, {mode, on, level}, {on, level, mode}, {on, mode, level}};
    for (auto const& order : orders) {
        EXPECT_EQ(code("Set", order), 402);
        auto const values = validate("Set", order, any_order);
        ASSERT_TRUE(values);
        EXPECT_THAT(*values,
                    testing::ElementsAre(named_value{"NewLevel", 50}, named_value{"NewMode", "Night"},
                                         named_value{"NewOn", true}))
            << "handed on in the order of the SCPD";
    }
}

TEST(argument_validator, CTRL_07_a_repeated_argument_is_402)
{
    for (bool const accept_unordered : {in_order, any_order}) {
        EXPECT_EQ(code("Set", {level, level, mode, on}, accept_unordered), 402);
        EXPECT_EQ(code("Set", {level, mode, on, on}, accept_unordered), 402);
        EXPECT_EQ(code("Set", {level, mode, on, level}, accept_unordered), 402);
        EXPECT_EQ(code("Set", {level, level, level}, accept_unordered), 402);
    }
}

TEST(argument_validator, N_32_CTRL_07_what_is_no_argument_is_ignored)
{
    text_argument const other{"Other", "x", true};
    EXPECT_EQ(code("Set", {other, level, other, mode, other, on, other}), 0);
    EXPECT_EQ(code("Get", {other, level}), 0);
    EXPECT_EQ(code("Set", {level, mode, on, {"OldLevel", "nonsense"}}), 0) << "an out argument is none";
    EXPECT_EQ(code("Set", {{"newlevel", "50"}, mode, on}), 402) << "names are case-sensitive";
    EXPECT_EQ(code("Twins", {{"A", "1"}, {"a", "2"}}), 0);
    EXPECT_EQ(code("Twins", {{"a", "1"}, {"A", "2"}}), 402);
}

TEST(argument_validator, markup_where_a_value_belongs_is_402)
{
    EXPECT_EQ(code("Set", {{"NewLevel", "50", true}, mode, on}), 402);
    EXPECT_EQ(code("SetName", {{"NewName", "", true}}), 402);
}

TEST(argument_validator, N_30_TYPE_26_text_of_another_type_is_402)
{
    struct row {
        char const* action;
        char const* argument;
        std::vector<std::string> texts;
    };
    for (auto const& [action, argument, texts] : {
             row{"SetAny",
                 "NewAny",
                 {"", " ", "x", "1x", "x1", " 1", "1 ", "1.0", "0x10", "1e1", "--1", "1,0", "\xd9\xa3"}},
             row{"SetOffset", "NewOffset", {"", "-", "+-1", "maybe", "1-"}},
             row{"SetGain", "NewGain", {"", ".", "one", "1..0", "0x1p1", "1 "}},
             row{"SetBlob", "NewBlob", {"!", "A", "====", "AA=A"}},
         })
        for (auto const& text : texts)
            EXPECT_EQ(code(action, {{argument, text}}), 402) << action << ": " << text;
    for (auto const* text : {"maybe", "", "2", "on", "01", "-1", "truee"})
        EXPECT_EQ(code("Set", {level, mode, {"NewOn", text}}), 402) << text;
}

TEST(argument_validator, TYPE_26_a_value_outside_its_range_or_list_is_601)
{
    for (auto const* text : {"101", "105", "255", "1", "51", "99"})
        EXPECT_EQ(code("Set", {{"NewLevel", text}, mode, on}), 601) << text;
    for (auto const* text : {"0", "5", "100", "050"})
        EXPECT_EQ(code("Set", {{"NewLevel", text}, mode, on}), 0) << text;
    for (auto const* text : {"Dusk", "", "day", "DAY", "Day ", "Day,Night"})
        EXPECT_EQ(code("Set", {level, {"NewMode", text}, on}), 601) << text;
    for (auto const* text : {"1.5", "-1.01", "1e3"})
        EXPECT_EQ(code("SetGain", {{"NewGain", text}}), 601) << text;
}

TEST(argument_validator, TYPE_26_a_number_the_type_cannot_hold_is_402)
{
    for (auto const* text : {"256", "-1", "99999999999999999999999999"})
        EXPECT_EQ(code("SetAny", {{"NewAny", text}}), 402) << text;
    for (auto const* text : {"32768", "-32769"})
        EXPECT_EQ(code("SetOffset", {{"NewOffset", text}}), 402) << text;
    EXPECT_EQ(code("Set", {{"NewLevel", "256"}, mode, on}), 402) << "an ui1, whatever its range";
}

TEST(argument_validator, TYPE_13_infinities_and_none_of_the_numbers_are_600)
{
    for (auto const* text : {"INF", "-inf", "NaN"})
        EXPECT_EQ(code("SetGain", {{"NewGain", text}}), 600) << text;
    EXPECT_EQ(code("SetAny", {{"NewAny", "NaN"}}), 402) << "no integer";
}

TEST(argument_validator, N_31_TYPE_14_booleans_in_all_their_spellings)
{
    for (auto const* text : {"1", "true", "yes", "Yes", "TRUE"})
        EXPECT_EQ(validate("Set", {level, mode, {"NewOn", text}})->at(2), (named_value{"NewOn", true}))
            << text;
    for (auto const* text : {"0", "false", "no", "No", "FALSE"})
        EXPECT_EQ(validate("Set", {level, mode, {"NewOn", text}})->at(2), (named_value{"NewOn", false}))
            << text;
}

TEST(argument_validator, what_is_missing_is_said_before_what_is_out_of_range)
{
    EXPECT_EQ(code("Set", {{"NewLevel", "101"}, mode}), 402);
    EXPECT_EQ(code("Set", {{"NewLevel", "101"}, mode, {"NewOn", "maybe"}}), 601)
        << "then the first one in order";
}

TEST(argument_validator, strings_of_any_length_and_content_arrive_as_they_are)
{
    for (auto const& text :
         {std::string{}, std::string(255, 'a'), std::string(256, 'a'), std::string(65536, 'a'),
          std::string{"%n%s`id`"}, std::string{"  "}, std::string{"caf\xc3\xa9"}})
        EXPECT_EQ(validate("SetName", {{"NewName", text}})->at(0).value, value{text});
}

} // namespace
} // namespace onlink
