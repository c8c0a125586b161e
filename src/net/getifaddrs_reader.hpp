// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_GETIFADDRS_READER_HPP
#define ONLINK_NET_GETIFADDRS_READER_HPP

#include "base/interface_table.hpp"

#include <onlink/limits.hpp>

#include <optional>

namespace onlink {

/// The interfaces of this moment as getifaddrs tells them: without routes, neighbours and the states of
/// addresses. nullopt if it fails.
std::optional<interface_table> read_by_getifaddrs(limits::interface_limits const& bounds);

} // namespace onlink

#endif
