// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_SSDP_SEARCH_MATCHER_HPP
#define ONLINK_SSDP_SEARCH_MATCHER_HPP

#include "ssdp/advertisement_set.hpp"

namespace onlink {

/// Whether an advertisement answers a search: equal, or of the same type in a version at least as high
/// (UDA 2.0, 1.3.2).
bool answers(advertisement const& offered, search_target const& wanted);

/// The ST of that answer: for types as asked, lower version included; the NT for `ssdp:all`
/// (UDA 2.0, 1.3.3). The USN is made from it.
search_target answered_target(advertisement const& offered, search_target const& wanted);

} // namespace onlink

#endif
