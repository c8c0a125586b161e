// SPDX-License-Identifier: BSL-1.0
#include "fuzz/expect.hpp"
#include "http/response_parser.hpp"

// A status, once it is known, does not change with what follows; and a limit that is exceeded stays so.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    constexpr std::size_t max_header = 256;
    auto const bytes = test::as_text(data, size);
    auto const half = read_response(bytes.substr(0, size / 2), max_header);
    auto const whole = read_response(bytes, max_header);
    if (whole && *whole)
        test::expect((*whole)->status >= 101 && (*whole)->status <= 599);
    if (half && *half)
        test::expect(whole && *whole && (*whole)->status == (*half)->status);
    if (!half)
        test::expect(!whole);
    return 0;
}
