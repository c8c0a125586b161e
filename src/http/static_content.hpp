// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HTTP_STATIC_CONTENT_HPP
#define ONLINK_HTTP_STATIC_CONTENT_HPP

#include "http/selected_part.hpp"

#include <memory>
#include <optional>
#include <string>

namespace onlink {

/// A body that stays the same, and what all answers with it have in common: rendered once, and sent from
/// where it lies.
struct static_content {
    struct form {
        std::shared_ptr<std::string const> body;
        content_facts facts; ///< for conditions
        /// Field lines: CONTENT-TYPE, ETAG, CONTENT-LENGTH, and what belongs to the encoding.
        std::shared_ptr<std::string const> fields;
    };

    form plain;
    /// Compressed by gzip, for clients that ask (UDA 2.0, 2.1); absent where it would save nothing.
    std::optional<form> zipped;

    /// `content_type` has to be on one line. With `compress` off there is no zipped form.
    static static_content of(std::string body, std::string const& content_type, bool compress);
};

} // namespace onlink

#endif
