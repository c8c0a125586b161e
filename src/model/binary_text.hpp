// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_BINARY_TEXT_HPP
#define ONLINK_MODEL_BINARY_TEXT_HPP

#include <onlink/value.hpp>

#include <string>
#include <string_view>

namespace onlink {

/// The types `bin.base64` and `bin.hex` (UDA 2.0, 2.5). Base64 may be broken into lines on receipt; ours is
/// not. Errors: malformed.
result<bytes> parse_base64(std::string_view text);
result<bytes> parse_hex(std::string_view text);
std::string format_base64(bytes const& data);
std::string format_hex(bytes const& data);

} // namespace onlink

#endif
