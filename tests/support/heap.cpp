// SPDX-License-Identifier: BSL-1.0
#include "support/heap.hpp"

#include "support/inside_library.hpp"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

#include <malloc.h>
#include <pugixml.hpp>

namespace {

std::atomic<std::size_t> live{0};
std::atomic<std::size_t> peak{0};
std::atomic<std::uint64_t> count{0};
std::atomic<bool> armed{false};
bool failed = false;
std::uint64_t next = 0;
std::uint64_t first = 0;
std::uint64_t last = 0;
auto ones = onlink::test::heap::which::all;

bool is_to_fail() noexcept
{
    if (!armed || (ones == onlink::test::heap::which::inside_library && !onlink::test::inside_library))
        return false;
    bool const now = next >= first && next <= last;
    ++next;
    failed = failed || now;
    return now;
}

void* count_and_allocate(std::size_t size) noexcept
{
    if (is_to_fail())
        return nullptr;
    void* const p = std::malloc(size);
    onlink::test::heap::count_in(p);
    return p;
}

void* allocate_or_throw(std::size_t size)
{
    if (void* p = count_and_allocate(size))
        return p;
    throw std::bad_alloc{};
}

void count_and_free(void* p) noexcept
{
    onlink::test::heap::count_out(p);
    std::free(p);
}

/// pugixml takes its memory from malloc() if nobody says otherwise.
[[maybe_unused]] bool const pugixml_asks_here = [] {
    pugi::set_memory_management_functions(count_and_allocate, count_and_free);
    return true;
}();

} // namespace

namespace onlink::test::heap {

std::size_t live_bytes() noexcept { return live; }
std::uint64_t allocations() noexcept { return count; }
std::size_t peak_bytes() noexcept { return peak; }
void forget_peak() noexcept { peak = live.load(); }

void fail(std::uint64_t from, std::uint64_t count, which wanted) noexcept
{
    next = 0;
    first = from;
    last = from + count - 1;
    failed = false;
    ones = wanted;
    armed = true;
}

bool has_failed() noexcept { return failed; }
void stop_failing() noexcept { armed = false; }

void count_in(void* allocated) noexcept
{
    ++::count;
    auto const now = live += malloc_usable_size(allocated);
    if (now > peak)
        peak = now;
}

void count_out(void* allocated) noexcept { live -= malloc_usable_size(allocated); }

} // namespace onlink::test::heap

// None here is over-aligned.
void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return count_and_allocate(size); }
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return count_and_allocate(size); }
void operator delete(void* p) noexcept { count_and_free(p); }
void operator delete(void* p, std::size_t) noexcept { count_and_free(p); }
void operator delete(void* p, std::nothrow_t const&) noexcept { count_and_free(p); }
void operator delete[](void* p) noexcept { count_and_free(p); }
void operator delete[](void* p, std::size_t) noexcept { count_and_free(p); }
void operator delete[](void* p, std::nothrow_t const&) noexcept { count_and_free(p); }
