// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_EVENTING_CALLBACK_HEADER_HPP
#define ONLINK_EVENTING_CALLBACK_HEADER_HPP

#include "url/http_url.hpp"

#include <onlink/limits.hpp>
#include <onlink/observer.hpp>

#include <boost/system/result.hpp>

#include <string_view>
#include <vector>

namespace onlink {

/// What became of a delivery URL, or why it was refused: one of refusal_reason::callback_*.
template <class T>
using callback_result = boost::system::result<T, refusal_reason>;

[[noreturn]] void throw_exception_from_error(refusal_reason const& reason, boost::source_location const&);

/// A delivery URL that a control point named, and nobody has judged. It can be shown to the segment
/// validator; nothing else takes it.
class callback_candidate {
public:
    /// `text` without its angle brackets. Errors: callback_malformed, callback_scheme, callback_not_literal,
    /// callback_port.
    static callback_result<callback_candidate> parse(std::string_view text);

    http_url const& url() const noexcept { return url_; }

private:
    explicit callback_candidate(http_url const& url) noexcept : url_(url) {}
    friend class callback_url;

    http_url url_;
};

/// Reads CALLBACK: one or more `<http://...>`, blanks between them allowed (UDA 2.0, 4.1.2). One bad URL
/// spoils the header: a list that names a victim is no more welcome for also naming a friend.
/// Errors: as for one candidate; callback_too_long, callback_too_many.
callback_result<std::vector<callback_candidate>> parse_callback_header(std::string_view text,
                                                                       limits::eventing_limits const& bounds);

} // namespace onlink

#endif
