// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_UNIT_SSDP_TREES_HPP
#define ONLINK_TESTS_UNIT_SSDP_TREES_HPP

#include "model/device_tree.hpp"
#include "ssdp/advertisement_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onlink::test {

/// Different for each number.
inline udn numbered_udn(std::uint8_t number, std::uint8_t group = 0)
{
    return udn{
        {0x2f, 0xac, 0x12, 0x34, 0x31, 0xf8, 0x41, 0xb4, 0xa2, 0x22, 0x08, 0x00, 0x2b, 0x34, group, number}};
}

/// A service of that type with nothing to say.
inline service plain_service(std::string const& type, unsigned number)
{
    return {{.type = service_type::parse(type).value(),
             .id = service_id::parse("urn:example-com:serviceId:S" + std::to_string(number)).value()},
            scpd::build().state("Level", data_type::ui1).done().value()};
}

inline device plain_device(std::string const& type, udn const& name,
                           std::vector<std::string> const& services = {})
{
    device d{{.type = device_type::parse(type).value(),
              .udn = name,
              .friendly_name = "Hall Lamp",
              .manufacturer = "Example Lamps",
              .model_name = "CL-1"}};
    for (unsigned number = 0; number < services.size(); ++number)
        d.add(plain_service(services[number], number));
    return d;
}

inline std::string make_usn(udn const& device, search_target const& target)
{
    std::string usn;
    append_usn(usn, device, target);
    return usn;
}

} // namespace onlink::test

#endif
