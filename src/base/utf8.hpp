// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_UTF8_HPP
#define ONLINK_BASE_UTF8_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onlink {

/// Whether XML 1.0 allows the code point (its production Char).
bool is_xml_char(std::uint32_t code_point) noexcept;

/// Whether the text is UTF-8 (shortest forms, no surrogates) and has only characters that XML 1.0 allows
/// (is_xml_char()): no NUL, no control characters but tab, CR and LF, no U+FFFE and U+FFFF.
bool is_xml_text(std::string_view text) noexcept;

/// How many bytes from the beginning are such a text: all of it, or up to the first character that is none.
std::size_t xml_text_length(std::string_view text) noexcept;

/// Number of code points in a text for which is_xml_text() holds.
std::size_t count_code_points(std::string_view text) noexcept;

} // namespace onlink

#endif
