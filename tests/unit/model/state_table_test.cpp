// SPDX-License-Identifier: BSL-1.0
#include <onlink/state_table.hpp>

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <utility>

namespace onlink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<state_variable> variables()
{
    return {{.name = "Level", .type = data_type::ui1, .range = allowed_range{10, 100}},
            {.name = "Hidden", .type = data_type::i4, .evented = false},
            {.name = "Mode", .default_value = "OFF", .allowed_values = {"ON", "OFF"}},
            {.name = "Ratio", .type = data_type::r8}};
}

TEST(state_table, starts_at_the_initial_values)
{
    state_table state{variables()};
    EXPECT_EQ(state.get<int>("Level"), 10);
    EXPECT_EQ(state.get<int>("Hidden"), 0);
    EXPECT_EQ(state.get<std::string>("Mode"), "OFF");
    EXPECT_EQ(state.at(3), value{0.0});
    EXPECT_EQ(state.variables().size(), 4u);
    EXPECT_THAT(state.take_changes(), IsEmpty());
}

TEST(state_table, holds_legal_values)
{
    state_table state{variables()};
    EXPECT_TRUE(state.try_set("Level", 20).value());
    EXPECT_EQ(state.get<unsigned>("Level"), 20u);
    EXPECT_TRUE(state.try_set("Mode", "ON").value());
    EXPECT_EQ(state.get<std::string>("Mode"), "ON");
}

TEST(state_table, an_illegal_value_changes_nothing)
{
    state_table state{variables()};
    EXPECT_EQ(state.try_set("Level", 9).error(), errc::out_of_range);
    EXPECT_EQ(state.try_set("Level", 256).error(), errc::out_of_range);
    EXPECT_EQ(state.try_set("Level", "20").error(), errc::wrong_type);
    EXPECT_EQ(state.try_set("Mode", "on").error(), errc::out_of_range);
    EXPECT_EQ(state.try_set("level", 20).error(), errc::unknown_name);
    EXPECT_EQ(state.get<int>("Level"), 10);
    EXPECT_THAT(state.take_changes(), IsEmpty());
}

TEST(state_table, the_same_value_is_no_change)
{
    state_table state{variables()};
    state.set("Level", 20);
    (void)state.take_changes();
    EXPECT_FALSE(state.try_set("Level", 20).value());
    EXPECT_FALSE(state.try_set("Level", 20u).value()); // held signed or unsigned
    EXPECT_FALSE(state.try_set("Level", std::uint64_t{20}).value());
    EXPECT_THAT(state.take_changes(), IsEmpty());
}

TEST(state_table, tells_evented_changes_in_order_and_once)
{
    state_table state{variables()};
    state.set("Ratio", 0.5);
    state.set("Hidden", 7);
    state.set("Level", 20);
    state.set("Level", 30);
    EXPECT_THAT(state.take_changes(), ElementsAre(0, 3));
    EXPECT_THAT(state.take_changes(), IsEmpty());
    EXPECT_EQ(state.get<int>("Hidden"), 7);
}

TEST(state_table, calls_its_listener_at_the_first_change_of_a_batch)
{
    state_table state{variables()};
    int calls = 0;
    state.on_change([&] {
        ++calls;
        EXPECT_EQ(state.get<int>("Level"), 20); // already held
    });
    state.set("Hidden", 1);
    EXPECT_EQ(calls, 0);
    state.set("Level", 20);
    state.set("Mode", "ON");
    EXPECT_EQ(calls, 1);
    (void)state.take_changes();
    state.set("Mode", "OFF");
    EXPECT_EQ(calls, 2);
    state.on_change({});
    (void)state.take_changes();
    state.set("Mode", "ON");
    EXPECT_EQ(calls, 2);
}

TEST(state_table, mistakes_of_the_caller_throw)
{
    state_table state{variables()};
    EXPECT_THROW(state.set("Nothing", 1), boost::system::system_error);
    EXPECT_THROW(state.set("Level", 1), boost::system::system_error);
    EXPECT_THROW((void)state.get<int>("Nothing"), boost::system::system_error);
    EXPECT_THROW((void)state.get<bool>("Level"), boost::system::system_error);
    EXPECT_THROW((void)state.at(4), std::out_of_range);
    try {
        state.set("Level", 1);
    } catch (boost::system::system_error const& e) {
        EXPECT_EQ(e.code(), errc::out_of_range);
        EXPECT_THAT(e.what(), testing::HasSubstr("Level"));
    }
}

