// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_BENCH_ALLOCATIONS_HPP
#define ONLINK_TESTS_BENCH_ALLOCATIONS_HPP

#include <cstdint>

namespace onlink::bench {

/// How often the program has taken memory so far, by whatever way: Asio calls aligned_alloc() and pugixml
/// malloc(), so that to count `operator new` alone, as tests/support/heap.cpp does, is not enough here.
std::uint64_t allocations() noexcept;

/// What of it is in use, in bytes, with what the allocator adds to each piece; and the pages that the process
/// has for itself, which do not shrink with it.
std::uint64_t bytes_in_use() noexcept;
std::uint64_t bytes_of_anonymous_pages();

} // namespace onlink::bench

#endif
