// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_CONTENT_TYPE_HPP
#define ONLINK_HTTP_CONTENT_TYPE_HPP

#include <string_view>

namespace onlink {

/// Whether a CONTENT-TYPE is `text/xml` in UTF-8 (UDA 2.0, 3.2.1): with or without a charset, which may be
/// quoted or not and in any case. US-ASCII is UTF-8 as well; any other charset is not.
bool is_utf8_xml(std::string_view content_type);

} // namespace onlink

#endif
