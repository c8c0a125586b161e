// SPDX-License-Identifier: BSL-1.0
#include "fuzz/expect.hpp"
#include "support/golden.hpp"
#include "support/heap.hpp"
#include "support/runtime_script.hpp"

#include <filesystem>

namespace {

using onlink::test::runtime_script;

// What the script holds itself, a device that it adds, and what is built when first asked for.
constexpr std::size_t of_the_script = 64 << 10;

// Without what the shell holds for the runtime, and a request that is being read.
std::size_t ceiling()
{
    auto all = runtime_script::tight_limits().worst_case();
    all.connections = 0;
    all.transfers = 0;
    all.request = 0;
    return all.total() + of_the_script;
}

} // namespace

// oss_fuzz_build.sh puts the golden messages beside the program.
extern "C" int LLVMFuzzerInitialize(int*, char*** argv)
{
    auto const beside = std::filesystem::path{**argv}.parent_path() / "wire";
    if (std::filesystem::exists(beside))
        onlink::test::golden_folder() = beside.string();
    return 0;
}

// The whole pure runtime, driven by the input as a script: whatever happens, what must hold holds, and what
// it holds stays under the ceiling. A broken rule is an exception that nobody catches, and says which.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    namespace heap = onlink::test::heap;
    static auto const most = ceiling();
    runtime_script script{onlink::test::as_text(data, size)};
    auto const idle = heap::live_bytes();
    script.run([idle] { onlink::test::expect(heap::live_bytes() <= idle + most); });
    return 0;
}
