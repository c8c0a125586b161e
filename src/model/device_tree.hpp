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
};

struct hosted_service {
    onlink::service service;
    service_paths paths; ///< filled in
    std::size_t device = 0;
};

/// All root devices of a host, laid flat in document order: a root before its embedded devices. What the
/// engines work on; indices name devices and services for the host's life.
struct device_tree {
    std::vector<hosted_device> devices;
    std::vector<hosted_service> services;
    std::vector<std::size_t> roots;

    /// Checks each device, fills in paths, and refuses UDNs or paths that occur twice.
    /// Errors: those of device::check(), and duplicate, malformed (a path that cannot be served).
    static checked<device_tree> of(std::vector<device> const& roots);
};

} // namespace onlink

#endif
