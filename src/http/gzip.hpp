// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_GZIP_HPP
#define ONLINK_HTTP_GZIP_HPP

#include <string>
#include <string_view>

namespace onlink {

/// The content as a gzip file (RFC 1952) without name or time, so that the same content gives the same bytes.
/// For what is rendered once: it takes some 270 KB of memory while it runs.
std::string gzip(std::string_view content);

} // namespace onlink

#endif
