// SPDX-License-Identifier: BSL-1.0
#include "model/device_tree.hpp"

#include "base/ascii.hpp"
#include "url/url_path.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>

namespace onlink {

namespace {

/// The first text that is not empty.
std::string first_of(std::initializer_list<std::string> texts)
{
    auto const found =
        std::find_if(texts.begin(), texts.end(), [](std::string const& t) { return !t.empty(); });
    return found == texts.end() ? std::string{} : *found;
}

/// What the description says of a service, if it does.
service_identity const* find_described(service const& s, device_description const& description)
{
    auto const entry = std::find_if(description.services.begin(), description.services.end(),
                                    [&](service_identity const& e) { return e.id == s.identity().id; });
    return entry == description.services.end() ? nullptr : &*entry;
}

/// What the application gives the service, else what the description says, else a path of our own.
service_paths paths_of(service const& s, service_identity const* in_description, std::string const& base)
{
    auto const& own = s.identity().paths;
    service_paths const described = in_description ? in_description->paths : service_paths{};

    service_paths paths{first_of({own.scpd, described.scpd, base + "scpd.xml"}),
                        first_of({own.control, described.control, base + "control"}),
                        first_of({own.event, described.event, base + "event"})};
    if (!s.contract().has_events()) // UDA 2.0, 2.3, "eventSubURL": present but empty
        paths.event.clear();
    return paths;
}

class tree_builder {
public:
    void add_root(device const& d)
    {
        auto const index = tree_.devices.size();
        tree_.roots.push_back(index);
        add(d, index);
        auto& description = tree_.devices[index].description;
        if (description.description_path.empty())
            description.description_path = '/' + description.udn.uuid() + "/desc.xml";
    }

    /// Takes note of the names and paths that are taken.
    void know(device_tree const& other)
    {
        for (auto const& d : other.devices) {
            if (d.vacant)
                continue;
            udns_.insert(d.description.udn);
            paths_.insert(d.description.description_path);
            for (auto const& picture : d.description.icons)
                if (!picture.data.empty())
                    paths_.insert(picture.path);
        }
        for (auto const& s : other.services)
            if (!s.vacant) {
                paths_.insert({s.paths.scpd, s.paths.control, s.paths.event});
                states_.insert(&s.service.state());
            }
    }

    /// Refuses what cannot be served or would be served twice.
    checked<device_tree> finish() &&
    {
        for (auto const& d : tree_.devices) {
            auto const where = "device " + ascii::printable(d.description.friendly_name) + ", ";
            if (!udns_.insert(d.description.udn).second)
                return defect{errc::duplicate, where + "UDN " + d.description.udn.to_string()};
            take(where + "description_path", d.description.description_path);
            for (std::size_t i = 0; i < d.description.icons.size(); ++i)
                if (!d.description.icons[i].data.empty()) // others are served by the application
                    take(where + "icon " + std::to_string(i + 1) + ", url", d.description.icons[i].path);
            for (auto const s : d.services) {
                auto const& hosted = tree_.services[s];
                auto const here = where + "service " + hosted.service.identity().id.to_string() + ", ";
                // A state table has one listener: with two, one would hear of nothing.
                if (!states_.insert(&hosted.service.state()).second)
                    return defect{errc::duplicate, here + "which is hosted already"};
                take(here + "SCPDURL", hosted.paths.scpd);
                take(here + "controlURL", hosted.paths.control);
                take(here + "eventSubURL", hosted.paths.event);
            }
        }
        if (found_)
            return *std::move(found_);
        return std::move(tree_);
    }

private:
    /// Returns the index of the device.
    std::size_t add(device const& d, std::size_t root)
    {
        auto const index = tree_.devices.size();
        tree_.devices.push_back(
            {.description = d.description(), .root = root, .services = {}, .embedded = {}});

        for (auto const& s : d.services()) {
            tree_.devices[index].services.push_back(tree_.services.size());
            auto const number = tree_.devices[index].services.size();
            auto const base = '/' + d.description().udn.uuid() + '/' + std::to_string(number) + '/';
            auto const* const described = find_described(s, d.description());
            auto const& own = s.identity().extensions;
            tree_.services.push_back({s, paths_of(s, described, base), index,
                                      own.empty() && described ? described->extensions : own});
        }
        auto& icons = tree_.devices[index].description.icons;
        for (std::size_t i = 0; i < icons.size(); ++i)
            if (icons[i].path.empty())
                icons[i].path = '/' + d.description().udn.uuid() + "/icon/" + std::to_string(i + 1);

        for (auto const& inner : d.embedded()) {
            auto const inner_index = add(inner, root);
            tree_.devices[index].embedded.push_back(inner_index);
        }
        return index;
    }

