// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_VERSION_HPP
#define ONLINK_VERSION_HPP

/// The version of onlink. This is the one place where it is written: CMake, the package files and the
/// SERVER header all read it from here.
#define ONLINK_VERSION_MAJOR 0
#define ONLINK_VERSION_MINOR 1
#define ONLINK_VERSION_PATCH 0
#define ONLINK_VERSION_STRING "0.1.0"

#endif
