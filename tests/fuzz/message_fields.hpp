// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_FUZZ_MESSAGE_FIELDS_HPP
#define ONLINK_TESTS_FUZZ_MESSAGE_FIELDS_HPP

#include "base/ascii.hpp"
#include "http/http_message.hpp"

#include <algorithm>
#include <string_view>

namespace onlink::test {

/// A message as the golden ones have it, so that they are seeds as they are: a first line, lines
/// `name: value`, an empty line, a body. What is neither is left out; the length of the body is not looked
/// at.
inline http_request read_message(std::string_view text)
{
    http_request request;
    auto const line = [&text] {
        auto const end = std::min(text.find('\n'), text.size());
        auto const found = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        return ascii::trim(found.substr(0, found.find('\r')));
    };
    auto const first = line();
    request.method_text = first.substr(0, first.find(' '));
    while (!text.empty()) {
        auto const next = line();
        if (next.empty())
            break;
        if (auto const colon = next.find(':'); colon != next.npos)
            request.fields.add(next.substr(0, colon), ascii::trim(next.substr(colon + 1)));
    }
    request.body = text;
    return request;
}

} // namespace onlink::test

#endif
