// SPDX-License-Identifier: BSL-1.0
#include "ssdp/advertisement_directory.hpp"

#include <algorithm>

namespace onlink {

void advertisement_directory::add(std::uint32_t root, std::shared_ptr<advertisement_set const> set)
{
    roots_.push_back({root, std::move(set)});
}

void advertisement_directory::remove(std::uint32_t root)
{
    std::erase_if(roots_, [&](entry const& e) { return e.root == root; });
}

std::size_t advertisement_directory::count(search_target const& wanted) const
{
    std::size_t matches = 0;
    for (auto const& [root, set] : roots_)
        matches += set->count(wanted);
    return matches;
}

std::optional<advertisement_directory::position> advertisement_directory::find(search_target const& wanted,
                                                                               position from) const
{
    for (auto const& [root, set] : roots_) {
        if (root < from.root)
            continue;
        if (auto const index = set->find(wanted, root == from.root ? from.index : 0))
            return position{root, *index};
    }
    return std::nullopt;
}

advertisement const* advertisement_directory::at(position where) const
{
    auto const found =
        std::find_if(roots_.begin(), roots_.end(), [&](entry const& e) { return e.root == where.root; });
    if (found == roots_.end() || where.index >= found->set->all().size())
        return nullptr;
    return &found->set->all()[where.index];
}

} // namespace onlink
