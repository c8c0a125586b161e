// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_AT_EXIT_HPP
#define ONLINK_BASE_AT_EXIT_HPP

#include <utility>

namespace onlink {

/// Does something at the end of its scope, however that is left. `F` throws nothing.
template <class F>
class at_exit {
public:
    explicit at_exit(F f) noexcept : f_(std::move(f)) {}
    at_exit(at_exit const&) = delete;
    at_exit& operator=(at_exit const&) = delete;
    ~at_exit() { f_(); }

private:
    F f_;
};

} // namespace onlink

#endif
