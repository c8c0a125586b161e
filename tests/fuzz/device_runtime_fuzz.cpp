// SPDX-License-Identifier: BSL-1.0
#include "fuzz/expect.hpp"
#include "support/runtime_script.hpp"

// The whole pure runtime, driven by the input as a script: whatever happens, what must hold holds. A broken
// rule is an exception that nobody catches, and says which.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    onlink::test::runtime_script{onlink::test::as_text(data, size)}.run();
    return 0;
}
