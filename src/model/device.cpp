// SPDX-License-Identifier: BSL-1.0
#include <onlink/device.hpp>

#include "base/ascii.hpp"

#include <algorithm>
#include <set>

namespace onlink {

namespace {

checked<void> check_services(device const& d)
{
    auto const& services = d.services();
    auto const& described = d.description().services;
    for (auto s = services.begin(); s != services.end(); ++s) {
        auto const& identity = s->identity();
        auto const where = "service " + identity.id.to_string();
        // UDA 2.0, 2.3, "serviceId": unique within the device description
        if (std::any_of(services.begin(), s,
                        [&](service const& other) { return other.identity().id == identity.id; }))
            return defect{errc::duplicate, where + ", serviceId"};
        if (!described.empty()) {
            auto const entry = std::find_if(described.begin(), described.end(),
                                            [&](service_identity const& e) { return e.id == identity.id; });
            if (entry == described.end())
                return defect{errc::unknown_name, where + " (not in the description)"};
            if (entry->type != identity.type)
                return defect{errc::wrong_type, where + ", serviceType"};
        }
        if (auto const legal = s->check(); !legal)
            return defect{legal.error().code, where + ", " + legal.error().where};
    }
    for (auto const& entry : described)
        if (std::none_of(services.begin(), services.end(),
                         [&](service const& s) { return s.identity().id == entry.id; }))
            return defect{errc::missing, "service " + entry.id.to_string()};
    return {};
}

/// This device without those it embeds.
checked<void> check_one(device const& d, bool is_root, std::set<udn>& seen)
{
    auto const& description = d.description();
    if (auto legal = description.check(); !legal)
        return legal;
    if (!is_root && !description.description_path.empty()) // it is described in its root's document
        return defect{errc::contradictory, "description_path"};
    if (!seen.insert(description.udn).second)
        return defect{errc::duplicate, "UDN " + description.udn.to_string()};
    return check_services(d);
}

checked<void> check_all(device const& d, bool is_root, std::set<udn>& seen)
{
    if (auto const legal = check_one(d, is_root, seen); !legal) {
        auto const& name = d.description().friendly_name;
        return defect{legal.error().code,
                      "device " + (name.empty() ? d.description().udn.to_string() : ascii::printable(name)) +
                          ", " + legal.error().where};
    }
    for (auto const& inner : d.embedded())
        if (auto legal = check_all(inner, false, seen); !legal)
            return legal;
    return {};
}

} // namespace

device::device(device_description description) : description_(std::move(description))
{
    embedded_.reserve(description_.embedded.size());
    for (auto& inner : description_.embedded)
        embedded_.emplace_back(std::move(inner));
    description_.embedded.clear();
}

device& device::add(service s)
{
    services_.push_back(std::move(s));
    return *this;
}

device& device::add(device d)
{
    embedded_.push_back(std::move(d));
    return *this;
}

device* device::find(udn const& name) noexcept
{
    if (description_.udn == name)
        return this;
    for (auto& inner : embedded_)
        if (auto* const found = inner.find(name))
            return found;
    return nullptr;
}

checked<void> device::check() const
{
    std::set<udn> seen;
    return check_all(*this, true, seen);
}

} // namespace onlink
