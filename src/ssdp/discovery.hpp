// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_DISCOVERY_HPP
#define ONLINK_SSDP_DISCOVERY_HPP

#include "base/interface_table.hpp"
#include "base/segment_map.hpp"
#include "base/served_endpoint.hpp"
#include "base/time.hpp"
#include "base/token_bucket.hpp"
#include "ssdp/advertisement_directory.hpp"
#include "ssdp/announcer.hpp"
#include "ssdp/boot_id_counter.hpp"
#include "ssdp/datagram_gate.hpp"
#include "ssdp/response_scheduler.hpp"
#include "ssdp/ssdp_writer.hpp"

#include <onlink/limits.hpp>
#include <onlink/observer.hpp>
#include <onlink/policies.hpp>
#include <onlink/random_source.hpp>

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace onlink {

/// A datagram as the shell received it.
struct received_datagram {
    unsigned interface_index = 0;
    bool multicast = false; ///< it was sent to the group
    endpoint source;
    std::string_view bytes;
    /// The interface it arrived on, as the system says; 0 if it does not.
    unsigned arrived_on = 0;
    /// Our address that it was sent to; unspecified for the group.
    address local = {};
};

/// Send these bytes by UDP from this address of ours and the port of unicast searches.
struct send_datagram {
    unsigned interface_index = 0;
    address from;
    endpoint to;
    std::string bytes;
};

/// Connect once, send, and close: answers to a search that asked for them by TCP (UDA 2.0, 1.3.2). To an
/// address that was on the segment when the search came in, this very moment.
struct send_search_answers {
    unsigned interface_index = 0;
    address from;
    endpoint to;
    std::string bytes;
};

/// A root device as discovery knows it.
struct discoverable_root {
    onlink::udn udn;
    std::shared_ptr<advertisement_set const> set;
    std::string description_path;
    std::uint32_t config_id = 0;
};

/// SSDP as a whole: root devices, addresses and searches in, datagrams out.
class discovery {
public:
    discovery(limits::ssdp_limits const& bounds, policies const& policy, segment_map segments,
              std::string server, std::uint32_t first_boot_id, random_source& random, time_point now);

    /// From now on, wherever devices are served, they are announced. Once more after close(): with a BOOTID
    /// of at least `least_boot_id`.
    void start(time_point now, std::uint32_t least_boot_id);
    /// Begins the byebyes. Searches are not answered any more: who is leaving does not say where it is.
    void stop(time_point now);
    /// Whether the byebyes are out.
    bool stopped() const noexcept;
    /// No address is served any more.
    void close() noexcept;

    /// Adds a root device, and announces it if start() was called. Returns its number.
    std::uint32_t add(time_point now, discoverable_root root);
    /// Says byebye for it. One with the same UDN may be added at once: it is announced after the byebyes.
    void remove(time_point now, std::uint32_t number) noexcept;

    /// What is known of the network after a change of it, by those who heard of it.
    enum class continuity {
        kept,   ///< nothing is lost: the new BOOTID was announced by an update, or there is none
        broken, ///< the BOOTID grows without an update: to control points that is a reboot (UDA 2.0, 1.2.2)
    };
    /// The devices are served at these addresses from now on. `table`: for a last word where an address has
    /// to go that can still send. `search_port`: if it is not 1900.
    continuity serve(time_point now, std::vector<served_endpoint> endpoints, interface_table const& table,
                     std::optional<std::uint16_t> search_port);

    struct refusal {
        refusal_reason reason;
        std::string_view detail; ///< points into the datagram
    };
    /// Takes in a datagram of an interface that is served. `may_connect`: whether its source may be answered
    /// by TCP.
    std::optional<refusal> on_datagram(moment now, received_datagram const& datagram,
                                       network_interface const& ingress, bool may_connect);
    /// Searches whose answers by UDP are yet to leave.
    std::size_t pending_searches() const noexcept { return answers_.size(); }
    /// An answer by TCP has come to its end, this way or that.
    void on_search_answers_sent() noexcept { tcp_answers_ -= tcp_answers_ != 0; }

    void advance(moment now);
    std::optional<time_point> next_deadline() const noexcept;

    using outgoing = std::variant<send_datagram, send_search_answers>;
    /// What is to be sent, in order; for the caller to take.
    std::vector<outgoing>& to_send() noexcept { return outgoing_; }
    /// All of that is taken.
    void forget_sent() noexcept;
    /// The text of a datagram that is out: its memory serves for another one.
    void reuse(std::string&& sent) noexcept;
    /// Whether there is anything to be sent or kept.
    bool has_work() const noexcept { return !outgoing_.empty() || boot_ids_.has_one_to_keep(); }
    /// The BOOTID to be kept over a reboot, before anything of the above is sent.
    void keep_boot_id_again() noexcept { boot_ids_.keep_again(); }
    std::optional<std::uint32_t> take_boot_id_to_keep() noexcept { return boot_ids_.take_to_keep(); }

    std::vector<served_endpoint> const& served() const noexcept { return served_; }
    /// Where a root device is found.
    std::string location(std::uint32_t number, served_endpoint const& at) const;
    /// Of a root device; 0 if there is none of that number.
    std::uint32_t boot_id(std::uint32_t number) const noexcept;
    std::optional<std::uint16_t> search_port() const noexcept { return identity_.search_port; }

private:
    struct root {
        std::uint32_t number;
        discoverable_root what;
        announcer life;
        std::uint32_t first_boot_id;
        bool leaving;
    };
    /// What served_[i] is in the change that is under way.
    struct standing {
        bool announced = false; ///< some advertisement was sent there
        bool kept = false;      ///< the change does not affect it: it gets the updates
        bool revokes = false;   ///< it stands in for an address that is gone
        std::string base = {};  ///< `http://` and address and port
    };
    bool waits_for_a_namesake(root const& r) const noexcept;
    root* next_to_announce() noexcept;
    void announce(root& r, announcement const& what);
    /// `base`: of the URL of the description.
    std::string write(root const& r, announcement const& what, ssdp_group group, std::string_view base);
    void say_farewell(std::vector<served_endpoint> const& gone, interface_table const& table);
    void begin(root& r, time_point now);
    void answer(moment now, search_answer const& due);
    void send_due_answers(moment now);
    bool answer_over_tcp(moment now, search_origin const& origin, search_request const& request);
    std::string write_answer(moment now, std::uint32_t root, served_endpoint const& at,
                             search_target const& st, udn const& device);
    std::string spare_buffer() noexcept;
    ssdp_identity const& identity_of(root const& r, std::uint32_t boot_id);
    root const* find(std::uint32_t number) const noexcept;

    /// A search that was answered by TCP: its repetitions are not.
    struct recent_search {
        endpoint from;
        search_target target;
        time_point until;
    };

    limits::ssdp_limits bounds_;
    policies policy_;
    random_source& random_;
    ssdp_identity identity_;
    boot_id_counter boot_ids_;
    datagram_gate gate_;
    token_bucket pacer_;
    std::optional<time_point> paced_until_; ///< set while something due has to wait for the pacer
    advertisement_directory directory_;
    response_scheduler answers_;
    std::list<root> roots_;
    std::uint32_t next_number_ = 1;
    std::vector<served_endpoint> served_;
    std::vector<standing> standings_; ///< one for each of served_
    std::vector<recent_search> recent_;
    std::size_t tcp_answers_ = 0;
    bool started_ = false;  ///< between start() and stop()
    bool restarts_ = false; ///< start() was called before
    std::vector<outgoing> outgoing_;
    std::vector<std::string> spare_buffers_;
    std::chrono::sys_seconds date_{};
    std::string date_text_; ///< of date_; empty at first
};

} // namespace onlink

#endif
