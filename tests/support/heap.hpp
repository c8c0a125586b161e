// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_HEAP_HPP
#define ONLINK_TESTS_SUPPORT_HEAP_HPP

#include <cstddef>
#include <cstdint>

// For programs that link heap.cpp, which replaces operator new and is where pugixml asks: bytes and
// allocations are counted, and one of them can be made to fail. With heap_of_asio.cpp, bytes and
// allocations of Asio are counted as well, and none of them fails.
namespace onlink::test::heap {

/// Allocated and not yet freed, by what malloc really gave.
std::size_t live_bytes() noexcept;
/// How often memory was allocated, so far.
std::uint64_t allocations() noexcept;
/// The most that there were since the last call of forget_peak().
std::size_t peak_bytes() noexcept;
void forget_peak() noexcept;

/// Those that count: all, or those made within the library, see inside_library.hpp.
enum class which { all, inside_library };
/// Of the allocations that follow, number `first` (from 0) and those behind it, `count` in all, throw
/// std::bad_alloc. Until stop_failing().
void fail(std::uint64_t first, std::uint64_t count, which ones = which::inside_library) noexcept;
/// Whether any of them has failed.
bool has_failed() noexcept;
void stop_failing() noexcept;

/// What was allocated by another way, and before that is given back: for heap_of_asio.cpp.
void count_in(void* allocated) noexcept;
void count_out(void* allocated) noexcept;

} // namespace onlink::test::heap

#endif
