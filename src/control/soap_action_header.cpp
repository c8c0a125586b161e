// SPDX-License-Identifier: BSL-1.0
#include "control/soap_action_header.hpp"

namespace onlink {

result<soap_action_header> soap_action_header::parse(std::string_view text, bool accept_unquoted)
{
    bool const quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    if (quoted)
        text = text.substr(1, text.size() - 2);
    else if (!accept_unquoted)
        return errc::malformed;

    auto const hash = text.find('#');
    if (hash == text.npos || hash == 0 || hash + 1 == text.size())
        return errc::malformed;
    soap_action_header header{std::string{text.substr(0, hash)}, std::string{text.substr(hash + 1)}};
    for (char const c : text)
        if (c <= ' ' || c > '~' || c == '"')
            return errc::malformed;
    if (header.action.find('#') != std::string::npos)
        return errc::malformed;
    return header;
}

} // namespace onlink
