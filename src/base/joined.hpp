// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_JOINED_HPP
#define ONLINK_BASE_JOINED_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace onlink {

/// The parts, one behind another. One function of the library, where a chain of `+` is code wherever it
/// stands.
std::string joined(std::initializer_list<std::string_view> parts);

/// In lower-case hexadecimal digits, with zeros in front up to `width`.
std::string hexadecimal(std::uint64_t number, std::size_t width = 1);

} // namespace onlink

#endif
