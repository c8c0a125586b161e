// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_CALLBACK_HEADER_HPP
#define ONLINK_EVENTING_CALLBACK_HEADER_HPP

#include "url/http_url.hpp"

#include <onlink/error.hpp>
#include <onlink/limits.hpp>

#include <string_view>
#include <vector>

namespace onlink {

/// A delivery URL that a control point named, and nobody has judged. It can be shown to the segment
/// validator; nothing else takes it.
class callback_candidate {
public:
    explicit callback_candidate(http_url url) : url_(std::move(url)) {}
    http_url const& url() const noexcept { return url_; }

private:
    http_url url_;
};

/// Reads CALLBACK: one or more `<http://...>`, blanks between them allowed (UDA 2.0, 4.1.2). One bad URL
/// spoils the header: a list that names a victim is no more welcome for also naming a friend.
/// Errors: malformed, unsupported (not http), host_not_literal, out_of_range (port), too_large (number or
/// length).
result<std::vector<callback_candidate>> parse_callback_header(std::string_view text,
                                                              limits::eventing_limits const& bounds);

} // namespace onlink

#endif
