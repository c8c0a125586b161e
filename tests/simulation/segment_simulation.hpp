// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SIMULATION_SEGMENT_SIMULATION_HPP
#define ONLINK_TESTS_SIMULATION_SEGMENT_SIMULATION_HPP

#include "host/device_runtime.hpp"
#include "support/seeded_random.hpp"

#include <onlink/device.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace onlink::test {

using namespace std::chrono_literals;

/// The one source of chance of a simulation (splitmix64).
class dice {
public:
    explicit dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() noexcept;
    /// In [0, 1).
    double unit() noexcept;
    bool chance(double probability) noexcept { return probability > 0 && unit() < probability; }
    duration between(duration least, duration most) noexcept;

private:
    std::uint64_t state_;
};

/// What happens to a datagram on its way to one receiver, whatever happens to it on its way to the others.
struct link_quality {
    duration least_delay = 200us;
    duration most_delay = 4ms; ///< later datagrams overtake earlier ones within this
    double loss = 0;
    double duplication = 0;
    double reordering = 0; ///< share of those that take up to `detour` longer
    duration detour = 30ms;
};

enum class ssdp_kind : std::uint8_t { search, alive, update, byebye, answer, other };
inline constexpr std::size_t ssdp_kinds = 6;

/// A datagram on its way. What the simulated hosts want to know of it is read once for all who hear it.
struct carried_datagram {
    endpoint from;
    endpoint to;
    std::string bytes;
    time_point sent;
    ssdp_kind kind = ssdp_kind::other;
    /// Of advertisements and answers: numbers of the USN and of the device that it names.
    std::uint32_t usn = 0;
    std::uint32_t device = 0;
};

/// Counts what passes, and the most within any window of a given length.
class traffic_meter {
public:
    explicit traffic_meter(duration window) : window_(window) {}

    void count(time_point now, std::size_t bytes);
    std::uint64_t total() const noexcept { return total_; }
    std::uint64_t bytes() const noexcept { return bytes_; }
    std::size_t peak() const noexcept { return peak_; }

private:
    duration window_;
    std::deque<time_point> recent_;
    std::uint64_t total_ = 0;
    std::uint64_t bytes_ = 0;
    std::size_t peak_ = 0;
};

/// Whoever is attached to the segment.
class simulated_host {
public:
    virtual ~simulated_host();

    /// Whether multicasts of that kind are of use to it. The others are not carried there: a device drops the
    /// advertisements of a thousand others by their first line, and that needs no proof a million times.
    virtual bool listens_for(ssdp_kind kind) const = 0;
    /// `repeated`: the network made this copy.
    virtual void receive(carried_datagram const& datagram, bool repeated) = 0;
    virtual void wake() = 0;
    virtual std::optional<time_point> next_deadline() const = 0;
};

/// One segment, 10.20.0.0/16, in virtual time. Everything that happens follows from the seed.
class simulated_segment {
public:
    explicit simulated_segment(std::uint64_t seed, link_quality quality = {});
    simulated_segment(simulated_segment const&) = delete;
    simulated_segment& operator=(simulated_segment const&) = delete;

    /// The n-th address of the segment, n in [0, 64000).
    static address address_of(std::size_t n);

    /// The host stays where it is, and is told of what comes to that address. What it listens for stays too.
    void attach(simulated_host& host, address const& where);
    /// It has another address from now on; what is on its way to the old one is lost.
    void move(simulated_host const& host, address const& where);
    /// Its next_deadline() may have changed other than by receive() and wake().
    void reschedule(simulated_host const& host);
    void send(endpoint const& from, endpoint const& to, std::string bytes);

    /// Lets time pass.
    void run_until(time_point end);
    void run_for(duration how_long) { run_until(now_ + how_long); }
    time_point now() const noexcept { return now_; }
    onlink::moment moment() const;
    dice& chance() noexcept { return chance_; }

    /// Sees every datagram as it is sent, each once.
    std::function<void(carried_datagram const&)> on_sent;

    /// All different USNs that were ever sent, and the devices that they name.
    std::size_t usns() const noexcept { return usns_.size(); }
    std::size_t devices() const noexcept { return devices_.size(); }
    /// The same for two simulations if the same happened in both.
    std::uint64_t digest() const noexcept { return digest_; }

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    using numbering = std::unordered_map<std::string, std::uint32_t, text_hash, std::equal_to<>>;

    struct event {
        time_point when;
        std::uint64_t order; ///< of two at the same time, the one that was decided first
        std::uint32_t host;
        std::uint32_t datagram; ///< or a_wake
        bool repeated;

        bool operator>(event const& other) const noexcept
        {
            return when != other.when ? when > other.when : order > other.order;
        }
    };
    static constexpr std::uint32_t a_wake = 0xffffffff;

