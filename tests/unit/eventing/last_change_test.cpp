// SPDX-License-Identifier: BSL-1.0
#include "eventing/event_engine.hpp"
#include "support/seeded_random.hpp"
#include "unit/eventing/segment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onlink/device.hpp>
#include <onlink/last_change.hpp>

#include <boost/system/system_error.hpp>

namespace onlink {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr time_point start{100h};
constexpr char const* rcs = "urn:schemas-upnp-org:metadata-1-0/RCS/";

service rendering_control()
{
    return {
        {.type = "urn:schemas-upnp-org:service:RenderingControl:1"_service_type,
         .id = "urn:upnp-org:serviceId:RenderingControl"_service_id},
        scpd::build()
            .state("LastChange", data_type::string)
            .state("Volume", data_type::ui2, {.evented = false, .range = allowed_range{value{0}, value{100}}})
            .state("Mute", data_type::boolean, {.evented = false})
            .state("PresetNameList", data_type::string, {.evented = false})
            .done()
            .value()};
}

/// A renderer and a control point that subscribes to it.
struct renderer : testing::Test {
    renderer()
    {
        policy.initial_event_delay = 0ms;
        device d{{.type = "urn:schemas-upnp-org:device:MediaRenderer:1"_device_type,
                  .udn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6"_udn,
                  .friendly_name = "Kitchen Radio",
                  .manufacturer = "Example Audio",
                  .model_name = "KR-1"}};
        d.add(control);
        tree = device_tree::of({d}).value();
        events.emplace(tree, bounds, policy, now);
        events->begin_service(0);
    }

