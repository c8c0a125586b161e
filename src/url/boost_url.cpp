// SPDX-License-Identifier: BSL-1.0
// Boost.URL itself, where ONLINK_BUNDLE asks for it.
#include <boost/url/src.hpp>
