// SPDX-License-Identifier: BSL-1.0
// Discovery on a crowded segment, in virtual time: what is found, how fast, and how much traffic that makes.
// The figures it prints are those of docs/scale.md.
//
// ONLINK_SEED=n takes another seed. ONLINK_SCALE=full or small takes another size than that of the build:
// full with NDEBUG, else small, as the sanitizers make it some twenty times slower.
#include "simulation/segment_simulation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <numeric>

namespace onlink::test {
namespace {

bool full_size()
{
    if (auto const* asked = std::getenv("ONLINK_SCALE"))
        return std::string_view{asked} == "full";
#ifdef NDEBUG
    return true;
#else
    return false;
#endif
}

/// One number for the full size, another for builds that are slow.
std::size_t sized(std::size_t full, std::size_t small) { return full_size() ? full : small; }

std::uint64_t seed_of_this_run()
{
    auto const* asked = std::getenv("ONLINK_SEED");
    return asked ? std::strtoull(asked, nullptr, 10) : 20200417;
}

double in_seconds(duration d) { return std::chrono::duration<double>(d).count(); }

template <class... T>
void say(T const&... what)
{
    ((std::cout << "    ") << ... << what) << "\n";
}

double percent(double part, double whole) { return whole == 0 ? 0 : 100 * part / whole; }

class discovery_at_scale : public testing::Test {
protected:
    discovery_at_scale() : trace_(__FILE__, __LINE__, "ONLINK_SEED=" + std::to_string(seed))
    {
        say(full_size() ? "full size" : "SMALL size (ONLINK_SCALE=full for the other)",
            ", ONLINK_SEED=", seed);
    }

    std::uint64_t const seed = seed_of_this_run();

private:
    testing::ScopedTrace trace_; // says the seed where something fails
};

/// Addresses of control points, above those of the devices.
address address_of_control_point(std::size_t n) { return simulated_segment::address_of(50000 + n); }

limits::ssdp_limits const defaults = limits{}.ssdp;

/// The longest that an answer waits in the device.
duration longest_window() { return std::max(duration{defaults.max_mx} - defaults.answer_margin, {}); }

/// What a token bucket lets through in `time`, if what is admitted goes as a whole: the last one may run up a
/// debt of all but one of its `set`.
double admitted(unsigned burst, unsigned per_second, duration time, std::size_t set)
{
    return burst + per_second * in_seconds(time) + static_cast<double>(set - 1);
}

/// A segment with devices that are up and have announced themselves, and control points that came later and
/// have heard nothing yet.
struct crowd {
    crowd(std::uint64_t seed, std::size_t devices, std::size_t control_points, link_quality quality = {})
        : segment(seed, quality)
    {
        for (std::size_t i = 0; i < devices; ++i)
            hosts.push_back(
                std::make_unique<simulated_device>(segment, simulated_segment::address_of(i),
                                                   std::vector{small_device(static_cast<std::uint32_t>(i))}));
        for (auto const& host : hosts) {
            segment.run_for(60s / devices);
            host->power_up();
        }
        segment.run_for(5s);
        sent_by.resize(segment.devices(), traffic_meter{1s});
        segment.on_sent = [this](carried_datagram const& d) {
            all.count(segment.now(), d.bytes.size());
            if (d.kind == ssdp_kind::answer)
                sent_by[d.device].count(segment.now(), d.bytes.size());
        };
        for (std::size_t i = 0; i < control_points; ++i)
            points.push_back(std::make_unique<simulated_control_point>(segment, address_of_control_point(i)));
    }

    /// All search within the same three seconds, and listen until MX is over.
    void search(std::string const& target, std::chrono::seconds mx)
    {
        for (auto const& point : points)
            point->search(segment.now() + segment.chance().between(0s, 3s), target, mx);
        segment.run_for(3s + 400ms + mx + 600ms);
    }

