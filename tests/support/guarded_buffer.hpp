// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_GUARDED_BUFFER_HPP
#define ONLINK_TESTS_SUPPORT_GUARDED_BUFFER_HPP

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <new>
#include <string_view>

namespace onlink::test {

/// A copy of a text that ends where an unreadable page begins: reading one byte too far ends the test at
/// once, with or without a sanitizer.
class guarded_buffer {
public:
    explicit guarded_buffer(std::string_view content)
    {
        auto const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        std::size_t const readable = (content.size() / page + 1) * page;
        mapped_ = readable + page;
        base_ = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (base_ == MAP_FAILED)
            throw std::bad_alloc{};
        char* const end = static_cast<char*>(base_) + readable;
        ::mprotect(end, page, PROT_NONE);
        char* const begin = end - content.size();
        if (!content.empty())
            std::memcpy(begin, content.data(), content.size());
        view_ = {begin, content.size()};
    }
    guarded_buffer(guarded_buffer const&) = delete;
    guarded_buffer& operator=(guarded_buffer const&) = delete;
    ~guarded_buffer() { ::munmap(base_, mapped_); }

    std::string_view view() const noexcept { return view_; }

private:
    void* base_ = nullptr;
    std::size_t mapped_ = 0;
    std::string_view view_;
};

} // namespace onlink::test

#endif
