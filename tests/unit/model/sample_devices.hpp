// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_UNIT_MODEL_SAMPLE_DEVICES_HPP
#define ONLINK_TESTS_UNIT_MODEL_SAMPLE_DEVICES_HPP

#include <onlink/device.hpp>

#include <string>

namespace onlink::test {

/// `uuid:00000000-0000-0000-0000-00000000000N`
inline udn sample_udn(std::uint8_t n)
{
    udn::bytes_type octets{};
    octets[15] = n;
    return udn{octets};
}

inline device_description sample_description(std::uint8_t n)
{
    using namespace literals;
    return {.type = "urn:schemas-upnp-org:device:Basic:1"_device_type,
            .udn = sample_udn(n),
            .friendly_name = "Box " + std::to_string(n),
            .manufacturer = "Example",
            .model_name = "B1"};
}

inline service_identity sample_identity(std::string const& id, service_paths paths = {})
{
    return {service_type::parse("urn:example-com:service:" + id + ":1").value(),
            service_id::parse("urn:example-com:serviceId:" + id).value(), std::move(paths)};
}

/// A service with one evented variable and one action, `Act`, without arguments.
inline service sample_service(std::string const& id, service_paths paths = {})
{
    service s{sample_identity(id, std::move(paths)),
              scpd::build().state("Level", data_type::ui1).action("Act").done().value()};
    s.on("Act", [] {});
    return s;
}

} // namespace onlink::test

#endif