    std::size_t pairs() const { return hosts.size() * points.size(); }
    std::size_t found_in(std::size_t rounds) const
    {
        return std::accumulate(points.begin(), points.end(), std::size_t{0},
                               [&](auto sum, auto const& p) { return sum + p->found_in(rounds); });
    }
    std::size_t known() const
    {
        return std::accumulate(points.begin(), points.end(), std::size_t{0},
                               [](auto sum, auto const& p) { return sum + p->known(); });
    }
    std::size_t busiest() const
    {
        return std::max_element(sent_by.begin(), sent_by.end(),
                                [](auto const& a, auto const& b) { return a.peak() < b.peak(); })
            ->peak();
    }

    simulated_segment segment;
    std::vector<std::unique_ptr<simulated_device>> hosts;
    std::vector<std::unique_ptr<simulated_control_point>> points;
    traffic_meter all{1s};
    std::vector<traffic_meter> sent_by; ///< answers, by device
};

/// `matches`: advertisements of a device that answer the search.
void expect_bounded_traffic(crowd const& c, std::size_t matches)
{
    auto const per_device = admitted(defaults.total_answer_burst, defaults.total_answers_per_second,
                                     1s + longest_window(), matches);
    auto const drawn = c.points.size() * simulated_control_point::copies * matches;
    say("busiest second of the segment: ", c.all.peak(), " datagrams; of a device: ", c.busiest(),
        " answers (the limits allow ", per_device, ", the searches of a round ", drawn, ")");
    EXPECT_LE(static_cast<double>(c.busiest()), per_device);
    EXPECT_LE(c.busiest(), drawn);
    auto const searches = c.points.size() * simulated_control_point::copies;
    EXPECT_LE(static_cast<double>(c.all.peak()),
              static_cast<double>(c.hosts.size()) * std::min(per_device, static_cast<double>(drawn)) +
                  static_cast<double>(searches));
}

struct asked {
    char const* target;
    std::size_t matches; ///< of a small_device()
};

void expect_all_found_at_once(std::uint64_t seed, asked const& what, std::size_t devices, std::size_t points)
{
    constexpr auto mx = 3s;
    crowd c{seed, devices, points};
    c.search(what.target, mx);

    std::size_t answers = 0;
    std::size_t different = 0;
    duration slowest{};
    unsigned most = 0;
    for (auto const& point : c.points) {
        ASSERT_EQ(point->rounds().size(), 1U);
        auto const& round = point->rounds()[0];
        EXPECT_EQ(point->found_in(1), devices);
        EXPECT_EQ(round.late, 0U);
        EXPECT_LE(round.longest_to_first, duration{mx});
        EXPECT_LE(round.longest_to_any, duration{mx});
        slowest = std::max(slowest, round.longest_to_first);
        answers += round.answers;
        for (auto const times : round.answers_of) {
            different += times != 0;
            most = std::max<unsigned>(most, times);
        }
    }
    say(devices, " devices, ", points, " control points, ", what.target, ", MX 3: ", answers, " answers for ",
        c.pairs() * what.matches, " wanted; most for one target and device ", most, "; the last after ",
        in_seconds(slowest), " s");
    EXPECT_EQ(different, c.pairs() * what.matches);
    // A copy that comes while an answer waits draws nothing; one that comes after it has left, another one.
    EXPECT_LE(most, simulated_control_point::copies);
    EXPECT_LE(answers, different * 5 / 4);
    expect_bounded_traffic(c, what.matches);
}

TEST_F(discovery_at_scale, every_root_device_is_found_by_every_control_point_within_MX)
{
    expect_all_found_at_once(seed, {"upnp:rootdevice", 1}, sized(1000, 200), sized(100, 20));
}

TEST_F(discovery_at_scale, so_is_everything_that_they_advertise)
{
    expect_all_found_at_once(seed, {"ssdp:all", 5}, sized(1000, 100), sized(100, 20));
}

void expect_all_found_in_the_end(std::uint64_t seed, double loss, asked const& what)
{
    constexpr auto mx = 3s;
    link_quality const quality{.loss = loss, .duplication = 0.01, .reordering = 0.01};
    crowd c{seed, sized(1000, 100), sized(100, 20), quality};
    auto const wanted = static_cast<double>(c.pairs());
    for (std::size_t round = 1; round <= 3; ++round) {
        c.search(what.target, mx);
        auto const missing = c.pairs() - c.found_in(round);
        say(100 * loss, " % lost, ", what.target, ": after round ", round, " ",
            percent(wanted - static_cast<double>(missing), wanted), " % found, ", missing, " of ", c.pairs(),
            " missing");
        // A device stays unknown if all its answers are lost (all three copies of a search hardly ever are).
        auto const share = std::pow(std::pow(loss, what.matches) + std::pow(loss, 3), round);
        EXPECT_LE(static_cast<double>(missing), wanted * share + 6 * std::sqrt(wanted * share) + 1);
    }
    std::size_t late = 0;
    std::size_t answers = 0;
    unsigned most = 0;
    for (auto const& point : c.points) {
        ASSERT_EQ(point->rounds().size(), 3U);
        for (auto const& round : point->rounds()) {
            late += round.late;
            answers += round.answers;
            for (auto const times : round.answers_of)
                most = std::max<unsigned>(most, times);
        }
    }
    EXPECT_EQ(late, 0U);
    // The network may have made two copies of each.
    EXPECT_LE(most, 2 * simulated_control_point::copies);
    EXPECT_LE(static_cast<double>(answers), 1.25 * 3 * wanted * static_cast<double>(what.matches));
    say("answers per round, control point and device: ",
        static_cast<double>(answers) / (3 * wanted * static_cast<double>(what.matches)), "; at most ", most);
    expect_bounded_traffic(c, what.matches);

    // Whom searches did not find, its next advertisements tell of.
    auto const searched = c.segment.now();
    while (c.known() < c.pairs() && c.segment.now() < searched + duration{defaults.max_age} / 2)
        c.segment.run_for(10s);
    say("all found ", in_seconds(c.segment.now() - searched), " s later by advertisements");
    EXPECT_EQ(c.known(), c.pairs());
}

TEST_F(discovery_at_scale, with_1_percent_loss_every_device_is_found)
{
    expect_all_found_in_the_end(seed, 0.01, {"upnp:rootdevice", 1});
}

TEST_F(discovery_at_scale, with_5_percent_loss_every_device_is_found)
{
    expect_all_found_in_the_end(seed, 0.05, {"upnp:rootdevice", 1});
}

TEST_F(discovery_at_scale, with_5_percent_loss_searches_for_everything_find_them_all)
{
    crowd c{seed, sized(1000, 100), sized(20, 10), {.loss = 0.05, .duplication = 0.01, .reordering = 0.01}};
    c.search("ssdp:all", 3s);
    auto const missing = c.pairs() - c.found_in(1);
    say("5 % lost, ssdp:all: after round 1 ", missing, " of ", c.pairs(), " missing");
    auto const share = std::pow(0.05, 3) + std::pow(0.05, 5); // all copies of the search, or all answers
    EXPECT_LE(static_cast<double>(missing),
              static_cast<double>(c.pairs()) * share + 6 * std::sqrt(static_cast<double>(c.pairs()) * share));
    for (int again = 0; again < 2; ++again)
        c.search("ssdp:all", 3s);
    EXPECT_EQ(c.found_in(3), c.pairs());
}

/// The datagrams of the busiest second.
std::size_t power_up_all_at_once(std::uint64_t seed, std::size_t devices, std::size_t listeners,
                                 limits const& bounds)
{
    simulated_segment segment{seed};
    traffic_meter second{1s};
    traffic_meter tenth{100ms};
    segment.on_sent = [&](carried_datagram const& d) {
        second.count(segment.now(), d.bytes.size());
        tenth.count(segment.now(), d.bytes.size());
    };
    std::vector<std::unique_ptr<simulated_device>> hosts;
    for (std::size_t i = 0; i < devices; ++i)
        hosts.push_back(std::make_unique<simulated_device>(
            segment, simulated_segment::address_of(i),
            std::vector{small_device(static_cast<std::uint32_t>(i))}, bounds));
    std::vector<std::unique_ptr<simulated_control_point>> points;
    for (std::size_t i = 0; i < listeners; ++i)
        points.push_back(std::make_unique<simulated_control_point>(segment, address_of_control_point(i)));
    for (auto const& host : hosts)
        host->power_up();
    segment.run_for(30s);

    for (auto const& point : points) {
        EXPECT_EQ(point->known(), devices);
        EXPECT_EQ(point->heard().size(), 5 * devices);
        for (auto const& usn : point->heard()) {
            EXPECT_GE(usn.alive, 2U);
            EXPECT_LE(usn.alive, 3U); // UDA 2.0, 1.2.2
        }
    }
    say(devices, " devices at once, announcement_delay ", bounds.ssdp.announcement_delay.count(),
        " ms: ", second.total(), " advertisements, ", second.bytes() / 1024, " KiB; the busiest second has ",
        second.peak(), ", the busiest 100 ms ", tenth.peak());
    // Each device for itself keeps to its pacer.
    auto const allowed = static_cast<double>(devices) *
                         (defaults.announcement_burst + defaults.announcements_per_second * 1.0);
    EXPECT_LE(static_cast<double>(second.peak()), allowed);
    EXPECT_EQ(second.total(), devices * 5 * defaults.announcements);

    auto const power_up_peak = second.peak();
    for (auto const& host : hosts)
        host->power_down();
    segment.run_for(10s);
    for (auto const& point : points)
        for (auto const& usn : point->heard())
            EXPECT_EQ(usn.byebye, 1U);
    return power_up_peak;
}

TEST_F(discovery_at_scale, all_devices_powered_up_in_the_same_instant)
{
    auto const devices = sized(1000, 200);
    auto const by_default = power_up_all_at_once(seed, devices, sized(100, 10), {});
    limits patient;
    patient.ssdp.announcement_delay = 10s;
    auto const spread = power_up_all_at_once(seed, devices, 1, patient);
    EXPECT_LT(spread, by_default / 5);
}

TEST_F(discovery_at_scale, a_hundred_idle_hours)
{
    auto const devices = sized(1000, 50);
    crowd c{seed, devices, 1};
    c.segment.run_for(defaults.max_age); // by now everything was heard
    auto const before = c.all.total();
    c.segment.run_for(100h);

    auto const& heard = c.points[0]->heard();
    ASSERT_EQ(heard.size(), 5 * devices);
    duration longest{};
    for (auto const& usn : heard) {
        longest = std::max({longest, usn.longest_gap, c.segment.now() - usn.last_alive});
        EXPECT_GE(usn.alive, 400U);
    }
    say(devices, " devices for 100 h: ", static_cast<double>(c.all.total() - before) / 360000,
        " datagrams/s on average, busiest second ", c.all.peak(), ", longest time between two of one kind ",
        in_seconds(longest), " s of max-age ", defaults.max_age.count());
    EXPECT_LT(longest, duration{defaults.max_age} / 2); // UDA 2.0, 1.2.2
}

// ---- One host under pressure

/// Sends searches at a steady rate, under its own address or under made-up ones.
class flooder final : public simulated_host {
public:
    flooder(simulated_segment& segment, bool forged) : segment_(segment), forged_(forged)
    {
        segment.attach(*this, where());
    }

