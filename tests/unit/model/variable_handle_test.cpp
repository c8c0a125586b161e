// SPDX-License-Identifier: BSL-1.0
#include <onlink/variable_handle.hpp>

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <type_traits>

namespace onlink {
namespace {

using namespace literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

service dimmer()
{
    return {{.type = "urn:example-com:service:Dimmer:1"_service_type,
             .id = "urn:example-com:serviceId:Dimmer"_service_id},
            scpd::build()
                .state("On", data_type::boolean)
                .state("Level", data_type::ui1, {.range = allowed_range{value{0}, value{100}}})
                .state("Label", data_type::string)
                .done()
                .value()};
}

TEST(variable_handle, reads_and_writes_as_a_variable_does)
{
    auto const power = dimmer();
    auto const on = power.variable<bool>("On");
    auto const level = power.variable<std::uint8_t>("Level");
    auto const label = power.variable<std::string>("Label");
    EXPECT_FALSE(on);
    on = true;
    level = 42;
    label = "Hall";
    EXPECT_TRUE(on);
    EXPECT_EQ(level, 42);
    EXPECT_EQ(label.get(), "Hall");
    EXPECT_EQ(power.state().get<int>("Level"), 42);
    EXPECT_THAT(power.state().take_changes(), ElementsAre(0, 1, 2));
    level = 42;
    EXPECT_THAT(power.state().take_changes(), IsEmpty()) << "no change, no event";
}

TEST(variable_handle, keeps_its_service)
{
    auto const orphan = [] { return dimmer().variable<int>("Level"); }();
    orphan = 7;
    auto const same = orphan;
    EXPECT_EQ(same, 7);
}

TEST(variable_handle, a_handler_may_hold_it_and_the_service_is_freed_all_the_same)
{
    service power{
        {.type = "urn:example-com:service:Lamp:1"_service_type,
         .id = "urn:example-com:serviceId:Lamp"_service_id},
        scpd::build().state("On", data_type::boolean).action("Get").out("Now", "On").done().value()};
    auto const alive = std::make_shared<int>(1);
    std::weak_ptr<int> const watch = alive;
    power.on("Get", [on = power.variable<bool>("On"), alive] { return on.get(); });
    auto const held = [&] { return watch.use_count() > 1; };
    EXPECT_TRUE(held());
    power = dimmer();
    EXPECT_FALSE(held());
}

TEST(variable_handle, what_is_out_of_range_changes_nothing)
{
    auto const power = dimmer();
    auto const level = power.variable<int>("Level");
    EXPECT_EQ(level.try_set(101).error(), errc::out_of_range);
    EXPECT_EQ(level.try_set(-1).error(), errc::out_of_range);
    EXPECT_THROW(level = 101, boost::system::system_error);
    EXPECT_EQ(level, 0);
    EXPECT_TRUE(level.try_set(100).value());
    EXPECT_FALSE(level.try_set(100).value());
}

TEST(variable_handle, of_another_name_or_type_is_a_configuration_error_that_says_so)
{
    auto const power = dimmer();
    auto const message = [](auto make) -> std::string {
        try {
            make();
        } catch (configuration_error const& refused) {
            return refused.what();
        }
        return "none";
    };
    EXPECT_THAT(message([&] { power.variable<bool>("on"); }), HasSubstr("variable on"));
    EXPECT_THAT(message([&] { power.variable<bool>("Level"); }),
                HasSubstr("variable Level (C++ has bool, SCPD has ui1 from 0 to 100)"));
    EXPECT_THAT(message([&] { power.variable<std::int8_t>("Level"); }), testing::Eq("none")) << "100 fits";
    EXPECT_THAT(message([&] { power.variable<double>("Label"); }),
                HasSubstr("variable Label (C++ has a floating-point number, SCPD has string)"));
}

static_assert(!std::is_copy_assignable_v<variable_handle<bool>>,
              "it would name another variable from then on");

TEST(state_batch, GENA_36_what_changes_meanwhile_goes_together_at_its_end)
{
    auto const power = dimmer();
    int told = 0;
    power.state().on_change([&] { ++told; });
    {
        auto const together = power.batch();
        power.variable<bool>("On") = true;
        EXPECT_TRUE(power.state().get<bool>("On")) << "the values themselves do not wait";
        {
            auto const inner = power.batch();
            power.variable<int>("Level") = 1;
        }
        EXPECT_THAT(power.state().take_changes(), IsEmpty());
        EXPECT_EQ(told, 0);
    }
    EXPECT_EQ(told, 1);
    EXPECT_THAT(power.state().take_changes(), ElementsAre(0, 1));
}

TEST(state_batch, GENA_36_what_had_changed_before_goes_with_it)
{
    auto const power = dimmer();
    int told = 0;
    power.state().on_change([&] { ++told; });
    power.variable<bool>("On") = true;
    EXPECT_EQ(told, 1);
    std::optional<state_batch> together{power.batch()};
    EXPECT_THAT(power.state().take_changes(), IsEmpty()) << "the listener comes too late";
    power.variable<int>("Level") = 1;
    together.reset();
    EXPECT_EQ(told, 2);
    EXPECT_THAT(power.state().take_changes(), ElementsAre(0, 1));
}

TEST(state_batch, without_changes_tells_nobody_and_can_be_moved)
{
    auto const power = dimmer();
    int told = 0;
    power.state().on_change([&] { ++told; });
    {
        auto first = power.batch();
        auto const second = std::move(first);
        power.state().on_change([&] { ++told; });
    }
    EXPECT_EQ(told, 0);
    power.variable<bool>("On") = true;
    EXPECT_EQ(told, 1) << "it ended once";
}

} // namespace
} // namespace onlink
