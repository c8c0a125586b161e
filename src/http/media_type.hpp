// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_MEDIA_TYPE_HPP
#define ONLINK_HTTP_MEDIA_TYPE_HPP

#include <string_view>

namespace onlink {

/// The media type that the extension of a file name stands for, in any case; `application/octet-stream` for
/// one that is unknown.
std::string_view media_type_of(std::string_view file_name) noexcept;

} // namespace onlink

#endif
