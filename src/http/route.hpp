// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_ROUTE_HPP
#define ONLINK_HTTP_ROUTE_HPP

#include "model/device_tree.hpp"

#include <onlink/web_content.hpp>

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

/// What the application serves beside its devices, by its position in a list of web_content.
struct web_file_route {
    std::size_t file;
    friend bool operator==(web_file_route const&, web_file_route const&) = default;
};
struct web_folder_route {
    std::size_t folder;
    friend bool operator==(web_folder_route const&, web_folder_route const&) = default;
};
struct web_handler_route {
    std::size_t handler;
    friend bool operator==(web_handler_route const&, web_handler_route const&) = default;
};

using route = std::variant<description_route, scpd_route, control_route, event_route, icon_route,
                           web_file_route, web_folder_route, web_handler_route>;

/// What is served under which path. Built anew when a root device comes or goes. A path is found exactly, or
/// else below the longest path of a folder or handler that it begins with.
class route_table {
public:
    explicit route_table(device_tree const& tree, web_content const& web = {});

    /// A path of `web` that is a device's own, if there is one: the application would wait for its requests
    /// in vain.
    static std::optional<std::string> clash(device_tree const& tree, web_content const& web);

    std::optional<route> find(std::string_view path) const;
    /// A path that is in the table itself.
    std::optional<route> find_exactly(std::string_view path) const;

private:
    using entry = std::pair<std::string, route>;
    void add_devices(device_tree const& tree);
    void sort();

    std::vector<entry> entries_;  // by path
    std::vector<entry> prefixes_; // longest first
};

} // namespace onlink

#endif
