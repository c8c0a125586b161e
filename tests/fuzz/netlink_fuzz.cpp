// SPDX-License-Identifier: BSL-1.0
#include "fuzz/expect.hpp"
#include "netlink/rtnetlink_decoder.hpp"

#include <algorithm>

// The last byte says where the messages are cut in two.
// Whatever the kernel, or somebody in its name, says: the limits hold, and what comes out is a segment.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    if (size == 0)
        return 0;
    limits::interface_limits bounds;
    bounds.max_known_interfaces = 3;
    bounds.max_addresses = 3;
    bounds.max_routes = 3;
    bounds.max_neighbours = 3;
    auto const text = test::as_text(data, size - 1);
    std::size_t const first = std::min<std::size_t>(data[size - 1] * 16U, text.size());

    rtnetlink_decoder decoder{bounds};
    decoder.feed(text.substr(0, first), 1); // as if it had come in two buffers
    decoder.feed(text.substr(first), 1);
    auto const table = decoder.take();
    test::expect(table.all().size() <= bounds.max_known_interfaces);
    test::expect(table.neighbours().size() <= bounds.max_neighbours);
    for (auto const& interface : table.all()) {
        test::expect(interface.index != 0 && !interface.name.empty() && interface.name.size() < 16);
        test::expect(interface.addresses.size() <= bounds.max_addresses);
        test::expect(interface.routes.size() <= bounds.max_routes);
        test::expect(table.find(interface.index) == &interface);
        for (auto const& own : interface.addresses)
            test::expect(interface.on_segment(own.address) && table.is_own(own.address));
        for (auto const& prefix : interface.segment())
            test::expect(is_segment_sized(prefix));
    }
    concerns_interfaces(text, (data[size - 1] & 1) != 0);
    return 0;
}
