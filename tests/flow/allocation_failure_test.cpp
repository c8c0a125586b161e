// SPDX-License-Identifier: BSL-1.0
// Every allocation of the pure runtime made to fail, one after the other, and a few in a row, while scripts
// drive it through all that it does: the host refuses or goes on, and is as good as new the day after. A
// program of its own, as it links heap.cpp.
#include "support/heap.hpp"
#include "support/runtime_script.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace onlink::test {
namespace {

namespace fs = std::filesystem;

/// Sanitizers make it slow: there only every so many allocations fail.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t stride = 29;
#else
constexpr std::uint64_t stride = 1;
#endif

fs::path const seeds{ONLINK_SOURCE_DIR "/tests/fuzz/corpus/device_runtime"};

std::vector<std::string> names()
{
    std::vector<std::string> all;
    for (auto const& entry : fs::directory_iterator{seeds})
        all.push_back(entry.path().filename());
    std::sort(all.begin(), all.end());
    return all;
}

std::string read(std::string const& name)
{
    std::ifstream file{seeds / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

struct allocation_failure : testing::TestWithParam<std::string> {
    ~allocation_failure() override { heap::stop_failing(); }

    /// Whether any failed.
    static bool run(std::string const& bytes, std::uint64_t first, std::uint64_t count)
    {
        runtime_script script{bytes};
        heap::fail(first, count);
        for (bool more = true; more;) {
            try {
                more = script.step();
            } catch (std::bad_alloc const&) {
                script.out_of_memory();
            }
        }
        heap::stop_failing();
        script.prove_well();
        return heap::has_failed();
    }

    static void run_all(std::uint64_t count)
    {
        auto const bytes = read(GetParam());
        std::uint64_t runs = 0;
        for (std::uint64_t first = 0;; first += stride, ++runs) {
            try {
                if (!run(bytes, first, count))
                    break;
            } catch (broken_rule const& broken) {
                heap::stop_failing();
                FAIL() << "allocation " << first << ": " << broken.what();
            }
        }
        EXPECT_GT(runs * stride, 20U) << "a script that does something";
    }
};

TEST_P(allocation_failure, of_one_allocation_costs_no_more_than_what_it_was_for) { run_all(1); }

TEST_P(allocation_failure, of_twenty_in_a_row_is_survived) { run_all(20); }

INSTANTIATE_TEST_SUITE_P(scripts, allocation_failure, testing::ValuesIn(names()),
                         [](auto const& one) { return one.param; });

} // namespace
} // namespace onlink::test
