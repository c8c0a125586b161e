// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_SEARCH_TARGET_HPP
#define ONLINK_SSDP_SEARCH_TARGET_HPP

#include <onlink/device_type.hpp>
#include <onlink/error.hpp>
#include <onlink/service_type.hpp>
#include <onlink/udn.hpp>

#include <string>
#include <string_view>
#include <variant>

namespace onlink {

/// `ssdp:all`
struct search_all {
    friend bool operator==(search_all, search_all) = default;
};
/// `upnp:rootdevice`
struct search_root {
    friend bool operator==(search_root, search_root) = default;
};

/// What an ST or NT names (UDA 2.0, 1.2.2, 1.3.2).
using search_target = std::variant<search_all, search_root, udn, device_type, service_type>;

/// Errors: malformed for anything that could name none of our devices or services.
result<search_target> parse_search_target(std::string_view text);

std::string to_string(search_target const& target);
/// The same to the end of a text.
void append_to(std::string& out, search_target const& target);

} // namespace onlink

#endif