    void take(std::string const& where, std::string const& path)
    {
        if (path.empty() || found_)
            return;
        if (!is_served_path(path))
            found_ = defect{errc::malformed, where};
        else if (!paths_.insert(path).second)
            found_ = defect{errc::duplicate, where + ' ' + path};
    }

    device_tree tree_;
    std::set<udn> udns_;
    std::set<std::string> paths_;
    std::set<state_table const*> states_;
    std::optional<defect> found_;
};

} // namespace

namespace {

/// One root device alone, if it can stand beside those of `tree`.
checked<device_tree> lay_out(device const& root, device_tree const& tree)
{
    if (auto const legal = root.check(); !legal)
        return legal.error();
    tree_builder builder;
    builder.know(tree);
    builder.add_root(root);
    return std::move(builder).finish();
}

/// Places for `count` entries: vacant ones first, then new ones behind the end.
template <class Entry>
std::vector<std::size_t> places_for(std::size_t count, std::vector<Entry> const& entries)
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < entries.size() && places.size() < count; ++i)
        if (entries[i].vacant)
            places.push_back(i);
    for (std::size_t i = entries.size(); places.size() < count; ++i)
        places.push_back(i);
    return places;
}

template <class Entry>
void put(std::vector<Entry>& entries, std::size_t place, Entry entry)
{
    if (place == entries.size())
        entries.push_back(std::move(entry));
    else
        entries[place] = std::move(entry);
}

hosted_service make_nothing()
{
    using namespace literals;
    auto contract = scpd::build().state("None", data_type::ui1, {.evented = false}).done().value();
    service const none{{.type = "urn:schemas-upnp-org:service:None:1"_service_type,
                        .id = "urn:upnp-org:serviceId:None"_service_id},
                       std::move(contract)};
    return {none, {}, 0, {}, true};
}

/// What stands in a vacant place, so that nothing of the application's is held on to.
hosted_service const& nothing()
{
    static auto const vacant = make_nothing();
    return vacant;
}

} // namespace

checked<device_tree> device_tree::of(std::vector<device> const& roots)
{
    device_tree tree;
    for (auto const& root : roots)
        if (auto const added = tree.add(root); !added)
            return added.error();
    return tree;
}

checked<std::size_t> device_tree::add(device const& root)
{
    auto added = lay_out(root, *this);
    if (!added)
        return added.error();

    auto const device_places = places_for(added->devices.size(), devices);
    auto const service_places = places_for(added->services.size(), services);
    devices.reserve(devices.size() + added->devices.size());
    services.reserve(services.size() + added->services.size());
    roots.reserve(roots.size() + 1);
    nothing(); // so that remove() needs no memory; and from here on this does not either
    for (std::size_t i = 0; i < added->devices.size(); ++i) {
        auto& d = added->devices[i];
        d.root = device_places[0];
        for (auto& index : d.services)
            index = service_places[index];
        for (auto& index : d.embedded)
            index = device_places[index];
        put(devices, device_places[i], std::move(d));
    }
    for (std::size_t i = 0; i < added->services.size(); ++i) {
        auto& s = added->services[i];
        s.device = device_places[s.device];
        put(services, service_places[i], std::move(s));
    }
    roots.push_back(device_places[0]);
    return device_places[0];
}

void device_tree::remove(std::size_t root) noexcept
{
    for (auto& d : devices) {
        if (!is_under(d, root))
            continue;
        for (auto const index : d.services)
            services[index] = nothing();
        d.vacant = true;
        d.services.clear();
        d.embedded.clear();
        d.description.icons.clear();
    }
    std::erase(roots, root);
}

} // namespace onlink
