// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_DESCRIPTOR_HPP
#define ONLINK_NET_DESCRIPTOR_HPP

#include <unistd.h>
#include <utility>

namespace onlink {

/// A descriptor of the system's that is closed at the end; -1 for none.
class descriptor {
public:
    explicit descriptor(int number = -1) noexcept : number_(number) {}
    descriptor(descriptor&& other) noexcept : number_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        reset(other.release());
        return *this;
    }
    ~descriptor() { reset(); }

    explicit operator bool() const noexcept { return number_ >= 0; }
    int number() const noexcept { return number_; }
    int release() noexcept { return std::exchange(number_, -1); }
    void reset(int number = -1) noexcept
    {
        if (number_ >= 0)
            ::close(number_);
        number_ = number;
    }

private:
    int number_;
};

} // namespace onlink

#endif
