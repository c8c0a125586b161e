// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_ROUTE_HPP
#define ONLINK_HTTP_ROUTE_HPP

#include "model/device_tree.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace onlink {

/// The description document of a root device, by its position in device_tree::devices.
struct description_route {
    std::size_t root;
    friend bool operator==(description_route const&, description_route const&) = default;
};

/// Three resources of a service, by its position in device_tree::services.
struct scpd_route {
    std::size_t service;
    friend bool operator==(scpd_route const&, scpd_route const&) = default;
};
struct control_route {
    std::size_t service;
    friend bool operator==(control_route const&, control_route const&) = default;
};
struct event_route {
    std::size_t service;
    friend bool operator==(event_route const&, event_route const&) = default;
};

/// Icon `number` of the device at a position in device_tree::devices.
struct icon_route {
    std::size_t device;
    std::size_t number;
    friend bool operator==(icon_route const&, icon_route const&) = default;
};

using route = std::variant<description_route, scpd_route, control_route, event_route, icon_route>;

/// What is served under which path. Built anew when a root device comes or goes; a path is found exactly or
/// not at all, and never becomes the name of a file.
class route_table {
public:
    explicit route_table(device_tree const& tree);

    std::optional<route> find(std::string_view path) const;

private:
    using entry = std::pair<std::string, route>;
    std::vector<entry> entries_; // by path
};

} // namespace onlink

#endif
