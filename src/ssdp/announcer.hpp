// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_ANNOUNCER_HPP
#define ONLINK_SSDP_ANNOUNCER_HPP

#include "base/time.hpp"

#include <onlink/limits.hpp>
#include <onlink/random_source.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace onlink {

/// One message of the advertisement set, to be sent now.
struct announcement {
    enum class kind {
        alive,  ///< everywhere
        update, ///< with the BOOTID to come, where nothing changed
        revoke, ///< a byebye, in place of an address that is gone
        byebye, ///< everywhere
    };
    announcement::kind what = kind::alive;
    std::size_t index = 0;
    std::uint32_t boot_id = 0;
    std::uint32_t next_boot_id = 0; ///< what updates announce
};

/// What the network's change asks of a root device.
struct network_change {
    std::uint32_t boot_id = 0; ///< the BOOTID to come
    bool revoke = false;       ///< there is something to revoke, and somewhere to do it
    bool update = false;       ///< there is somebody to be told of the BOOTID to come
};

/// When the messages of one root device go out, and with which BOOTID. At start after a short random wait,
/// repeated a few times; then again at random before half of max-age is over; when the network changes as
/// byebyes, updates and advertisements, in this order; at the end once as byebyes (UDA 2.0, 1.2.2 to 1.2.4).
/// How fast, is the pacer's business.
class announcer {
public:
    /// `count`: messages of the set, those of the root device itself being the first three.
    announcer(limits::ssdp_limits const& bounds, std::size_t count);

    /// Announces. `byebye_first`: revokes what an earlier life may have left behind.
    void start(time_point now, std::uint32_t boot_id, bool byebye_first, random_source& random);
    /// Of one that has not announced yet: as start(). If the updates of an earlier change are still going
    /// out, they begin anew, with the BOOTID they named.
    void change(time_point now, network_change const& what, random_source& random);
    /// Repeats the advertisements soon, as some listeners may hold an address that is gone.
    void refresh(time_point now, random_source& random);
    /// There is no network: nothing is sent until the next change().
    void pause() noexcept;
    /// Begins the byebyes; none if no alive was sent.
    void stop(time_point now);

    /// The next message if it is due; call again until it is not.
    std::optional<announcement> resume(time_point now, random_source& random);
    std::optional<time_point> next_due() const noexcept;
    /// Whether nothing is under way or will ever be due again.
    bool finished() const noexcept { return phase_ == phase::idle; }

    /// Whether an alive was sent.
    bool announced() const noexcept { return announced_; }
    /// What answers carry now.
    std::uint32_t boot_id() const noexcept { return boot_id_; }
    /// What the updates announce, while they go out.
    std::uint32_t next_boot_id() const noexcept { return next_boot_id_; }

private:
    enum class phase {
        idle,       ///< before start(), during pause() and after the last byebye
        revoking,   ///< byebyes in place of addresses that are gone
        updating,   ///< updates are going out
        announcing, ///< a set is going out, or waits for its turn
        leaving,    ///< the byebye set is going out
    };
    void enter(phase next, time_point due);
    void end_round(time_point now, random_source& random);
    void announce(time_point now, random_source& random);
    time_point soon(time_point now, random_source& random) const;

    limits::ssdp_limits bounds_;
    std::size_t count_;
    phase phase_ = phase::idle;
    time_point due_{};
    std::size_t cursor_ = 0;    ///< next message of the set
    unsigned repeats_left_ = 0; ///< further sets of the announcement
    bool announced_ = false;
    bool update_ = false; ///< updates follow the byebyes
    std::uint32_t boot_id_ = 0;
    std::uint32_t next_boot_id_ = 0;
};

/// A random time until the next refresh: between a quarter and nine twentieths of max-age, so that the whole
/// set is repeated before half of it is over (UDA 2.0, 1.2.2).
duration refresh_interval(std::chrono::seconds max_age, random_source& random);

} // namespace onlink

#endif
