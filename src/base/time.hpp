// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_TIME_HPP
#define ONLINK_BASE_TIME_HPP

#include <chrono>

namespace onlink {

/// A point of the steady clock. The core never reads it: it is handed in.
using time_point = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// One reading of both clocks: the steady one for deadlines, the calendar only for DATE headers.
struct moment {
    time_point at;
    std::chrono::sys_seconds date;
};

/// After which something for which there was no memory is tried again.
inline constexpr duration pause_without_memory = std::chrono::seconds{1};

} // namespace onlink

#endif
