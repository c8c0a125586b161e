// SPDX-License-Identifier: BSL-1.0
#include "description/document_store.hpp"

#include "description/device_document.hpp"
#include "description/scpd_document.hpp"

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

served_document xml_of(std::string document)
{
    // UDA 2.0, 2.11: CONTENT-TYPE
    return {std::make_shared<std::string const>(std::move(document)), "text/xml; charset=\"utf-8\""};
}

served_document picture_of(icon const& i)
{
    std::string data;
    data.reserve(i.data.size());
    for (auto const b : i.data)
        data += std::to_integer<char>(b);
    return {std::make_shared<std::string const>(std::move(data)), i.mimetype};
}

} // namespace

document_store::document_store(device_tree const& tree, uda_version uda,
                               std::optional<std::uint32_t> config_id)
{
    for (auto const& d : tree.devices) {
        auto& pictures = icons_.emplace_back();
        for (auto const& i : d.description.icons)
            pictures.push_back(picture_of(i));
    }
    render(tree, uda, config_id.value_or(0));
    if (config_id)
        return;

    fingerprint all;
    for (auto const* documents : {&descriptions_, &scpds_})
        for (auto const& document : *documents)
            all.add(*document.body);
    for (auto const& pictures : icons_)
        for (auto const& picture : pictures)
            all.add(*picture.body);
    render(tree, uda, all.folded());
}

void document_store::render(device_tree const& tree, uda_version uda, std::uint32_t config_id)
{
    config_id_ = config_id;
    descriptions_.clear();
    scpds_.clear();
    for (auto const root : tree.roots)
        descriptions_.push_back(xml_of(render_device_document(tree, root, uda, config_id)));
    for (auto const& s : tree.services)
        scpds_.push_back(xml_of(render_scpd_document(s.service.contract(), uda, config_id)));
}

} // namespace onlink
