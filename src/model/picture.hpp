// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_MODEL_PICTURE_HPP
#define ONLINK_MODEL_PICTURE_HPP

#include <onlink/error.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace onlink {

/// What the head of a picture says of it.
struct picture_facts {
    std::string_view mimetype; ///< `image/png` or `image/jpeg`
    unsigned width = 0;        ///< pixels
    unsigned height = 0;       ///< pixels
    unsigned depth = 0;        ///< bits per pixel
};

/// Reads the head of a PNG or a JPEG. Errors: unsupported (neither of them), malformed (its head is cut or
/// broken).
result<picture_facts> read_picture(std::span<std::byte const> picture);

} // namespace onlink

#endif