    static address where() { return simulated_segment::address_of(60000); }

    void flood(std::string search, unsigned per_second, duration how_long)
    {
        search_ = std::move(search);
        gap_ = duration{1s} / per_second;
        next_ = segment_.now();
        end_ = next_ + how_long;
        segment_.reschedule(*this);
    }
    bool is_mine(address const& who) const { return forged_ ? is_made_up(who) : who == where(); }
    std::uint64_t searches() const noexcept { return searches_; }
    std::uint64_t bytes() const noexcept { return searches_ * search_.size(); }

    bool listens_for(ssdp_kind) const override { return false; }
    void receive(carried_datagram const&, bool) override {}
    std::optional<time_point> next_deadline() const override
    {
        return next_ < end_ ? std::optional{next_} : std::nullopt;
    }
    void wake() override
    {
        next_ += gap_;
        ++searches_;
        // Each from another port, so that none looks like the repetition of another.
        auto const port = static_cast<std::uint16_t>(10000 + searches_ % 50000);
        auto const from =
            forged_ ? simulated_segment::address_of(first_made_up + segment_.chance().next() % made_up)
                    : where();
        segment_.send({from, port}, {group_address(ssdp_group::ipv4), ssdp_port}, search_);
    }

private:
    static constexpr std::size_t first_made_up = 10000;
    static constexpr std::size_t made_up = 40000;

