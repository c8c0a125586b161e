// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DEVICE_HPP
#define ONLINK_DEVICE_HPP

#include <onlink/device_description.hpp>
#include <onlink/error.hpp>
#include <onlink/service.hpp>
#include <onlink/udn.hpp>

#include <vector>

namespace onlink {

/// A device to be hosted: its description, its services, its embedded devices. A plain value that owns
/// handles to its services; what device_host serves is a copy.
class ONLINK_EXPORT device {
public:
    /// Devices embedded in the description become embedded devices of this one.
    explicit device(device_description description);

    device_description const& description() const noexcept { return description_; }
    std::vector<service> const& services() const noexcept { return services_; }
    std::vector<device> const& embedded() const noexcept { return embedded_; }

    /// Adds a service. If the description lists services, one of that id and type must be among them, and
    /// its paths are taken from there; check() says so if not.
    device& add(service s);
    /// Adds an embedded device.
    device& add(device d);
    /// This device or one embedded in it at any depth; nullptr if there is none.
    device* find(udn const& name) noexcept;

    /// Whether it can be hosted: descriptions complete, every service of its description bound, ids and UDNs
    /// unique, handlers and SCPDs in agreement. `where` names the first field or action that is not.
    checked<void> check() const;

private:
    device_description description_;
    std::vector<service> services_;
    std::vector<device> embedded_;
};

} // namespace onlink

#endif
