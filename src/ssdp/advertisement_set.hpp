// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_ADVERTISEMENT_SET_HPP
#define ONLINK_SSDP_ADVERTISEMENT_SET_HPP

#include "model/device_tree.hpp"
#include "ssdp/search_target.hpp"

#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace onlink {

/// One message of the advertisement set: what is advertised (NT), of which device (USN).
struct advertisement {
    search_target nt; ///< never search_all
    onlink::udn device;
};

/// `uuid:...`, or `uuid:...::` and the target (UDA 2.0, 1.2.2), to the end of a text.
void append_usn(std::string& out, udn const& device, search_target const& target);

/// The 3+2d+k advertisements of one root device, its own three first (UDA 2.0, 1.2.2). A service type counts
/// once per device that contains it, with its highest version.
class advertisement_set {
public:
    /// `root`: its position in device_tree::devices.
    advertisement_set(device_tree const& tree, std::size_t root);

    std::vector<advertisement> const& all() const& noexcept { return all_; }
    void all() const&& = delete; // it would be gone

    /// How many of them answer a search (UDA 2.0, 1.3.2). That costs as much as there are, not as the set
    /// has.
    std::size_t count(search_target const& wanted) const;
    /// The first of them at or behind an index.
    std::optional<std::size_t> find(search_target const& wanted, std::size_t from) const;

private:
    struct place {
        std::size_t key; ///< of all that one search could mean, but for their versions
        std::size_t index;
        // NOLINTNEXTLINE(modernize-use-nullptr): as in udn.hpp
        friend auto operator<=>(place const&, place const&) = default;
    };

    void add(device_tree const& tree, std::size_t device);
    std::span<place const> places_of(search_target const& wanted, std::size_t from) const;

    std::vector<advertisement> all_;
    std::vector<place> places_; ///< in order
};

} // namespace onlink

#endif
