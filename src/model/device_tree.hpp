// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_DEVICE_TREE_HPP
#define ONLINK_MODEL_DEVICE_TREE_HPP

#include <onlink/device.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace onlink {

/// A device of the tree, with every path decided.
struct hosted_device {
    device_description description;    ///< description_path and icon paths filled in
    std::size_t root = 0;              ///< index of its root device
    std::vector<std::size_t> services; ///< indices into device_tree::services
    std::vector<std::size_t> embedded; ///< indices into device_tree::devices
    bool vacant = false;               ///< it was removed; the place is for the next one
};

struct hosted_service {
    onlink::service service;
    service_paths paths; ///< filled in
    std::size_t device = 0;
    std::vector<vendor_element> extensions = {}; ///< those of the application, else of the description
    bool vacant = false;                         ///< it was removed; the place is for the next one
};

/// All root devices of a host, laid flat. What the engines work on; indices name devices and services for as
/// long as they are hosted.
struct device_tree {
    std::vector<hosted_device> devices;
    std::vector<hosted_service> services;
    std::vector<std::size_t> roots; ///< indices into devices

    /// Checks each device, fills in paths, and refuses UDNs or paths that occur twice.
    /// Errors: those of device::check(), and duplicate, malformed (a path that cannot be served).
    static checked<device_tree> of(std::vector<device> const& roots);

    /// Adds a root device, checked in the same way; returns its index in `devices`. On an error nothing
    /// changes.
    checked<std::size_t> add(device const& root);
    /// Forgets a root device, those embedded in it, and their services.
    void remove(std::size_t root) noexcept;

    /// Whether the root device is `root`, and the place not vacant.
    bool is_under(hosted_device const& d, std::size_t root) const noexcept
    {
        return !d.vacant && d.root == root;
    }
};

} // namespace onlink

#endif
