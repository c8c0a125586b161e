// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_PLAIN_TEXT_HPP
#define ONLINK_MODEL_PLAIN_TEXT_HPP

#include <onlink/value.hpp>

#include <string>
#include <string_view>

namespace onlink {

/// Reads one of the types that are held as text: `char`, `string`, `uri` and `uuid` (UDA 2.0, 2.5). A `uri`
/// has the characters of RFC 3986, and those beyond ASCII, which many write unescaped. A `uuid` may have the
/// prefix `uuid:`, and comes out in lower case without. Errors: malformed, not_utf8.
result<std::string> parse_plain_text(data_type type, std::string_view text);

} // namespace onlink

#endif
