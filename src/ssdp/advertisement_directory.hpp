// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_ADVERTISEMENT_DIRECTORY_HPP
#define ONLINK_SSDP_ADVERTISEMENT_DIRECTORY_HPP

#include "ssdp/advertisement_set.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace onlink {

/// What all root devices of a host advertise; where searches look. Root devices come and go, and whoever is
/// in the middle of answering goes on behind the position where it was.
class advertisement_directory {
public:
    /// Numbers grow with every root device and are not used twice.
    struct position {
        std::uint32_t root = 0;
        std::size_t index = 0;
    };

    void add(std::uint32_t root, std::shared_ptr<advertisement_set const> set);
    void remove(std::uint32_t root);

    /// How many advertisements answer a search.
    std::size_t count(search_target const& wanted) const;
    /// The first of them at or behind a position.
    std::optional<position> find(search_target const& wanted, position from) const;
    /// nullptr if its root device is gone.
    advertisement const* at(position where) const;

private:
    struct entry {
        std::uint32_t root;
        std::shared_ptr<advertisement_set const> set;
    };
    std::vector<entry> roots_; // by number
};

} // namespace onlink

#endif
