// SPDX-License-Identifier: BSL-1.0
#include <onlink/scpd.hpp>

#include <gtest/gtest.h>

#include <functional>

namespace onlink {
namespace {

TEST(scpd_builder, makes_a_contract)
{
    auto const contract = scpd::build()
                              .state("Target", data_type::boolean, {.evented = false, .initial = false})
                              .state("Status", data_type::boolean)
                              .action("SetTarget")
                              .in("newTargetValue", "Target")
                              .action("GetStatus")
                              .retval("ResultStatus", "Status")
                              .out("Wanted", "Target")
                              .action("Reset")
                              .done()
                              .value();
    ASSERT_EQ(contract.actions().size(), 3u);
    auto const* get_status = contract.find_action("GetStatus");
    ASSERT_TRUE(get_status);
    ASSERT_EQ(get_status->arguments.size(), 2u);
    EXPECT_TRUE(get_status->arguments[0].retval);
    EXPECT_EQ(get_status->arguments[0].variable, 1u);
    EXPECT_EQ(get_status->arguments[1].variable, 0u);
    EXPECT_TRUE(contract.find_action("Reset")->arguments.empty());
    EXPECT_EQ(contract.find_action("getstatus"), nullptr);
    EXPECT_EQ(contract.find_variable("Status"), 1u);
    EXPECT_EQ(contract.find_variable("status"), std::nullopt);
    EXPECT_TRUE(contract.has_events());
}

TEST(scpd_builder, DESC_53_a_contract_may_be_without_events)
{
    auto const contract = scpd::build().state("A", data_type::ui1, {.evented = false}).done().value();
    EXPECT_FALSE(contract.has_events());
}

TEST(scpd_builder, may_be_asked_again)
{
    auto builder = scpd::build();
    builder.state("A", data_type::ui1);
    EXPECT_TRUE(builder.done());
    builder.state("B", data_type::ui1);
    EXPECT_EQ(builder.done().value().variables().size(), 2u);
}

TEST(scpd_builder, names_follow_the_clause)
{
    std::string const alef = "\xD7\x90";
    for (std::string const& name :
         {std::string{"A"}, std::string{"a1"}, std::string{"_x"}, std::string{"A_ARG_TYPE_x.y"},
          std::string{"Xm"}, std::string{"\xC3\x84nderung"}, alef, "a" + std::string{"\xCC\x88"},
          std::string{"\xF0\x90\x80\x80"}})
        EXPECT_TRUE(scpd::build().state(name, data_type::ui1).done()) << name;
    for (std::string const& name :
         {std::string{"a-b"}, std::string{"a b"}, std::string{"a#b"}, std::string{"a:b"}, std::string{".a"},
          std::string{"1a"}, std::string{"xml"}, std::string{"XmlThing"}, std::string{"a<b"},
          std::string{"a\n"}, std::string{"\xCC\x88"}, std::string{"\xC3\x97"}, std::string{"a\xE2\x80\xA8"},
          std::string{"\xFF"}}) {
        EXPECT_EQ(scpd::build().state(name, data_type::ui1).done().error().code, errc::malformed) << name;
        auto const with = [&] { return scpd::build().state("V", data_type::ui1); };
        EXPECT_EQ(with().action(name).done().error().code, errc::malformed) << name;
        EXPECT_EQ(with().action("A").in(name, "V").done().error().code, errc::malformed) << name;
    }
}

TEST(scpd_builder, refuses_and_says_where)
{
    using builder = scpd_builder;
    struct {
        std::function<void(builder&)> steps;
        errc code;
        char const* where;
    } const table[] = {
        {[](builder& b) { b.in("A", "V"); }, errc::missing, "action"},
        {[](builder& b) { b.out("A", "V").action("B"); }, errc::missing, "action"},
        {[](builder& b) { b.state("", data_type::ui1); }, errc::missing, "stateVariable, name"},
        {[](builder& b) { b.state("V", data_type::ui1); }, errc::duplicate, "stateVariable V, name"},
        {[](builder& b) { b.action("A").action("A"); }, errc::duplicate, "action A, name"},
        {[](builder& b) { b.action(""); }, errc::missing, "action, name"},
        {[](builder& b) { b.action("A").in("B", "V").out("B", "V"); }, errc::duplicate,
         "action A, argument B, name"},
        {[](builder& b) { b.action("A").in("B", "W"); }, errc::unknown_name,
         "action A, argument B, relatedStateVariable W"},
        // DESC-66
        {[](builder& b) { b.action("A").out("B", "V").in("C", "V"); }, errc::contradictory,
         "action A, argument C, direction (in after out)"},
        {[](builder& b) { b.action("A").out("B", "V").retval("C", "V"); }, errc::contradictory,
         "action A, argument C, retval"},
        {[](builder& b) { b.action("A").retval("B", "V").retval("C", "V"); }, errc::contradictory,
         "action A, argument C, retval"},
        // DESC-69
        {[](builder& b) { b.state("X", data_type::ui1, {.evented = false, .multicast = true}); },
         errc::contradictory, "stateVariable X, multicast"},
        // DESC-73
        {[](builder& b) { b.state("X", data_type::ui1, {.initial = "a"}); }, errc::wrong_type,
         "stateVariable X, defaultValue"},
        {[](builder& b) { b.state("X", data_type::ui1, {.initial = 256}); }, errc::out_of_range,
         "stateVariable X, defaultValue"},
        {[](builder& b) {
             b.state("X", data_type::ui1, {.initial = 5, .range = allowed_range{10, 20}});
         },
         errc::out_of_range, "stateVariable X, defaultValue"},
        {[](builder& b) {
             b.state("X", data_type::string, {.initial = "c", .allowed_values = {"a", "b"}});
         },
         errc::out_of_range, "stateVariable X, defaultValue"},
        {[](builder& b) { b.state("X", data_type::date, {.initial = "soon"}); }, errc::malformed,
         "stateVariable X, defaultValue"},
        // DESC-74
        {[](builder& b) { b.state("X", data_type::ui1, {.allowed_values = {"1"}}); }, errc::wrong_type,
         "stateVariable X, allowedValueList"},
        {[](builder& b) {
             b.state("X", data_type::string, {.allowed_values = {"a", ""}});
         },
         errc::malformed, "stateVariable X, allowedValueList, allowedValue"},
        {[](builder& b) { b.state("X", data_type::string, {.allowed_values = {"a "}}); }, errc::malformed,
         "stateVariable X, allowedValueList, allowedValue a "},
        {[](builder& b) {
             b.state("X", data_type::string, {.allowed_values = {"a", "a"}});
         },
         errc::duplicate, "stateVariable X, allowedValueList, allowedValue a"},
        {[](builder& b) { b.state("X", data_type::string, {.allowed_values = {std::string(32, 'x')}}); },
         errc::too_large, "stateVariable X, allowedValueList, allowedValue xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
        {[](builder& b) {
             b.state("X", data_type::string, {.allowed_values = {"a"}, .range = allowed_range{1, 2}});
         },
         errc::contradictory, "stateVariable X, allowedValueRange"},
        // DESC-75
        {[](builder& b) {
             b.state("X", data_type::string, {.range = allowed_range{"a", "b"}});
         },
         errc::wrong_type, "stateVariable X, allowedValueRange"},
        {[](builder& b) {
             b.state("X", data_type::boolean, {.range = allowed_range{false, true}});
         },
         errc::wrong_type, "stateVariable X, allowedValueRange"},
        {[](builder& b) {
             b.state("X", data_type::ui1, {.range = allowed_range{-1, 2}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, minimum"},
        {[](builder& b) {
             b.state("X", data_type::r8, {.range = allowed_range{0.0, 1.0, 0.3}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, step"},
        {[](builder& b) {
             b.state("X", data_type::r8, {.range = allowed_range{0.0, 1.0, 2.0}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, step"},
        {[](builder& b) {
             b.state("X", data_type::r4, {.range = allowed_range{0.0f, 1.0f, 1e30f}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, step"},
        {[](builder& b) {
             b.state("X", data_type::fixed_14_4, {.range = allowed_range{0.0, 1.0001, 0.5}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, step"},
        {[](builder& b) {
             b.state("X", data_type::ui1, {.range = allowed_range{1, 256}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, maximum"},
        {[](builder& b) {
             b.state("X", data_type::ui1, {.range = allowed_range{1, 2, 1.0}});
         },
         errc::wrong_type, "stateVariable X, allowedValueRange, step"},
        {[](builder& b) {
             b.state("X", data_type::ui1, {.range = allowed_range{2, 2}});
         },
         errc::contradictory, "stateVariable X, allowedValueRange"},
        {[](builder& b) {
             b.state("X", data_type::i1, {.range = allowed_range{2, -2}});
         },
         errc::contradictory, "stateVariable X, allowedValueRange"},
        {[](builder& b) {
             b.state("X", data_type::ui1, {.range = allowed_range{0, 10, 3}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, step"},
        {[](builder& b) {
             b.state("X", data_type::ui1, {.range = allowed_range{0, 10, 0}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, step"},
        {[](builder& b) {
             b.state("X", data_type::i1, {.range = allowed_range{0, 10, -5}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, step"},
        {[](builder& b) {
             b.state("X", data_type::r8, {.range = allowed_range{0.0, 0.0}});
         },
         errc::contradictory, "stateVariable X, allowedValueRange"},
        {[](builder& b) {
             b.state("X", data_type::r8, {.range = allowed_range{0.0, 1.0, 0.0}});
         },
         errc::out_of_range, "stateVariable X, allowedValueRange, step"},
    };
    for (auto const& row : table) {
        auto contract = scpd::build();
        contract.state("V", data_type::ui1);
        row.steps(contract);
        auto const made = contract.done();
        ASSERT_FALSE(made) << row.where;
        EXPECT_EQ(made.error().code, row.code) << made.error().message();
        EXPECT_EQ(made.error().where, row.where);
    }
}

TEST(scpd_builder, DESC_67_a_service_without_variables_is_prohibited)
{
    EXPECT_EQ(scpd::build().done().error().where, "serviceStateTable");
    EXPECT_EQ(scpd::build().action("A").done().error().where, "serviceStateTable");
}

TEST(scpd_builder, DESC_74_allowed_values_are_counted_in_characters)
{
    std::string umlauts;
    for (int i = 0; i < 31; ++i)
        umlauts += "\xC3\xA4";
    EXPECT_TRUE(scpd::build().state("X", data_type::string, {.allowed_values = {umlauts}}).done());
}

TEST(scpd_builder, DESC_75_real_ranges_are_whole_steps_with_a_tolerance)
{
    struct {
        data_type type;
        allowed_range range;
    } const table[] = {
        {data_type::r8, {0.0, 1.0, 0.1}},          {data_type::r8, {0.0, 0.3, 0.1}},
        {data_type::r8, {-0.5, 1.5, 0.25}},        {data_type::r8, {0.1, 0.7, 0.1}},
        {data_type::r8, {0.0, 1.0e6, 0.1}},        {data_type::r8, {-1.0e300, 1.0e300, 2.0e300}},
        {data_type::r4, {0.0f, 0.3f, 0.1f}},       {data_type::r4, {0.0, 1.0, 0.1}},
        {data_type::floating, {-90.0, 90.0, 0.5}}, {data_type::fixed_14_4, {0.0, 99999.9999, 0.0001}},
        {data_type::number, {0.0, 1.0, 1.0}},      {data_type::r8, {0.0, 1.0}},
    };
    for (auto const& row : table)
        EXPECT_TRUE(scpd::build().state("X", row.type, {.range = row.range}).done())
            << to_string(row.type) << ' ' << row.range.maximum.get<double>().value();
}

} // namespace
} // namespace onlink
