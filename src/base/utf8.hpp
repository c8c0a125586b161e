// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_BASE_UTF8_HPP
#define ONLINK_BASE_UTF8_HPP

#include <cstddef>
#include <optional>
#include <string_view>

namespace onlink {

/// Whether the text is UTF-8 (shortest forms, no surrogates) and has only characters that XML 1.0 allows
/// (its production Char): no NUL, no control characters but tab, CR and LF, no U+FFFE and U+FFFF.
bool is_xml_text(std::string_view text) noexcept;

/// Number of code points in a text for which is_xml_text() holds.
std::size_t count_code_points(std::string_view text) noexcept;

} // namespace onlink

#endif
