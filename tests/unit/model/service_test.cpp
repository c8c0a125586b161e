// SPDX-License-Identifier: BSL-1.0
#include <onlink/service.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <tuple>

namespace onlink {
namespace {

using namespace literals;

service make_service()
{
    return {{.type = "urn:example-com:service:Dimmer:1"_service_type,
             .id = "urn:example-com:serviceId:Dimmer"_service_id},
            scpd::build()
                .state("On", data_type::boolean)
                .state("Level", data_type::ui1, {.range = allowed_range{0, 100}})
                .state("Offset", data_type::i2)
                .state("Big", data_type::ui8)
                .state("Count", data_type::integer)
                .state("Ratio", data_type::r8)
                .state("Label", data_type::string)
                .action("Set")
                .in("On", "On")
                .in("Level", "Level")
                .action("Get")
                .out("On", "On")
                .out("Level", "Level")
                .action("Move")
                .in("Offset", "Offset")
                .in("Big", "Big")
                .in("Count", "Count")
                .out("Ratio", "Ratio")
                .action("Rename")
                .in("Label", "Label")
                .done()
                .value()};
}

service bound_service()
{
    auto s = make_service();
    s.on("Set", [](bool, std::uint8_t) {})
        .on("Get",
            [] {
                return std::tuple{true, 1};
            })
        .on("Move", [](std::int16_t, std::uint64_t, std::int32_t) { return 0.5; })
        .on("Rename", [](std::string) {});
    return s;
}

TEST(service, is_a_handle)
{
    auto s = bound_service();
    service const same = s;
    s.state().set("Level", 7);
    EXPECT_EQ(same.state().get<int>("Level"), 7);
    EXPECT_EQ(same.identity().id.to_string(), "urn:example-com:serviceId:Dimmer");
    EXPECT_EQ(same.contract().actions().size(), 4u);
    s.on("Set", [](action_call const&) -> action_result { return outputs{}; });
    EXPECT_FALSE(same.find_handler("Set")->signature);
}

TEST(service, finds_its_handlers)
{
    auto s = bound_service();
    EXPECT_TRUE(s.find_handler("Set"));
    EXPECT_FALSE(s.find_handler("set"));
    s.leave_unimplemented("Set");
    EXPECT_FALSE(s.find_handler("Set"));
    s.on("Set", [](bool, int) {});
    EXPECT_TRUE(s.find_handler("Set"));
}

TEST(service, agrees_with_suitable_handlers)
{
    EXPECT_TRUE(bound_service().check());
    auto wider = bound_service();
    wider.on("Set", [](bool, long) {})
        .on("Get", [](action_call const&) -> action_result { return outputs{}; })
        .on("Move", [](long, std::uint64_t, std::int64_t) -> action_outcome<float> { return 0.5f; })
        .on("Rename", [](std::string const&) -> action_outcome<void> { return {}; });
    auto const legal = wider.check();
    EXPECT_TRUE(legal) << legal.error().message();
    wider.leave_unimplemented("Rename");
    EXPECT_TRUE(wider.check());
}

TEST(service, its_range_decides_what_a_parameter_has_to_hold)
{
    auto s = bound_service();
    s.on("Set", [](bool, std::int8_t) {}); // Level is a ui1, but ends at 100
    EXPECT_TRUE(s.check());
}

TEST(service, refuses_unsuitable_handlers_and_says_where)
{
    struct {
        std::function<void(service&)> change;
        errc code;
        char const* where;
    } const table[] = {
        {[](service& s) { s.on("Sett", [] {}); }, errc::unknown_name, "action Sett"},
        {[](service& s) { s.leave_unimplemented("get"); }, errc::unknown_name, "action get"},
        {[](service& s) { s.on("Set", [](bool) {}); }, errc::wrong_type,
         "action Set, in arguments (handler has 1, SCPD has 2)"},
        {[](service& s) { s.on("Set", [](bool, int) { return 1; }); }, errc::wrong_type,
         "action Set, out arguments (handler has 1, SCPD has 0)"},
        {[](service& s) { s.on("Get", [] { return true; }); }, errc::wrong_type,
         "action Get, out arguments (handler has 1, SCPD has 2)"},
        {[](service& s) { s.on("Set", [](int, int) {}); }, errc::wrong_type,
         "action Set, argument On (handler has an integer from -2147483648 to 2147483647, SCPD has boolean)"},
        {[](service& s) { s.on("Get", [] {
                              return std::tuple{true, 0.5};
                          }); }, errc::wrong_type,
         "action Get, argument Level (handler has a floating-point number, SCPD has ui1 from 0 to 100)"},
        {[](service& s) { s.on("Move", [](std::int8_t, std::uint64_t, int) { return 0.5; }); },
         errc::out_of_range,
         "action Move, argument Offset (handler has an integer from -128 to 127, SCPD has i2 from -32768 to "
         "32767)"},
        {[](service& s) { s.on("Move", [](std::uint16_t, std::uint64_t, int) { return 0.5; }); },
         errc::out_of_range,
         "action Move, argument Offset (handler has an integer from 0 to 65535, SCPD has i2 from -32768 to "
         "32767)"},
        {[](service& s) { s.on("Move", [](int, std::int64_t, int) { return 0.5; }); }, errc::out_of_range,
         "action Move, argument Big (handler has an integer from -9223372036854775808 to "
         "9223372036854775807, SCPD has ui8 from 0 to 18446744073709551615)"},
        {[](service& s) { s.on("Move", [](int, std::uint64_t, std::int16_t) { return 0.5; }); },
         errc::out_of_range,
         "action Move, argument Count (handler has an integer from -32768 to 32767, SCPD has int from "
         "-2147483648 to 2147483647)"},
        {[](service& s) { s.on("Rename", [](bytes) {}); }, errc::wrong_type,
         "action Rename, argument Label (handler has onlink::bytes, SCPD has string)"},
    };
    for (auto const& row : table) {
        auto s = bound_service();
        row.change(s);
        auto const legal = s.check();
        ASSERT_FALSE(legal) << row.where;
        EXPECT_EQ(legal.error().code, row.code) << row.where;
        EXPECT_EQ(legal.error().where, row.where);
    }
}

struct setting {
    bool on;
    std::uint8_t level;
};
struct shift {
    std::int8_t offset; // the SCPD has an i2
    std::uint64_t big;
    int count;
};

TEST(service, members_of_a_struct_are_compared_as_arguments_are)
{
    auto good = bound_service();
    good.on("Set", [](action_caller const&, setting const&) {}).on("Get", [] { return setting{true, 7}; });
    auto const legal = good.check();
    EXPECT_TRUE(legal) << legal.error().message();

    auto const verdict = [](char const* action, auto handler) {
        auto s = bound_service();
        s.on(action, handler);
        return s.check().error();
    };
    auto const narrow = verdict("Move", [](shift) { return 0.5; });
    EXPECT_EQ(narrow.code, errc::out_of_range);
    EXPECT_EQ(narrow.where,
              "action Move, argument Offset (handler has an integer from -128 to 127, SCPD has i2 "
              "from -32768 to 32767)");
    EXPECT_EQ(verdict("Rename", [](setting) {}).where,
              "action Rename, in arguments (handler has 2, SCPD has 1)");
    EXPECT_EQ(verdict("Set", [](action_caller) {}).where,
              "action Set, in arguments (handler has 0, SCPD has 2)")
        << "the caller is no argument";
    EXPECT_EQ(
        verdict("Move", [](int, std::uint64_t, int) -> action_outcome<setting> { return setting{}; }).where,
        "action Move, out arguments (handler has 2, SCPD has 1)");
}

TEST(service, says_each_kind_that_a_handler_can_have)
{
    auto const where = [](auto handler) {
        auto s = bound_service();
        s.on("Rename", handler);
        auto const legal = s.check();
        return legal ? std::string{} : legal.error().where;
    };
    auto const mismatch = [](std::string const& cpp) {
        return "action Rename, argument Label (handler has " + cpp + ", SCPD has string)";
    };
    EXPECT_EQ(where([](std::string) {}), "");
    EXPECT_EQ(where([](bool) {}), mismatch("bool"));
    EXPECT_EQ(where([](std::uint8_t) {}), mismatch("an integer from 0 to 255"));
    EXPECT_EQ(where([](float) {}), mismatch("a floating-point number"));
    EXPECT_EQ(where([](std::chrono::year_month_day) {}), mismatch("std::chrono::year_month_day"));
    EXPECT_EQ(where([](local_date_time) {}), mismatch("onlink::local_date_time"));
    EXPECT_EQ(where([](zoned_date_time) {}), mismatch("onlink::zoned_date_time"));
    EXPECT_EQ(where([](time_of_day) {}), mismatch("onlink::time_of_day"));
    EXPECT_EQ(where([](zoned_time_of_day) {}), mismatch("onlink::zoned_time_of_day"));

    auto text = bound_service();
    text.on("Move", [](std::string, std::uint64_t, int) { return 0.5; });
    EXPECT_EQ(text.check().error().where,
              "action Move, argument Offset (handler has std::string, SCPD has i2 from -32768 to 32767)");
}

TEST(service, an_action_must_not_be_forgotten)
{
    auto const legal = make_service().check();
    ASSERT_FALSE(legal);
    EXPECT_EQ(legal.error().message(), "action Set, handler: missing");
}

TEST(service, MCEV_08_a_level_belongs_to_a_multicast_variable_and_is_one_of_the_architecture_or_a_vendor)
{
    using namespace literals;
    auto const check = [](std::string_view variable, std::string level) {
        service s{{.type = "urn:example-com:service:Log:1"_service_type,
                   .id = "urn:example-com:serviceId:Log"_service_id},
                  scpd::build()
                      .state("Loud", data_type::ui1, {.evented = true, .multicast = true})
                      .state("Quiet", data_type::ui1, {.evented = true})
                      .done()
                      .value()};
        s.event_level(variable, std::move(level));
        auto const legal = s.check();
        return legal ? std::optional<errc>{} : std::optional{legal.error().code};
    };
    for (std::string const good : {"upnp:/emergency", "upnp:/fault", "upnp:/warning", "upnp:/info",
                                   "upnp:/debug", "upnp:/general", "example.com:/paper-out"})
        EXPECT_EQ(check("Loud", good), std::nullopt) << good;
    for (std::string const bad : {"", "general", "upnp:/", "upnp:/loud", "upnp:general", ":/x", "example:/x",
                                  "example.com:/", "example.com:/a b", "example.com:/a\r\nX: y"})
        EXPECT_EQ(check("Loud", bad), errc::malformed) << bad;
    EXPECT_EQ(check("Quiet", "upnp:/fault"), errc::contradictory);
    EXPECT_EQ(check("Other", "upnp:/fault"), errc::unknown_name);
}

TEST(service, GENA_45_moderations_are_checked)
{
    using namespace std::chrono_literals;
    auto const check = [](std::string_view variable, event_moderation how) {
        service s{{.type = "urn:example-com:service:Sensor:1"_service_type,
                   .id = "urn:example-com:serviceId:Sensor"_service_id},
                  scpd::build()
                      .state("Heat", data_type::r8)
                      .state("Count", data_type::ui4)
                      .state("Name", data_type::string)
                      .state("Quiet", data_type::ui1, {.evented = false})
                      .done()
                      .value()};
        s.moderate(variable, how);
        auto const legal = s.check();
        return legal ? std::string{"legal"} : legal.error().message();
    };
    EXPECT_EQ(check("Heat", {.maximum_rate = 200ms, .minimum_delta = 0.5}), "legal");
    EXPECT_EQ(check("Count", {.minimum_delta = 5}), "legal");
    EXPECT_EQ(check("Name", {.maximum_rate = 24h}), "legal");
    EXPECT_THAT(check("Name", {.minimum_delta = 1}),
                testing::StartsWith("variable Name, moderation, minimum_delta (it is no number)"));
    EXPECT_THAT(check("Quiet", {.maximum_rate = 1s}),
                testing::StartsWith("variable Quiet, moderation (it is not evented)"));
    EXPECT_THAT(check("Nope", {}), testing::StartsWith("variable Nope, moderation"));
    EXPECT_THAT(check("Heat", {.maximum_rate = -1ms}),
                testing::StartsWith("variable Heat, moderation, maximum_rate"));
    EXPECT_THAT(check("Heat", {.maximum_rate = 24h + 1ms}),
                testing::StartsWith("variable Heat, moderation, maximum_rate"));
    for (double const bad :
         {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
        EXPECT_THAT(check("Heat", {.minimum_delta = bad}),
                    testing::StartsWith("variable Heat, moderation, minimum_delta"))
            << bad;
}

TEST(service, CTRL_08_versions_of_actions_are_checked)
{
    auto const verdict = [](char const* action, unsigned version) {
        auto s = bound_service();
        s.since(action, version);
        return s.check();
    };
    EXPECT_TRUE(verdict("Get", 1));
    EXPECT_EQ(verdict("Get", 0).error().code, errc::out_of_range);
    EXPECT_EQ(verdict("Get", 2).error().where, "action Get, version") << "the service is of version 1";
    EXPECT_EQ(verdict("get", 1).error().code, errc::unknown_name);
    EXPECT_EQ(bound_service().introduced_in("Get"), 1U);
}

TEST(service, TYPE_17_a_date_in_the_handler_has_to_be_a_date_in_the_SCPD)
{
    auto const verdict = [](auto handler) {
        service s{{.type = "urn:example-com:service:Clock:1"_service_type,
                   .id = "urn:example-com:serviceId:Clock"_service_id},
                  scpd::build().state("Day", data_type::date).action("Set").in("Day", "Day").done().value()};
        s.on("Set", handler);
        return s.check();
    };
    EXPECT_TRUE(verdict([](std::chrono::year_month_day) {}));
    EXPECT_TRUE(verdict([](std::string) {}));
    EXPECT_EQ(verdict([](time_of_day) {}).error().code, errc::wrong_type);
    EXPECT_EQ(verdict([](local_date_time) {}).error().where,
              "action Set, argument Day (handler has onlink::local_date_time, SCPD has date)");
}

} // namespace
} // namespace onlink
