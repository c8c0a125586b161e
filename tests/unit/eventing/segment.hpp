// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_UNIT_EVENTING_SEGMENT_HPP
#define ONLINK_TESTS_UNIT_EVENTING_SEGMENT_HPP

#include "eventing/segment_validator.hpp"

#include <string>
#include <vector>

namespace onlink::test {

inline address ip(std::string const& text) { return boost::asio::ip::make_address(text); }

inline network_interface interface_with(unsigned index, std::string name,
                                        std::vector<interface_address> addresses)
{
    bool const loopback = name == "lo";
    return {.index = index,
            .name = std::move(name),
            .up = true,
            .multicast = !loopback,
            .loopback = loopback,
            .addresses = std::move(addresses)};
}

constexpr unsigned lo = 1;
constexpr unsigned eth0 = 2;
constexpr unsigned eth1 = 3;

/// The device is at 192.168.20.5 on eth0; eth1 leads to another segment.
inline interface_table home()
{
    return interface_table{{interface_with(lo, "lo", {{ip("127.0.0.1"), 8}, {ip("::1"), 128}}),
                            interface_with(eth0, "eth0", {{ip("192.168.20.5"), 24}, {ip("fe80::5%2"), 64}}),
                            interface_with(eth1, "eth1", {{ip("10.8.0.1"), 16}})}};
}

/// A request of `requester` that came in on that interface, at the first address of the requester's family.
inline ingress request_on(interface_table const& table, unsigned index, std::string const& requester)
{
    ingress at{index, {}, ip(requester)};
    if (auto const* interface = table.find(index))
        for (auto const& own : interface->addresses)
            if (own.address.is_v4() == at.requester.is_v4()) {
                at.local = own.address;
                break;
            }
    return at;
}

inline callback_candidate candidate(std::string const& url) { return callback_candidate::parse(url).value(); }

inline std::vector<callback_candidate> candidates(std::vector<std::string> const& urls)
{
    std::vector<callback_candidate> all;
    for (auto const& url : urls)
        all.push_back(candidate(url));
    return all;
}

/// As the validator admits them at home(), for a SUBSCRIBE of 192.168.20.9 on eth0.
inline std::vector<callback_url> admitted(std::vector<std::string> const& urls)
{
    auto const table = home();
    auto const at = request_on(table, eth0, "192.168.20.9");
    std::vector<callback_url> all;
    for (auto const& url : urls)
        all.push_back(segment_validator{policies{}}.admit(table, at, candidate(url)).value());
    return all;
}

} // namespace onlink::test

#endif
