// SPDX-License-Identifier: BSL-1.0
// The hot paths of the core by Google Benchmark: nanoseconds a turn, and how they grow.
#include "hot_paths.hpp"

#include <benchmark/benchmark.h>

namespace {

using onlink::bench::hot_paths;

template <std::size_t (hot_paths::*Path)()>
void turns(benchmark::State& state)
{
    hot_paths host{static_cast<std::size_t>(state.range(0)), static_cast<std::size_t>(state.range(1))};
    std::size_t bytes = 0;
    for (auto _ : state)
        bytes += (host.*Path)();
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

} // namespace

// Embedded devices, subscribers.
BENCHMARK(turns<&hot_paths::advertisement>)->Name("advertisement")->Args({0, 0});
BENCHMARK(turns<&hot_paths::search>)->Name("search")->Args({0, 0})->Args({1000, 0});
BENCHMARK(turns<&hot_paths::search_type>)->Name("search_type")->Args({0, 0})->Args({1000, 0});
BENCHMARK(turns<&hot_paths::get_description>)->Name("get")->Args({0, 0})->Args({1000, 0});
BENCHMARK(turns<&hot_paths::soap>)->Name("soap")->Args({0, 0})->Args({1000, 0});
BENCHMARK(turns<&hot_paths::event>)->Name("event")->Args({0, 1})->Args({0, 100})->Args({0, 1000});

BENCHMARK_MAIN();
