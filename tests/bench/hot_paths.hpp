// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_BENCH_HOT_PATHS_HPP
#define ONLINK_TESTS_BENCH_HOT_PATHS_HPP

#include "support/lamp_host.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace onlink::bench {

/// What a host does all day, without sockets: bytes in, bytes out. Each turn returns how many came out, so
/// that none of it is optimised away.
class hot_paths {
public:
    /// With so many embedded devices, each with a service of its own, and subscribers of the root's service.
    explicit hot_paths(std::size_t embedded = 0, std::size_t subscribers = 0);

    /// A unicast search for root devices: parsed, matched, answered at once.
    std::size_t search();
    /// The same for a type.
    std::size_t search_type();
    /// Another device's advertisement: looked at and left alone.
    std::size_t advertisement();
    /// A GET of the description, as a session reads and answers it.
    std::size_t get_description();
    /// GetStatus of the last device: envelope read, arguments checked, handler run, answer written.
    std::size_t soap();
    /// The variable changes: encoded once, queued, sent and settled for each subscriber.
    std::size_t event();

    /// All of the above by name.
    static std::map<std::string, std::function<std::size_t(hot_paths&)>> const& all();

private:
    std::size_t search_for(std::string_view message);
    std::size_t request(std::string_view bytes);
    std::size_t settle_deliveries();

    service power_;
    service last_; ///< of the last device
    device lamp_;
    std::shared_ptr<test::seeded_random> random_;
    time_point clock_;
    std::chrono::sys_seconds date_;
    device_runtime runtime_;
    connection from_;
    request_parser parser_;
    std::string get_;
    std::string call_;
    std::string head_;
    std::vector<action_item> items_;
    bool on_ = false;
};

} // namespace onlink::bench

#endif
