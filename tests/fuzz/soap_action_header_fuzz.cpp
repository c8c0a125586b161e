// SPDX-License-Identifier: BSL-1.0
#include "control/soap_action_header.hpp"
#include "fuzz/expect.hpp"

// Two parts that make up the text again; tolerance adds only the form without quotes.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    auto const text = test::as_text(data, size);
    auto const strict = soap_action_header::parse(text, false);
    auto const lenient = soap_action_header::parse(text, true);
    if (strict)
        test::expect(lenient && '"' + strict->type_uri + '#' + strict->action + '"' == text);
    if (!lenient)
        return 0;
    test::expect(!lenient->type_uri.empty() && !lenient->action.empty());
    auto const bare = lenient->type_uri + '#' + lenient->action;
    test::expect(strict ? '"' + bare + '"' == text : bare == text);
    for (char const c : bare)
        test::expect(c > ' ' && c <= '~' && c != '"');
    return 0;
}
