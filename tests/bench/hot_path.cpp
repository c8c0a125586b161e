// SPDX-License-Identifier: BSL-1.0
// hot_path NAME TURNS [EMBEDDED [SUBSCRIBERS]]: so many turns of one of hot_paths; prints the allocations of
// a turn once everything is warm. tests/bench/instructions has callgrind count the rest.
#include "allocations.hpp"
#include "hot_paths.hpp"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv)
{
    auto const& paths = onlink::bench::hot_paths::all();
    auto const path = argc > 2 ? paths.find(argv[1]) : paths.end();
    if (path == paths.end()) {
        std::fputs("usage: hot_path search|search_type|advertisement|get|soap|event TURNS [EMBEDDED "
                   "[SUBSCRIBERS]]\n",
                   stderr);
        return 2;
    }
    auto const number = [&](int at) {
        return argc > at ? static_cast<std::size_t>(std::strtoul(argv[at], nullptr, 10)) : 0;
    };
    onlink::bench::hot_paths host{number(3), number(4)};
    path->second(host); // what is only done once
    auto const before = onlink::bench::allocations();
    std::size_t bytes = 0;
    auto const turns = number(2);
    for (std::size_t turn = 0; turn < turns; ++turn)
        bytes += path->second(host);
    std::printf("%s: %.2f allocations, %.0f bytes a turn\n", argv[1],
                static_cast<double>(onlink::bench::allocations() - before) / static_cast<double>(turns),
                static_cast<double>(bytes) / static_cast<double>(turns));
    return 0;
}