    struct attached_host {
        simulated_host* host;
        address where;
        std::optional<time_point> wakes; ///< the event that counts; others of it are stale
    };
    struct on_the_way {
        carried_datagram datagram;
        std::size_t receivers = 0;
    };

    void read(carried_datagram& datagram);
    void carry(std::uint32_t datagram, std::uint32_t host);
    void schedule_wake(std::uint32_t host);
    void happen(event const& e);
    void note(std::uint64_t what) noexcept { digest_ = (digest_ ^ what) * 0x100000001b3U; }

    link_quality quality_;
    dice chance_;
    time_point now_{100h};
    std::vector<attached_host> hosts_;
    std::array<std::vector<std::uint32_t>, ssdp_kinds> listeners_; ///< by ssdp_kind
    std::unordered_map<std::uint32_t, std::uint32_t> host_at_;     ///< by IPv4 address
    std::priority_queue<event, std::vector<event>, std::greater<>> events_;
    std::uint64_t decided_ = 0;
    std::deque<on_the_way> carried_; ///< slots that are used again; references to them stay valid
    std::vector<std::uint32_t> free_;
    numbering usns_;
    numbering devices_;
    std::vector<std::uint32_t> device_of_;
    std::uint64_t digest_ = 0xcbf29ce484222325U;
};

/// A host of the library without its shell: the runtime, told what the segment brings, and obeyed.
class simulated_device final : public simulated_host {
public:
    simulated_device(simulated_segment& segment, address const& where, std::vector<device> const& roots,
                     limits const& bounds = {});

    void power_up();
    void power_down();
    device_runtime const& runtime() const noexcept { return runtime_; }

    bool listens_for(ssdp_kind kind) const override { return kind == ssdp_kind::search; }
    void receive(carried_datagram const& datagram, bool repeated) override;
    void wake() override;
    std::optional<time_point> next_deadline() const override;

private:
    static constexpr unsigned eth = 2;

    void obey();

    simulated_segment& segment_;
    address where_;
    device_runtime runtime_;
    bool on_ = false;
};

/// A control point as UDA 2.0, 1.3.2 wants it: it sends each search three times, 100 to 200 ms apart, and
/// collects answers until MX after the last; and it listens to advertisements all the time.
class simulated_control_point final : public simulated_host {
public:
    /// One search, that is its three copies and what they drew.
    struct round {
        std::vector<time_point> copies;
        time_point end{};                     ///< MX after the last copy
        std::size_t answers = 0;              ///< without those that the network repeated
        std::size_t late = 0;                 ///< of them, those after the end
        std::vector<std::uint8_t> answers_of; ///< by USN
        std::vector<bool> found;              ///< by device
        /// The longest time from the first copy to the first answer of a USN, and from the last copy to any
        /// answer. Not more than MX each, if no copy and no answer is lost.
        duration longest_to_first{};
        duration longest_to_any = duration::min();
    };
    struct listening {
        unsigned alive = 0; ///< without those that the network repeated
        unsigned byebye = 0;
        time_point last_alive{};
        duration longest_gap{}; ///< between two alive
    };

    simulated_control_point(simulated_segment& segment, address const& where);

    static constexpr std::size_t copies = 3;
    /// Begins a round at `when`; not before the last one is over.
    void search(time_point when, std::string target, std::chrono::seconds mx);
    bool searching() const noexcept { return sent_ < copies; }

    std::vector<round> const& rounds() const noexcept { return rounds_; }
    /// By USN; may be shorter than simulated_segment::usns().
    std::vector<listening> const& heard() const noexcept { return heard_; }
    /// How many devices answers or advertisements told of.
    std::size_t known() const;
    /// Devices that the first `count` rounds found.
    std::size_t found_in(std::size_t count) const;

    bool listens_for(ssdp_kind kind) const override
    {
        return kind == ssdp_kind::alive || kind == ssdp_kind::byebye;
    }
    void receive(carried_datagram const& datagram, bool repeated) override;
    void wake() override;
    std::optional<time_point> next_deadline() const override;

private:
    void take_answer(carried_datagram const& datagram);

    simulated_segment& segment_;
    endpoint at_;
    std::string search_;
    std::chrono::seconds mx_{};
    std::size_t sent_ = copies; ///< copies of the present round
    time_point next_copy_{};
    std::vector<round> rounds_;
    std::vector<listening> heard_;
    std::vector<bool> known_;
};

/// A search as it is sent to the group.
std::string search_message(std::string_view target, std::chrono::seconds mx);

/// A root device with two services: five advertisements. `number` tells it from others.
device small_device(std::uint32_t number);
/// A root device with so many embedded devices, a service each: 3 + 3 * `embedded` advertisements.
device big_device(std::uint32_t number, unsigned embedded);

} // namespace onlink::test

#endif
