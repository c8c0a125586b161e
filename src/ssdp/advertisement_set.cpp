// SPDX-License-Identifier: BSL-1.0
#include "ssdp/advertisement_set.hpp"

#include "ssdp/search_matcher.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <variant>

namespace onlink {

void append_usn(std::string& out, udn const& device, search_target const& target)
{
    device.append_to(out);
    if (std::holds_alternative<udn>(target))
        return;
    out += "::";
    append_to(out, target);
}

namespace {

/// The same for all targets that could answer each other, and mostly for no others.
std::size_t key_of(search_target const& target)
{
    struct reader {
        std::size_t operator()(search_all) const { return 0; }
        std::size_t operator()(search_root) const { return 1; }
        std::size_t operator()(udn const& name) const
        {
            auto const& bytes = name.bytes();
            return std::hash<std::string_view>{}({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
        }
        std::size_t operator()(device_type const& type) const { return of(type.domain(), type.name()); }
        std::size_t operator()(service_type const& type) const { return of(type.domain(), type.name()) + 1; }

        static std::size_t of(std::string_view domain, std::string_view name)
        {
            std::hash<std::string_view> const hash;
            return 31 * hash(domain) + hash(name);
        }
    };
    return std::visit(reader{}, target);
}

/// Each service type of a device once, in its highest version (UDA 2.0, 1.2.2 and VER: never a lower one
/// too).
std::vector<service_type> distinct_types(device_tree const& tree, hosted_device const& device)
{
    std::vector<service_type> types;
    for (auto const index : device.services) {
        auto const& type = tree.services[index].service.identity().type;
        auto const same = std::find_if(types.begin(), types.end(),
                                       [&](service_type const& known) { return known.same_type(type); });
        if (same == types.end())
            types.push_back(type);
        else if (same->version() < type.version())
            *same = type;
    }
    return types;
}

} // namespace

advertisement_set::advertisement_set(device_tree const& tree, std::size_t root)
{
    all_.push_back({search_root{}, tree.devices.at(root).description.udn});
    add(tree, root);
    places_.reserve(all_.size());
    for (std::size_t index = 0; index < all_.size(); ++index)
        places_.push_back({key_of(all_[index].nt), index});
    std::sort(places_.begin(), places_.end());
}

/// All that could answer it, and perhaps some that do not.
std::span<advertisement_set::place const> advertisement_set::places_of(search_target const& wanted,
                                                                       std::size_t from) const
{
    auto const key = key_of(wanted);
    auto const begin = std::lower_bound(places_.begin(), places_.end(), place{key, from});
    auto const end = std::upper_bound(begin, places_.end(), place{key, all_.size()});
    return {begin, end};
}

std::size_t advertisement_set::count(search_target const& wanted) const
{
    if (std::holds_alternative<search_all>(wanted))
        return all_.size();
    auto const places = places_of(wanted, 0);
    return static_cast<std::size_t>(std::count_if(
        places.begin(), places.end(), [&](place const& p) { return answers(all_[p.index], wanted); }));
}

std::optional<std::size_t> advertisement_set::find(search_target const& wanted, std::size_t from) const
{
    if (std::holds_alternative<search_all>(wanted))
        return from < all_.size() ? std::optional{from} : std::nullopt;
    for (auto const& p : places_of(wanted, from))
        if (answers(all_[p.index], wanted))
            return p.index;
    return std::nullopt;
}

void advertisement_set::add(device_tree const& tree, std::size_t device)
{
    auto const& hosted = tree.devices.at(device);
    auto const& name = hosted.description.udn;
    all_.push_back({name, name});
    all_.push_back({hosted.description.type, name});
    for (auto& type : distinct_types(tree, hosted))
        all_.push_back({std::move(type), name});
    for (auto const inner : hosted.embedded)
        add(tree, inner);
}

} // namespace onlink
