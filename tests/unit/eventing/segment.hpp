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

inline std::vector<callback_candidate> candidates(std::vector<std::string> const& urls)
{
    std::vector<callback_candidate> all;
    for (auto const& url : urls)
        all.emplace_back(http_url::parse(url).value());
    return all;
}

/// As the validator admits them at home(), for a SUBSCRIBE of 192.168.20.9 on eth0.
inline std::vector<callback_url> admitted(std::vector<std::string> const& urls)
{
    auto const table = home();
    return segment_validator{callback_admission::same_segment}
        .admit(candidates(urls), *table.find(eth0), ip("192.168.20.9"), table)
        .value();
}

} // namespace onlink::test

#endif
