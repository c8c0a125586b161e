// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_DESCRIPTION_DOCUMENT_STORE_HPP
#define ONLINK_DESCRIPTION_DOCUMENT_STORE_HPP

#include "model/device_tree.hpp"

#include <onlink/policies.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onlink {

/// A body as it is served, and its media type.
struct served_document {
    std::shared_ptr<std::string const> body;
    std::string content_type;
};

/// Every document of a host, rendered once when the host is built (UDA 2.0, 2: they must not change while
/// advertisements are valid).
class document_store {
public:
    /// config_id absent: derived from the documents, so that it changes when any byte of them does
    /// (UDA 2.0, 1.2.2), in 0..16777215.
    document_store(device_tree const& tree, uda_version uda, std::optional<std::uint32_t> config_id);

    std::uint32_t config_id() const noexcept { return config_id_; }
    served_document const& description(std::size_t root) const { return descriptions_.at(root); }
    served_document const& scpd(std::size_t service) const { return scpds_.at(service); }
    /// icon `number` of device `device`
    served_document const& icon(std::size_t device, std::size_t number) const
    {
        return icons_.at(device).at(number);
    }

private:
    void render(device_tree const& tree, uda_version uda, std::uint32_t config_id);

    std::uint32_t config_id_ = 0;
    std::vector<served_document> descriptions_; // by position in device_tree::roots
    std::vector<served_document> scpds_;
    std::vector<std::vector<served_document>> icons_;
};

} // namespace onlink

#endif