TEST(state_table, what_is_written_alike_is_no_change)
{
    using namespace std::chrono;
    state_table table{{{.name = "Day", .type = data_type::date},
                       {.name = "At", .type = data_type::date_time_tz},
                       {.name = "Gain", .type = data_type::r4},
                       {.name = "Price", .type = data_type::fixed_14_4},
                       {.name = "Peer", .type = data_type::uuid}}};
    EXPECT_TRUE(table.try_set("Day", "2026-02-03").value());
    EXPECT_FALSE(table.try_set("Day", 2026y / 2 / 3).value());
    EXPECT_EQ(table.get<year_month_day>("Day"), 2026y / 2 / 3);
    EXPECT_EQ(table.get<std::string>("Day"), "2026-02-03");
    EXPECT_TRUE(table.try_set("At", zoned_date_time::of(sys_days{2026y / 2 / 3})).value());
    EXPECT_FALSE(table.try_set("At", "2026-02-03T00:00:00+0000").value());
    EXPECT_TRUE(table.try_set("Gain", 0.1).value());
    EXPECT_FALSE(table.try_set("Gain", 0.1f).value());
    EXPECT_TRUE(table.try_set("Price", 0.3).value());
    EXPECT_FALSE(table.try_set("Price", 0.30001).value());
    EXPECT_TRUE(table.try_set("Peer", "uuid:2FAC1234-31F8-11B4-A222-08002B34C003").value());
    EXPECT_FALSE(table.try_set("Peer", "2fac1234-31f8-11b4-a222-08002b34c003").value());
    EXPECT_EQ(table.try_set("Day", "2026-02-30").error(), errc::malformed);
    EXPECT_EQ(table.try_set("Day", 2026y / 2 / 30).error(), errc::out_of_range);
    EXPECT_EQ(table.get<std::string>("Day"), "2026-02-03");
}

/// Has a number of things to tell.
struct counting_log : change_log {
    std::string take_changes() override { return std::to_string(std::exchange(untold, 0)); }
    std::string everything() const override { return "all"; }
    int untold = 0;
};

TEST(state_table, GENA_45_a_variable_can_tell_its_changes_by_a_log)
{
    auto declared = variables();
    declared.push_back({.name = "LastChange"});
    state_table state{declared};
    EXPECT_FALSE(state.has_change_logs());
    auto const log = std::make_shared<counting_log>();
    state.tell_by("LastChange", log);
    EXPECT_TRUE(state.has_change_logs());
    EXPECT_EQ(state.whole(4), value{"all"});
    EXPECT_EQ(state.whole(2), value{"OFF"}) << "others are what they are";

    log->untold = 3;
    state.touch(4);
    EXPECT_THAT(state.take_changes(), ElementsAre(4));
    EXPECT_EQ(state.at(4), value{""}) << "until an event goes";
    state.close_changes({0, 4});
    EXPECT_EQ(state.at(4), value{"3"});
    EXPECT_EQ(log->untold, 0);
    state.close_changes({0});
    EXPECT_EQ(state.at(4), value{"3"});
}

TEST(state_table, only_an_evented_string_has_a_log)
{
    state_table state{variables()};
    auto const log = std::make_shared<counting_log>();
    EXPECT_THROW(state.tell_by("Level", log), boost::system::system_error);
    EXPECT_THROW(state.tell_by("Hidden", log), boost::system::system_error);
    EXPECT_THROW(state.tell_by("Nope", log), boost::system::system_error);
    EXPECT_FALSE(state.has_change_logs());
}

TEST(state_table, a_listener_that_throws_is_called_again_at_the_next_change)
{
    state_table state{variables()};
    int called = 0;
    state.on_change([&] {
        if (++called == 1)
            throw std::bad_alloc{};
    });
    EXPECT_THROW(state.set("Level", 11), std::bad_alloc);
    EXPECT_EQ(state.get<int>("Level"), 11) << "the value is held";
    state.set("Level", 12);
    EXPECT_EQ(called, 2);
    EXPECT_THAT(state.take_changes(), ElementsAre(0));
}

TEST(state_table, what_a_listener_that_throws_was_not_told_is_there_all_the_same)
{
    state_table state{variables()};
    state.on_change([] { throw std::bad_alloc{}; });
    EXPECT_THROW(state.set("Level", 11), std::bad_alloc);
    EXPECT_THAT(state.take_changes(), ElementsAre(0));
    EXPECT_THAT(state.take_changes(), IsEmpty());
}

} // namespace
} // namespace onlink
