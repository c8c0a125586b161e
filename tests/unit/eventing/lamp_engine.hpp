// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_UNIT_EVENTING_LAMP_ENGINE_HPP
#define ONLINK_TESTS_UNIT_EVENTING_LAMP_ENGINE_HPP

#include "eventing/event_engine.hpp"
#include "support/seeded_random.hpp"
#include "unit/eventing/segment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <onlink/device.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onlink::test {

using namespace literals;
using namespace std::chrono_literals;

inline constexpr time_point start{100h};
inline constexpr std::size_t dimmer = 0;
inline constexpr std::size_t timer = 1;
inline constexpr std::size_t clock_face = 2; ///< without events

inline std::string seq_of(event_delivery const& d)
{
    auto const at = d.header().find("\r\nSEQ: ") + 7;
    return d.header().substr(at, d.header().find("\r\n", at) - at);
}

inline std::string sid_of(event_delivery const& d)
{
    auto const at = d.header().find("\r\nSID: ") + 7;
    return d.header().substr(at, d.header().find("\r\n", at) - at);
}

/// A lamp with three services, and whoever subscribes to them.
struct lamp_engine : testing::Test {
    lamp_engine()
    {
        policy.initial_event_delay = 0ms; // tests of their own wait for these two
        bounds.retry_pause = 0ms;
        device lamp{{.type = "urn:schemas-upnp-org:device:DimmableLight:1"_device_type,
                     .udn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6"_udn,
                     .friendly_name = "Hall Lamp",
                     .manufacturer = "Example Lamps",
                     .model_name = "CL-1"}};
        lamp.add(service{{.type = "urn:schemas-upnp-org:service:Dimming:1"_service_type,
                          .id = "urn:upnp-org:serviceId:Dimming"_service_id},
                         scpd::build()
                             .state("Level", data_type::ui1)
                             .state("Target", data_type::ui1, {.evented = false})
                             .state("Mode", data_type::string)
                             .done()
                             .value()});
        lamp.add(service{{.type = "urn:example-com:service:Timer:1"_service_type,
                          .id = "urn:example-com:serviceId:Timer"_service_id},
                         scpd::build().state("Left", data_type::ui4).done().value()});
        lamp.add(service{{.type = "urn:example-com:service:Clock:1"_service_type,
                          .id = "urn:example-com:serviceId:Clock"_service_id},
                         scpd::build().state("Zone", data_type::string, {.evented = false}).done().value()});
        tree = device_tree::of({lamp}).value();
        restart();
    }

    /// With the limits and policies of now.
    void restart()
    {
        events.emplace(tree, bounds, policy, now);
        for (auto const service : {dimmer, timer, clock_face})
            events->begin_service(service);
    }

    ingress at(std::string const& peer, unsigned index = eth0) const
    {
        return request_on(table, index, peer);
    }

    subscribe_result<granted_subscription> ask(std::string const& peer, std::vector<std::string> const& urls,
                                               std::vector<std::string> const& variables = {},
                                               std::size_t service = dimmer)
    {
        new_subscription const wanted{candidates(urls), 1800s, variables};
        return events->subscribe(now, service, wanted, at(peer), table, random);
    }

    /// A subscriber whose answer is out; its events go to its port 50200.
    sid subscribe(std::string const& peer = "192.168.20.9", std::vector<std::string> const& variables = {},
                  std::size_t service = dimmer)
    {
        auto const granted = ask(peer, {"http://" + peer + ":50200/"}, variables, service);
        EXPECT_TRUE(granted);
        events->answered(now, granted->id, true);
        return granted->id;
    }

    /// One that has had its initial event.
    sid settled_subscriber(std::string const& peer = "192.168.20.9")
    {
        auto const id = subscribe(peer);
        for (auto const& delivery : deliveries())
            settle(delivery);
        return id;
    }

    /// By who made it, on the same interface, if not said otherwise.
    subscribe_result<granted_subscription> renew(renewal const& wanted, std::size_t service = dimmer,
                                                 std::string const& peer = "192.168.20.9",
                                                 unsigned index = eth0)
    {
        return events->renew(now, service, wanted, at(peer, index), table);
    }
    subscribe_result<void> cancel(sid const& id, std::size_t service = dimmer,
                                  std::string const& peer = "192.168.20.9", unsigned index = eth0)
    {
        return events->cancel(now, service, {id}, at(peer, index), table);
    }

    void change(std::uint8_t level)
    {
        tree.services[dimmer].service.state().set("Level", level);
        events->publish(now, dimmer);
    }

    std::vector<event_delivery> deliveries()
    {
        events->advance(now);
        return events->start_deliveries(now, table);
    }
    void settle(event_delivery const& d, delivery_outcome outcome = delivery_outcome::delivered())
    {
        events->settle(now, d.number(), std::move(outcome));
    }
    std::vector<connection_number> take_closings()
    {
        auto const all = events->closings();
        events->forget_closings();
        return all;
    }
    /// Exactly one is expected.
    event_delivery delivery()
    {
        auto all = deliveries();
        EXPECT_THAT(all, testing::SizeIs(1));
        return all.at(0);
    }

    std::vector<event_notice::kind> notices()
    {
        std::vector<event_notice::kind> kinds;
        for (auto const& notice : events->take_notices())
            kinds.push_back(notice.what);
        return kinds;
    }

    device_tree tree;
    limits::eventing_limits bounds;
    policies policy;
    interface_table table = home();
    seeded_random random{1};
    time_point now = start;
    std::optional<event_engine> events;
};

} // namespace onlink::test

#endif
