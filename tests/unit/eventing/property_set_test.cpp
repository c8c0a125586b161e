// SPDX-License-Identifier: BSL-1.0
#include "eventing/property_set.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

std::vector<state_variable> variables()
{
    return scpd::build()
        .state("On", data_type::boolean)
        .state("Name", data_type::string)
        .state("Level", data_type::ui1)
        .done()
        .value()
        .variables();
}

TEST(property_set, GENA_35_one_property_per_variable_in_the_order_given)
{
    state_table state{variables()};
    state.set("On", true);
    state.set("Level", 42);
    EXPECT_EQ(*event_bodies{state}.change({0, 2}),
              "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
              "<e:propertyset xmlns:e=\"urn:schemas-upnp-org:event-1-0\">\r\n"
              "<e:property><On>1</On></e:property>\r\n"
              "<e:property><Level>42</Level></e:property>\r\n"
              "</e:propertyset>");
}

TEST(property_set, GENA_35_texts_are_escaped)
{
    state_table state{variables()};
    state.set("Name", "<b>&caf\xc3\xa9");
    EXPECT_EQ(*event_bodies{state}.change({1}),
              "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
              "<e:propertyset xmlns:e=\"urn:schemas-upnp-org:event-1-0\">\r\n"
              "<e:property><Name>&lt;b&gt;&amp;caf\xc3\xa9</Name></e:property>\r\n"
              "</e:propertyset>");
}

TEST(property_set, a_body_does_not_change_with_the_state)
{
    state_table state{variables()};
    auto const before = event_bodies{state}.change({0});
    auto const text = *before;
    state.set("On", true);
    EXPECT_EQ(*before, text);
    EXPECT_NE(*event_bodies{state}.change({0}), text);
}

} // namespace
} // namespace onlink
