// SPDX-License-Identifier: BSL-1.0
// The same BinaryLight:1 on onlink. Options: --interface IF --port P --embedded N, as those of the other
// peers; --defaults yes: with the limits that it has by default, which refuse what a benchmark does from one
// address. Runs until SIGTERM or SIGINT, and then says what it has refused: `REFUSED how-often why`.
#include "peers/onlink_light.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>

using onlink_light::make_light;
using onlink_light::make_power;

int main(int argc, char** argv)
try {
    onlink::host_options options;
    unsigned embedded = 0;
    bool defaults = false;
    for (int i = 1; i + 1 < argc; i += 2) {
        std::string_view const word = argv[i];
        if (word == "--interface")
            options.interfaces.emplace_back(argv[i + 1]);
        else if (word == "--port")
            options.port = static_cast<std::uint16_t>(std::atoi(argv[i + 1]));
        else if (word == "--embedded")
            embedded = static_cast<unsigned>(std::atoi(argv[i + 1]));
        else if (word == "--defaults")
            defaults = true;
        else if (word != "--directory")
            return 2;
    }
    if (!defaults)
        options.limits = onlink_light::without_refusals();
    options.policies.families = onlink::ip_families::ipv4_only;

    auto root = make_light(0, make_power());
    for (unsigned number = 1; number <= embedded; ++number)
        root.add(make_light(static_cast<int>(number), make_power()));
    boost::asio::io_context io{1};
    onlink::device_host host{io.get_executor(), root, options};
    host.start();
    std::printf("READY %s\n", host.serving().at(0).location.c_str());
    std::fflush(stdout);
    boost::asio::signal_set quit{io, SIGINT, SIGTERM};
    quit.async_wait([&](auto, int) { host.stop(); });
    io.run();
    auto const refusals = host.snapshot().refusals;
    for (std::size_t i = 0; i < onlink::refusal_reason_count; ++i) {
        auto const reason = static_cast<onlink::refusal_reason>(i);
        if (auto const times = refusals[reason])
            std::printf("REFUSED %llu %s\n", static_cast<unsigned long long>(times),
                        std::string{to_string(reason)}.c_str());
    }
    return 0;
} catch (std::exception const& e) {
    std::fprintf(stderr, "binary_light_onlink: %s\n", e.what());
    return 1;
}
