// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_INSIDE_LIBRARY_HPP
#define ONLINK_TESTS_SUPPORT_INSIDE_LIBRARY_HPP

namespace onlink::test {

/// Whether the thread is within a call of the library, and not in the test that makes it.
inline thread_local bool inside_library = false;

struct library_call {
    library_call() noexcept { inside_library = true; }
    library_call(library_call const&) = delete;
    library_call& operator=(library_call const&) = delete;
    ~library_call() { inside_library = false; }
};

} // namespace onlink::test

#endif