    static bool is_made_up(address const& who)
    {
        return who >= simulated_segment::address_of(first_made_up) &&
               who < simulated_segment::address_of(first_made_up + made_up);
    }

    simulated_segment& segment_;
    bool forged_;
    std::string search_;
    duration gap_{1s};
    time_point next_{};
    time_point end_{};
    std::uint64_t searches_ = 0;
};

/// Whether a search drew all that it asked for.
bool whole(simulated_control_point::round const& r, std::size_t matches)
{
    return static_cast<std::size_t>(std::count_if(r.answers_of.begin(), r.answers_of.end(),
                                                  [](auto times) { return times != 0; })) == matches;
}

/// One host, a flood of 500 ssdp:all a second for ten seconds, and honest control points that search three
/// times meanwhile, and once when it is over.
struct siege {
    static constexpr auto how_long = 10s;

    siege(std::uint64_t seed, std::vector<device> const& roots, std::size_t set_size, bool forged,
          std::size_t honest, char const* target, std::size_t matches)
        : segment(seed),
          set(set_size),
          host(segment, simulated_segment::address_of(0), roots),
          attacker(segment, forged)
    {
        host.power_up();
        segment.run_for(30s);
        segment.on_sent = [this](carried_datagram const& d) {
            if (d.kind == ssdp_kind::answer)
                (attacker.is_mine(d.to.address) ? drawn : honestly_drawn)
                    .count(segment.now(), d.bytes.size());
        };
        for (std::size_t i = 0; i < honest; ++i)
            points.push_back(std::make_unique<simulated_control_point>(segment, address_of_control_point(i)));
        attacker.flood(search_message("ssdp:all", 5s), 500, how_long);
        for (int round = 0; round < 2; ++round) {
            for (auto const& p : points)
                p->search(segment.now() + segment.chance().between(100ms, 1s), target, 3s);
            segment.run_for(5s);
        }
        for (auto const& p : points)
            for (auto const& r : p->rounds())
                answered += whole(r, matches);
        // When it is over: how long until everyone is answered again.
        auto const over = segment.now();
        std::vector<bool> again(points.size());
        while (std::count(again.begin(), again.end(), false) != 0 && segment.now() < over + 60s) {
            for (std::size_t i = 0; i < points.size(); ++i)
                if (!again[i])
                    points[i]->search(segment.now() + 1ms, target, 1s);
            segment.run_for(1500ms);
            for (std::size_t i = 0; i < points.size(); ++i)
                if (!again[i] && points[i]->rounds().back().answers != 0)
                    again[i] = true;
        }
        recovery = segment.now() - over;
        recovered = std::count(again.begin(), again.end(), false) == 0;
    }

