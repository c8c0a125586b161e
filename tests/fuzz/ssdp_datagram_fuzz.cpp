// SPDX-License-Identifier: BSL-1.0
#include "fuzz/expect.hpp"
#include "ssdp/search_request.hpp"

// A search that is accepted has a target that means what it says and a window that ends; what is good enough
// for the group is good enough by unicast.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    using namespace onlink;
    limits::ssdp_limits const bounds;
    auto const datagram = test::as_text(data, size);
    auto const message = ssdp_message::parse(datagram, bounds.max_headers);
    if (!message)
        return 0;
    test::expect(ssdp_message::looks_like_search(datagram));
    auto const unicast = search_request::parse(*message, false, bounds);
    auto const multicast = search_request::parse(*message, true, bounds);
    test::expect(unicast || !multicast);
    if (unicast) {
        test::expect(unicast->window == bounds.unicast_answer_window);
        test::expect(parse_search_target(to_string(unicast->target)).value() == unicast->target);
        test::expect(message->one("MAN") == "\"ssdp:discover\"");
    }
    if (multicast)
        test::expect(multicast->window > duration{0} && multicast->window < bounds.max_mx);
    return 0;
}
