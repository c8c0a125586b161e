// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_FUZZ_EXPECT_HPP
#define ONLINK_TESTS_FUZZ_EXPECT_HPP

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace onlink::test {

/// Ends the run, so that the fuzzer keeps the input; unlike assert() in every kind of build.
inline void expect(bool holds)
{
    if (!holds)
        std::abort();
}

inline std::string_view as_text(std::uint8_t const* data, std::size_t size)
{
    return {reinterpret_cast<char const*>(data), size};
}

} // namespace onlink::test

#endif
