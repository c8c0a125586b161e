// SPDX-License-Identifier: BSL-1.0
#include "eventing/callback_header.hpp"

#include "base/ascii.hpp"

namespace onlink {

result<std::vector<callback_candidate>> parse_callback_header(std::string_view text,
                                                              limits::eventing_limits const& bounds)
{
    std::vector<callback_candidate> candidates;
    text = ascii::trim(text);
    do {
        if (text.empty() || text.front() != '<')
            return errc::malformed;
        auto const end = text.find('>');
        if (end == text.npos)
            return errc::malformed;
        auto const url_text = text.substr(1, end - 1);
        if (url_text.size() > bounds.max_callback_length || candidates.size() == bounds.max_callbacks)
            return errc::too_large;
        auto url = http_url::parse(url_text);
        if (!url)
            return url.error();
        candidates.emplace_back(*std::move(url));
        text = ascii::trim(text.substr(end + 1));
    } while (!text.empty());
    return candidates;
}

} // namespace onlink
