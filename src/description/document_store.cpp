// SPDX-License-Identifier: BSL-1.0
#include "description/document_store.hpp"

#include "description/device_document.hpp"
#include "description/scpd_document.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace onlink {

namespace {

/// FNV-1a with 64 bits. Nobody attacks it: it only has to notice that the application changed something.
class fingerprint {
public:
    void add(std::string_view document) noexcept
    {
        for (char const c : document)
            add(static_cast<unsigned char>(c));
        // Also the length, so that text moving from one document to the next is a change.
        for (std::size_t size = document.size(); size > 0; size >>= 8)
            add(static_cast<unsigned char>(size & 0xFFu));
        add(0);
    }

    /// CONFIGID.UPNP.ORG has 24 bits for those who choose it (UDA 2.0, 1.2.2).
    std::uint32_t folded() const noexcept
    {
        return static_cast<std::uint32_t>((hash_ ^ (hash_ >> 24) ^ (hash_ >> 48)) & 0xFFFFFFu);
    }

private:
    void add(unsigned char byte) noexcept
    {
        hash_ ^= byte;
        hash_ *= 1099511628211u;
    }

    std::uint64_t hash_ = 14695981039346656037u;
};

static_content picture_of(icon const& i)
{
    std::string data;
    data.reserve(i.data.size());
    for (auto const b : i.data)
        data += std::to_integer<char>(b);
    // Pictures are compressed by nature, but for those that are text.
    return static_content::of(std::move(data), i.mimetype, i.mimetype == "image/svg+xml");
}

} // namespace

static_content const& document_store::known(static_content const& document)
{
    if (!document.plain.body)
        throw std::out_of_range{"document_store"};
    return document;
}

std::uint32_t document_store::add(device_tree const& tree, std::size_t root,
                                  std::optional<std::uint32_t> config_id)
{
    scpds_.resize(tree.services.size());
    descriptions_.resize(tree.devices.size());
    icons_.resize(tree.devices.size());
    for (std::size_t index = 0; index < tree.devices.size(); ++index) {
        auto const& d = tree.devices[index];
        if (!tree.is_under(d, root))
            continue;
        for (auto const& i : d.description.icons)
            icons_[index].push_back(picture_of(i));
    }
    render(tree, root, config_id.value_or(0));
    if (config_id)
        return *config_id;

    fingerprint all;
    all.add(*descriptions_[root].plain.body);
    for (std::size_t index = 0; index < tree.devices.size(); ++index) {
        auto const& d = tree.devices[index];
        if (!tree.is_under(d, root))
            continue;
        for (auto const service : d.services)
            all.add(*scpds_[service].plain.body);
        for (auto const& picture : icons_[index])
            all.add(*picture.plain.body);
    }
    render(tree, root, all.folded());
    return all.folded();
}

void document_store::render(device_tree const& tree, std::size_t root, std::uint32_t config_id)
{
    auto const xml_of = [this](std::string document) {
        // UDA 2.0, 2.11: CONTENT-TYPE
        return static_content::of(std::move(document), "text/xml; charset=\"utf-8\"", compress_);
    };
    descriptions_[root] = xml_of(render_device_document(tree, root, uda_, config_id));
    for (auto const& d : tree.devices)
        if (tree.is_under(d, root))
            for (auto const service : d.services)
                scpds_[service] =
                    xml_of(render_scpd_document(tree.services[service].service.contract(), uda_, config_id));
}

void document_store::remove(device_tree const& tree, std::size_t root) noexcept
{
    if (root < descriptions_.size())
        descriptions_[root] = {};
    // As far as they were rendered: memory may have run out over it.
    for (std::size_t index = 0; index < std::min(tree.devices.size(), icons_.size()); ++index) {
        auto const& d = tree.devices[index];
        if (!tree.is_under(d, root))
            continue;
        icons_[index].clear();
        for (auto const service : d.services)
            if (service < scpds_.size())
                scpds_[service] = {};
    }
}

} // namespace onlink
