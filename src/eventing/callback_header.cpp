// SPDX-License-Identifier: BSL-1.0
#include "eventing/callback_header.hpp"

#include "base/ascii.hpp"

#include <stdexcept>
#include <string>

namespace onlink {

namespace {

refusal_reason reason_of(boost::system::error_code const& e)
{
    if (e == errc::host_not_literal)
        return refusal_reason::callback_not_literal;
    if (e == errc::unsupported)
        return refusal_reason::callback_scheme;
    if (e == errc::out_of_range)
        return refusal_reason::callback_port;
    return refusal_reason::callback_malformed;
}

} // namespace

callback_result<callback_candidate> callback_candidate::parse(std::string_view text)
{
    auto url = http_url::parse(text);
    if (!url)
        return reason_of(url.error());
    return callback_candidate{*url};
}

callback_result<std::vector<callback_candidate>> parse_callback_header(std::string_view text,
                                                                       limits::eventing_limits const& bounds)
{
    std::vector<callback_candidate> candidates;
    text = ascii::trim(text);
    do {
        if (text.empty() || text.front() != '<')
            return refusal_reason::callback_malformed;
        auto const end = text.find('>');
        if (end == text.npos)
            return refusal_reason::callback_malformed;
        auto const url_text = text.substr(1, end - 1);
        if (candidates.size() == bounds.max_callbacks)
            return refusal_reason::callback_too_many;
        if (url_text.size() > bounds.max_callback_length)
            return refusal_reason::callback_too_long;
        auto candidate = callback_candidate::parse(url_text);
        if (!candidate)
            return candidate.error();
        candidates.push_back(*std::move(candidate));
        text = ascii::trim(text.substr(end + 1));
    } while (!text.empty());
    return candidates;
}

void throw_exception_from_error(refusal_reason const& reason, boost::source_location const&)
{
    throw std::runtime_error{std::string{to_string(reason)}};
}

} // namespace onlink
