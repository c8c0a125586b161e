// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_RANDOM_SOURCE_HPP
#define ONLINK_RANDOM_SOURCE_HPP

#include <onlink/export.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace onlink {

/// Where subscription identifiers and random delays come from. Identifiers have to be unguessable: give a
/// cryptographic source. Called on the host's executor only.
class ONLINK_EXPORT random_source {
public:
    virtual ~random_source();
    /// Fills all of `out`; must not fail.
    virtual void fill(std::span<std::byte> out) = 0;

    /// A uniform 64-bit number.
    std::uint64_t next();
    /// Uniform in [0, bound]; no modulo bias.
    std::uint64_t up_to(std::uint64_t bound);
};

/// The operating system's generator (getrandom, /dev/urandom).
ONLINK_EXPORT std::shared_ptr<random_source> system_random();

} // namespace onlink

#endif
