// SPDX-License-Identifier: BSL-1.0
// Stands before glibc's allocator, which it calls by the names that glibc has for that. One thread only.
#include "allocations.hpp"

#include <malloc.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

// What glibc has below the names that are counted; it declares them nowhere.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

std::uint64_t count = 0;

} // namespace

namespace onlink::bench {

std::uint64_t allocations() noexcept { return count; }

std::uint64_t bytes_in_use() noexcept
{
    auto const now = ::mallinfo2();
    return now.uordblks + now.hblkhd;
}

std::uint64_t bytes_of_anonymous_pages()
{
    std::uint64_t kib = 0;
    if (auto* const file = std::fopen("/proc/self/smaps_rollup", "r")) {
        for (char line[256]; std::fgets(line, sizeof line, file) != nullptr;)
            if (std::strncmp(line, "Anonymous:", 10) == 0)
                kib = std::strtoul(line + 10, nullptr, 10);
        std::fclose(file);
    }
    return kib * 1024;
}

} // namespace onlink::bench

extern "C" {

void* malloc(std::size_t size) noexcept
{
    ++count;
    return __libc_malloc(size);
}

void* calloc(std::size_t items, std::size_t size) noexcept
{
    ++count;
    return __libc_calloc(items, size);
}

void* realloc(void* old, std::size_t size) noexcept
{
    ++count;
    return __libc_realloc(old, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    ++count;
    return __libc_memalign(alignment, size);
}

int posix_memalign(void** result, std::size_t alignment, std::size_t size) noexcept
{
    ++count;
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

} // extern "C"