    void subscribe(std::string const& peer = "192.168.20.9")
    {
        events->publish(now, 0); // as what was set before is
        new_subscription const wanted{test::candidates({"http://" + peer + ":50200/"}), 1800s, {}};
        auto const at = test::request_on(table, test::eth0, peer);
        events->answered(now, events->subscribe(now, 0, wanted, at, table, random)->id, true);
    }
    /// What LastChange says in the one event that goes, as the control point reads it; empty if none does.
    std::string event()
    {
        events->publish(now, 0);
        events->advance(now);
        auto const all = events->start_deliveries(now, table);
        EXPECT_LE(all.size(), 1U);
        if (all.empty())
            return {};
        events->settle(now, all[0].number(), delivery_outcome::delivered());
        auto text = *all[0].body();
        for (auto const& [escaped, plain] :
             {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&amp;", "&"}})
            for (std::size_t at = 0; (at = text.find(escaped, at)) != text.npos; ++at)
                text.replace(at, std::string_view{escaped}.size(), plain);
        auto const from = text.find("<LastChange>") + 12;
        return text.substr(from, text.find("</LastChange>") - from);
    }
    static std::string whole(std::string const& content)
    {
        return std::string{"<Event xmlns=\""} + rcs + "\">" + content + "</Event>";
    }

    service control = rendering_control();
    last_change rendering{control, rcs};
    device_tree tree;
    limits::eventing_limits bounds;
    policies policy;
    interface_table table = test::home();
    test::seeded_random random{1};
    time_point now = start;
    std::optional<event_engine> events;
};

TEST_F(renderer, GENA_45_LastChange_tells_what_has_changed_since_the_last_event)
{
    rendering.set(0, "Volume", 17, {{"channel", "Master"}});
    rendering.set(0, "Mute", false, {{"channel", "Master"}});
    subscribe();
    EXPECT_EQ(event(), whole("<InstanceID val=\"0\"><Volume channel=\"Master\" val=\"17\"></Volume>"
                             "<Mute channel=\"Master\" val=\"0\"></Mute></InstanceID>"));
    now += 1s;
    rendering.set(0, "Mute", true, {{"channel", "Master"}});
    EXPECT_EQ(event(),
              whole("<InstanceID val=\"0\"><Mute channel=\"Master\" val=\"1\"></Mute></InstanceID>"));
}

TEST_F(renderer, GENA_45_what_changes_within_200_ms_is_told_together)
{
    subscribe();
    event();
    rendering.set(0, "Volume", 1);
    EXPECT_THAT(event(), HasSubstr("val=\"1\""));
    rendering.set(0, "Volume", 2);
    rendering.set(1, "Volume", 9);
    now += 100ms;
    EXPECT_THAT(event(), IsEmpty());
    rendering.set(0, "Volume", 3);
    now = start + 199ms;
    EXPECT_THAT(event(), IsEmpty());
    now = start + 200ms;
    EXPECT_EQ(event(), whole("<InstanceID val=\"0\"><Volume val=\"3\"></Volume></InstanceID>"
                             "<InstanceID val=\"1\"><Volume val=\"9\"></Volume></InstanceID>"));
    EXPECT_EQ(control.state().get<std::string>("LastChange"),
              whole("<InstanceID val=\"0\"><Volume val=\"3\"></Volume></InstanceID>"
                    "<InstanceID val=\"1\"><Volume val=\"9\"></Volume></InstanceID>"));
}

TEST_F(renderer, GENA_30_the_initial_event_tells_everything_and_takes_nothing_from_the_others)
{
    subscribe("192.168.20.9");
    event();
    rendering.set(0, "Volume", 1);
    event();
    rendering.set(0, "Mute", true); // held back
    subscribe("192.168.20.10");
    EXPECT_THAT(event(), AllOf(HasSubstr("<Volume val=\"1\">"), HasSubstr("<Mute val=\"1\">")));
    now += 200ms;
    events->publish(now, 0);
    events->advance(now);
    auto const both = events->start_deliveries(now, table);
    ASSERT_EQ(both.size(), 2U);
    for (auto const& one : both)
        EXPECT_THAT(*one.body(), AllOf(HasSubstr("Mute"), Not(HasSubstr("Volume"))));
}

TEST_F(renderer, GENA_37_who_has_missed_something_is_told_everything)
{
    bounds.max_queued_events = 1;
    events.emplace(tree, bounds, policy, now);
    events->begin_service(0);
    subscribe();
    event();
    rendering.set(0, "Volume", 1);
    events->publish(now, 0);
    auto const under_way = events->start_deliveries(now, table);
    ASSERT_EQ(under_way.size(), 1U);
    for (int volume = 2; volume < 5; ++volume) {
        now += 200ms;
        rendering.set(0, volume == 2 ? "Mute" : "Volume", volume == 2 ? value{true} : value{volume});
        events->publish(now, 0);
    }
    events->settle(now, under_way[0].number(), delivery_outcome::delivered());
    EXPECT_THAT(event(), AllOf(HasSubstr("<Volume val=\"4\">"), HasSubstr("<Mute val=\"1\">")))
        << "two events became one, which lacks neither";
}

TEST_F(renderer, only_what_differs_is_told)
{
    rendering.set(0, "Volume", 1);
    subscribe();
    event();
    now += 1s;
    EXPECT_FALSE(rendering.try_set(0, "Volume", 1).value());
    EXPECT_THAT(event(), IsEmpty());
    EXPECT_TRUE(rendering.try_set(0, "Volume", 1, {{"channel", "LF"}}).value()) << "another channel";
    EXPECT_THAT(event(), HasSubstr("<Volume channel=\"LF\" val=\"1\">"));
}

TEST_F(renderer, an_instance_that_is_gone_is_told_no_more)
{
    rendering.set(0, "Volume", 1);
    rendering.set(3, "Volume", 2);
    rendering.remove(3);
    rendering.remove(4);
    subscribe();
    EXPECT_EQ(event(), whole("<InstanceID val=\"0\"><Volume val=\"1\"></Volume></InstanceID>"));
}

TEST_F(renderer, texts_are_escaped_in_the_text_and_again_in_the_event)
{
    rendering.set(0, "PresetNameList", "a<b&\"c\"", {{"x", "\"<"}});
    subscribe();
    EXPECT_THAT(event(), HasSubstr("x=\"&quot;&lt;\" val=\"a&lt;b&amp;&quot;c&quot;\""));
}

TEST_F(renderer, bad_values_are_refused_and_nothing_changes)
{
    EXPECT_EQ(rendering.try_set(0, "Nope", 1).error(), errc::unknown_name);
    EXPECT_EQ(rendering.try_set(0, "Volume", 101).error(), errc::out_of_range);
    EXPECT_EQ(rendering.try_set(0, "Volume", "loud").error(), errc::wrong_type);
    for (auto const* name : {"", "a b", "1a", "val", "a=\"\"", "x:y"})
        EXPECT_EQ(rendering.try_set(0, "Volume", 1, {{name, "x"}}).error(), errc::malformed) << name;
    EXPECT_THROW(rendering.set(0, "Volume", 101), boost::system::system_error);
    subscribe();
    EXPECT_EQ(event(), whole(""));
}

TEST(last_change, max_values_is_reached)
{
    auto control = rendering_control();
    last_change few{control, rcs, "LastChange", 2};
    EXPECT_TRUE(few.try_set(0, "Volume", 1));
    EXPECT_TRUE(few.try_set(1, "Volume", 1));
    EXPECT_EQ(few.try_set(2, "Volume", 1).error(), errc::full);
    EXPECT_TRUE(few.try_set(1, "Volume", 2)) << "a new value of one that is known";
    few.remove(1);
    EXPECT_TRUE(few.try_set(2, "Volume", 1));
}

TEST(last_change, is_an_evented_string_with_200_ms_if_nothing_else_was_said)
{
    auto control = rendering_control();
    EXPECT_THROW((last_change{control, rcs, "Nope"}), configuration_error);
    EXPECT_THROW((last_change{control, rcs, "Mute"}), configuration_error);
    EXPECT_THROW((last_change{control, rcs, "PresetNameList"}), configuration_error) << "not evented";
    last_change{control, rcs};
    EXPECT_EQ(control.moderation_of("LastChange").maximum_rate, 200ms);
    auto other = rendering_control();
    other.moderate("LastChange", {.maximum_rate = 1s});
    last_change{other, rcs};
    EXPECT_EQ(other.moderation_of("LastChange").maximum_rate, 1s);
}

} // namespace
} // namespace onlink
