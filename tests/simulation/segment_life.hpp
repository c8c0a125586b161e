// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SIMULATION_SEGMENT_LIFE_HPP
#define ONLINK_TESTS_SIMULATION_SEGMENT_LIFE_HPP

#include "simulation/segment_simulation.hpp"
#include "support/runtime_watch.hpp"

#include <onlink/device.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace onlink::test {

/// The prefix of the segment.
inline constexpr unsigned whole_segment = 16;

/// What happens to whom, and how often, in a life; drawn from its seed.
struct life_plan {
    std::size_t products = 2;
    std::size_t control_points = 2;
    std::size_t intruders = 1;
    link_quality link;
    double broken_connections = 0; ///< share of requests and events whose connection breaks on the way
    double silent_subscribers = 0; ///< share of events that a control point takes and never answers
    double accidents = 0.1;        ///< per second and product: crash, restart, another address, no cable

    /// One in fifty is a crowd.
    static life_plan draw(std::uint64_t seed);
};

/// Connections on the simulated segment: bytes go, bytes come back, or it breaks. Not a host, but it has a
/// clock as all of them.
class simulated_wires final : public simulated_host {
public:
    explicit simulated_wires(simulated_segment& segment);

    void after(duration delay, std::function<void()> what);

    bool listens_for(ssdp_kind) const override { return false; }
    void receive(carried_datagram const&, bool) override {}
    void wake() override;
    std::optional<time_point> next_deadline() const override;

private:
    struct event {
        time_point when;
        std::uint64_t order;
        std::shared_ptr<std::function<void()>> what;
        bool operator>(event const& other) const noexcept
        {
            return when != other.when ? when > other.when : order > other.order;
        }
    };

    simulated_segment& segment_;
    std::priority_queue<event, std::vector<event>, std::greater<>> events_;
    std::uint64_t order_ = 0;
};

class segment_life;

/// A lamp with everything but sockets. It may crash, restart, move to another address, lose its cable, and
/// find itself on a smaller segment, which nobody else is on.
class simulated_product final : public simulated_host {
public:
    simulated_product(segment_life& life, std::size_t number);
    ~simulated_product() override;

    void power_up();
    void crash();
    void restart();
    void move();
    void set_cable(bool in);
    void set_prefix(unsigned length);
    void switch_light(bool on);
    bool on() const noexcept { return runtime_ != nullptr; }
    bool light() const;
    /// Whether it is served and nothing is in its way.
    bool reachable() const;
    endpoint http() const { return {where_, 49300}; }
    address const& where() const noexcept { return where_; }
    device_runtime const& runtime() const { return *runtime_; }
    std::uint64_t deliveries() const noexcept { return deliveries_; }

    /// What it answers to bytes on a connection; nothing if it does not listen there.
    std::optional<std::string> serve(endpoint const& from, std::string_view bytes);

    bool listens_for(ssdp_kind kind) const override { return kind == ssdp_kind::search; }
    void receive(carried_datagram const& datagram, bool repeated) override;
    void wake() override;
    std::optional<time_point> next_deadline() const override;

private:
    void make_scarce(limits& few);
    void follow_network();
    void reopen();
    void obey();
    void deliver(event_delivery what);
    void done();

    segment_life& life_;
    std::size_t number_;
    address where_;
    std::size_t moves_ = 0;
    bool cable_ = true;
    unsigned prefix_ = whole_segment;
    bool leaving_ = false; ///< its listeners are closed
    std::optional<std::uint32_t> kept_boot_id_;
    std::uint64_t lives_ = 0; ///< so that what was meant for an earlier one is not heard
    std::unique_ptr<service> power_;
    std::unique_ptr<device_runtime> runtime_;
    std::unique_ptr<runtime_watch> watch_;
    std::uint64_t deliveries_ = 0;
};

/// Searches, describes, subscribes, controls, and believes what it hears in order.
class simulated_subscriber final : public simulated_host {
public:
    simulated_subscriber(segment_life& life, std::size_t number);

    address const& where() const noexcept { return where_; }
    /// The answer to a NOTIFY; nothing if it does not answer.
    std::optional<std::string> take_event(std::string const& message);
    /// What it believes of a product, if it is subscribed to it.
    std::optional<bool> belief(std::size_t product) const;
    std::size_t events() const noexcept { return events_; }
    void act();

    bool listens_for(ssdp_kind kind) const override
    {
        return kind == ssdp_kind::alive || kind == ssdp_kind::byebye;
    }
    void receive(carried_datagram const& datagram, bool repeated) override;
    void wake() override;
    std::optional<time_point> next_deadline() const override { return next_act_; }

private:
    struct contact {
        endpoint http;
        std::string sid; ///< empty: not subscribed
        time_point renew_by{};
        std::optional<std::uint64_t> seq;
        std::optional<bool> light;
        bool asking = false;
    };
    void subscribe(std::size_t product);
    void renew(std::size_t product);
    void cancel(std::size_t product);
    void forget(contact& known);

    segment_life& life_;
    address where_;
    time_point next_act_;
    std::map<std::size_t, contact> contacts_; ///< by product
    std::map<std::string, std::size_t> by_sid_;
    std::size_t events_ = 0;
};

/// Sends what no control point would, in its own name and in others'.
class simulated_intruder final : public simulated_host {
public:
    simulated_intruder(segment_life& life, std::size_t number);

    bool listens_for(ssdp_kind) const override { return false; }
    void receive(carried_datagram const&, bool) override {}
    void wake() override;
    std::optional<time_point> next_deadline() const override { return next_act_; }

private:
    std::string changed(std::string message);

    segment_life& life_;
    std::size_t number_;
    address where_; ///< the first of its addresses
    time_point next_act_;
};

/// A segment with all of them, from one seed. Everything that any product does is watched (runtime_watch).
class segment_life {
public:
    explicit segment_life(std::uint64_t seed);
    segment_life(segment_life const&) = delete;
    segment_life& operator=(segment_life const&) = delete;

    /// A few minutes of everything, then peace. Throws broken_rule.
    void run();
    std::uint64_t digest() const noexcept { return segment.digest() ^ heard_ * 0x9e3779b97f4a7c15U; }

    simulated_segment segment;
    life_plan plan;
    simulated_wires wires;
    std::vector<std::unique_ptr<simulated_product>> products;
    std::vector<std::unique_ptr<simulated_subscriber>> subscribers;
    std::vector<std::unique_ptr<simulated_intruder>> intruders;
    bool peace = false; ///< no accidents and no intruders any more

    dice& chance() noexcept { return segment.chance(); }
    /// A request on a connection of its own; `answered` gets nothing if that breaks or is refused.
    void request(endpoint from, endpoint to, std::string bytes,
                 std::function<void(std::optional<std::string>)> answered);
    simulated_product* product_at(address const& where);
    simulated_subscriber* subscriber_at(address const& where);
    void note(std::string const& what);

private:
    void plan_accident(std::size_t product);
    void have_accident(std::size_t product);
    void check_peace();

    std::uint64_t heard_ = 0;
};

} // namespace onlink::test

#endif
