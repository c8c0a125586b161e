// SPDX-License-Identifier: BSL-1.0
// Asio takes memory for coroutines and operations by std::aligned_alloc(), and gives it back by std::free().
// The linker's --wrap puts these in between, which a sanitizer's own allocator does not mind.
#include "support/heap.hpp"

#include <cstddef>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <new>
#include <set>

extern "C" {
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);
void __real_free(void* p);
}

namespace {

/// Of which heap.cpp knows nothing.
template <class T>
struct uncounted {
    using value_type = T;

    uncounted() = default;
    template <class U>
    uncounted(uncounted<U> const&) noexcept
    {}
    T* allocate(std::size_t count) { return static_cast<T*>(std::malloc(count * sizeof(T))); }
    void deallocate(T* p, std::size_t) noexcept { __real_free(p); }
    friend bool operator==(uncounted const&, uncounted const&) = default;
};

/// free() is others' as well.
struct register_of_asio {
    std::mutex lock;
    std::set<void*, std::less<>, uncounted<void*>> all;
};

/// From the first call to the last, whatever is static.
register_of_asio& taken()
{
    static auto* const all = new (std::malloc(sizeof(register_of_asio))) register_of_asio;
    return *all;
}

} // namespace

extern "C" {

void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size)
{
    void* const p = __real_aligned_alloc(alignment, size);
    if (p) {
        onlink::test::heap::count_in(p);
        std::scoped_lock const locked{taken().lock};
        taken().all.insert(p);
    }
    return p;
}

void __wrap_free(void* p)
{
    {
        std::scoped_lock const locked{taken().lock};
        if (taken().all.erase(p) != 0)
            onlink::test::heap::count_out(p);
    }
    __real_free(p);
}

} // extern "C"