    std::size_t rounds() const { return 2 * points.size(); }

    /// Says the figures, and expects what was drawn to be within `burst` and `per_second`.
    void expect_bounded(char const* what, unsigned burst, unsigned per_second) const
    {
        auto const allowed = admitted(burst, per_second, how_long, set);
        auto const in = static_cast<double>(attacker.bytes());
        say(what, ": ", attacker.searches(), " searches drew ", drawn.total(), " answers (", allowed,
            " allowed), ", static_cast<double>(drawn.bytes()) / in,
            " bytes out per byte in; honest searches answered: ", answered, " of ", rounds(),
            "; after it, all answered within ", in_seconds(recovery), " s");
        EXPECT_EQ(attacker.searches(), 5000U);
        EXPECT_GT(drawn.total(), 0U);
        EXPECT_LE(static_cast<double>(drawn.total()), allowed);
        EXPECT_TRUE(recovered);
    }

    simulated_segment segment;
    std::size_t set;
    simulated_device host;
    flooder attacker;
    std::vector<std::unique_ptr<simulated_control_point>> points;
    traffic_meter drawn{1s};
    traffic_meter honestly_drawn{1s};
    std::size_t answered = 0; ///< honest searches, as a whole
    duration recovery{};
    bool recovered = false;
};

TEST_F(discovery_at_scale, a_flood_from_one_address_is_bounded_and_others_are_answered)
{
    siege const s{seed, {big_device(1, 200)}, 603, false, 1, "upnp:rootdevice", 1};
    s.expect_bounded("one source, 603 advertisements", defaults.answer_burst, defaults.answers_per_second);
    EXPECT_EQ(s.answered, s.rounds());
}

TEST_F(discovery_at_scale, a_flood_from_forged_addresses_is_bounded)
{
    siege const s{seed, {big_device(1, 200)}, 603, true, 10, "upnp:rootdevice", 1};
    s.expect_bounded("forged sources, 603 advertisements", defaults.total_answer_burst,
                     defaults.total_answers_per_second);
    siege const t{seed, {big_device(1, 200)}, 603, true, 1, "ssdp:all", 603};
    t.expect_bounded("the same, the honest ones ask for everything", defaults.total_answer_burst,
                     defaults.total_answers_per_second);
}

TEST_F(discovery_at_scale, so_is_one_on_a_small_device)
{
    siege const one{seed, {small_device(1)}, 5, false, 10, "upnp:rootdevice", 1};
    one.expect_bounded("one source, 5 advertisements", defaults.answer_burst, defaults.answers_per_second);
    EXPECT_EQ(one.answered, one.rounds());
    siege const forged{seed, {small_device(1)}, 5, true, 10, "upnp:rootdevice", 1};
    forged.expect_bounded("forged sources, 5 advertisements", defaults.total_answer_burst,
                          defaults.total_answers_per_second);
}

/// Powers a host up, alone, and measures its advertisements.
void expect_paced_power_up(std::uint64_t seed, char const* what, std::vector<device> const& roots,
                           std::size_t messages)
{
    simulated_segment segment{seed};
    traffic_meter second{1s};
    traffic_meter tenth{100ms};
    std::vector<bool> seen;
    duration whole_set{};
    simulated_device host{segment, simulated_segment::address_of(0), roots};
    simulated_control_point point{segment, address_of_control_point(0)};
    auto const begin = segment.now();
    segment.on_sent = [&](carried_datagram const& d) {
        second.count(segment.now(), d.bytes.size());
        tenth.count(segment.now(), d.bytes.size());
        if (d.usn >= seen.size()) {
            seen.resize(d.usn + 1);
            whole_set = segment.now() - begin;
        }
    };
    host.power_up();
    segment.run_for(20s);

    EXPECT_EQ(seen.size(), messages);
    ASSERT_EQ(point.heard().size(), messages);
    for (auto const& usn : point.heard())
        EXPECT_EQ(usn.alive, defaults.announcements);
    say(what, ", ", messages, " advertisements: the whole set is out once after ", in_seconds(whole_set),
        " s; busiest 100 ms ", tenth.peak(), ", busiest second ", second.peak(), " datagrams");
    EXPECT_LE(second.peak(), defaults.announcement_burst + defaults.announcements_per_second);
    EXPECT_LE(tenth.peak(), defaults.announcement_burst + defaults.announcements_per_second / 10);
    auto const paced = static_cast<double>(messages) / defaults.announcements_per_second;
    EXPECT_LE(in_seconds(whole_set), in_seconds(defaults.announcement_delay) + 1.1 * paced);
}

TEST_F(discovery_at_scale, power_up_of_fifty_root_devices_in_one_host)
{
    std::vector<device> roots;
    for (std::uint32_t i = 0; i < 50; ++i)
        roots.push_back(small_device(i));
    expect_paced_power_up(seed, "50 root devices", roots, 250);
}

TEST_F(discovery_at_scale, power_up_of_two_hundred_embedded_devices)
{
    expect_paced_power_up(seed, "200 embedded devices", {big_device(1, 200)}, 603);
}

/// Control points that search within the same second, again and again, until each was answered as a whole.
struct rush {
    std::size_t at_once = 0; ///< answered by the first search
    std::size_t rounds = 0;  ///< until all were, and
    std::size_t in_the_end = 0;
};

rush rush_at(std::uint64_t seed, device const& root, std::size_t points, char const* target,
             std::size_t matches, limits const& bounds, std::size_t most_rounds)
{
    simulated_segment segment{seed};
    simulated_device host{segment, simulated_segment::address_of(0), {root}, bounds};
    host.power_up();
    segment.run_for(30s);
    std::vector<std::unique_ptr<simulated_control_point>> all;
    for (std::size_t i = 0; i < points; ++i)
        all.push_back(std::make_unique<simulated_control_point>(segment, address_of_control_point(i)));
    rush result;
    std::vector<bool> answered(points);
    while (result.in_the_end < points && result.rounds < most_rounds) {
        for (std::size_t i = 0; i < points; ++i)
            if (!answered[i])
                all[i]->search(segment.now() + segment.chance().between(0s, 1s), target, 3s);
        segment.run_for(5s);
        ++result.rounds;
        for (std::size_t i = 0; i < points; ++i)
            if (!answered[i] && whole(all[i]->rounds().back(), matches)) {
                answered[i] = true;
                ++result.in_the_end;
            }
        if (result.rounds == 1)
            result.at_once = result.in_the_end;
    }
    return result;
}

TEST_F(discovery_at_scale, many_control_points_at_one_host)
{
    struct {
        char const* what;
        device root;
        char const* target;
        std::size_t matches;
    } const rows[] = {
        {"small device, upnp:rootdevice", small_device(1), "upnp:rootdevice", 1},
        {"small device, ssdp:all", small_device(1), "ssdp:all", 5},
        {"200 embedded devices, upnp:rootdevice", big_device(1, 200), "upnp:rootdevice", 1},
        {"200 embedded devices, ssdp:all", big_device(1, 200), "ssdp:all", 603},
    };
    for (auto const& row : rows)
        for (std::size_t const points : {sized(1, 1), sized(10, 10), sized(100, 20), sized(300, 40)}) {
            limits wide;
            wide.ssdp.max_pending_searches = 2 * points + 1;
            wide.ssdp.max_sources = std::max<std::size_t>(128, points);
            wide.ssdp.total_answer_burst = static_cast<unsigned>(2 * points * row.matches);
            auto const by_default = rush_at(seed, row.root, points, row.target, row.matches, {}, 20);
            auto const widened = rush_at(seed, row.root, points, row.target, row.matches, wide, 1);
            say(row.what, ": of ", points, " control points at once the first search answers ",
                by_default.at_once, " by default (", by_default.in_the_end, " after ", by_default.rounds,
                " searches, 5 s apart), ", widened.at_once, " with wider limits");
            EXPECT_EQ(widened.at_once, points) << row.what;
            if (points * row.matches <= defaults.total_answer_burst / 2 && points <= 100)
                EXPECT_EQ(by_default.at_once, points) << row.what;
        }
}

TEST_F(discovery_at_scale, the_same_seed_makes_the_same_day)
{
    auto const day = [](std::uint64_t of) {
        crowd c{of, 20, 5, {.loss = 0.05, .duplication = 0.01, .reordering = 0.1}};
        c.search("ssdp:all", 2s);
        return c.segment.digest();
    };
    EXPECT_EQ(day(seed), day(seed));
    EXPECT_NE(day(seed), day(seed + 1));
}

} // namespace
} // namespace onlink::test
