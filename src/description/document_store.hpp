// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_DOCUMENT_STORE_HPP
#define ONLINK_DESCRIPTION_DOCUMENT_STORE_HPP

#include "http/static_content.hpp"
#include "model/device_tree.hpp"

#include <onlink/policies.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onlink {

/// Every document of a host, rendered once when its root device is added (UDA 2.0, 2: they must not change
/// while advertisements are valid). Indices are those of device_tree.
class document_store {
public:
    explicit document_store(uda_version uda, bool compress = false) : uda_(uda), compress_(compress) {}

    /// Renders what belongs to a root device. config_id absent: derived from the documents, so that it
    /// changes when any byte of them does (UDA 2.0, 1.2.2), in 0..16777215. Returns it.
    std::uint32_t add(device_tree const& tree, std::size_t root, std::optional<std::uint32_t> config_id);
    /// Before the tree forgets the root device.
    void remove(device_tree const& tree, std::size_t root) noexcept;

    static_content const& description(std::size_t root) const { return known(descriptions_.at(root)); }
    static_content const& scpd(std::size_t service) const { return known(scpds_.at(service)); }
    /// icon `number` of device `device`
    static_content const& icon(std::size_t device, std::size_t number) const
    {
        return icons_.at(device).at(number);
    }

private:
    /// Throws std::out_of_range for a place where there is none.
    static static_content const& known(static_content const& document);
    void render(device_tree const& tree, std::size_t root, std::uint32_t config_id);

    uda_version uda_;
    bool compress_;
    std::vector<static_content> descriptions_;
    std::vector<static_content> scpds_;
    std::vector<std::vector<static_content>> icons_;
};

} // namespace onlink

#endif
