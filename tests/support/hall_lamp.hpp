// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_TESTS_SUPPORT_HALL_LAMP_HPP
#define ONLINK_TESTS_SUPPORT_HALL_LAMP_HPP

#include "support/png.hpp"

#include <onlink/device_description.hpp>
#include <onlink/scpd.hpp>
#include <onlink/service.hpp>

// The device of the golden messages: a BinaryLight:1 with one vendor service.
namespace onlink::test {

inline scpd switch_power_contract()
{
    return scpd::build()
        .state("Target", data_type::boolean, {.evented = false, .initial = false})
        .state("Status", data_type::boolean, {.initial = false})
        .action("SetTarget")
        .in("newTargetValue", "Target")
        .action("GetTarget")
        .out("RetTargetValue", "Target")
        .action("GetStatus")
        .out("ResultStatus", "Status")
        .done()
        .value();
}

inline service_identity switch_power_identity()
{
    using namespace literals;
    return {.type = "urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
            .id = "urn:upnp-org:serviceId:SwitchPower:1"_service_id,
            .paths = {"/sp/scpd.xml", "/sp/control", "/sp/event"}};
}

inline scpd lamp_health_contract()
{
    return scpd::build()
        .state("LampState", data_type::string,
               {.multicast = true, .initial = "OK", .allowed_values = {"OK", "BURNT_OUT"}})
        .done()
        .value();
}

inline service_identity lamp_health_identity()
{
    using namespace literals;
    return {.type = "urn:example-com:service:LampHealth:1"_service_type,
            .id = "urn:example-com:serviceId:LampHealth"_service_id,
            .paths = {"/lh/scpd.xml", "/lh/control", "/lh/event"}};
}

inline device_description hall_lamp_description()
{
    using namespace literals;
    return {.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
            .udn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6"_udn,
            .friendly_name = "Hall Lamp",
            .manufacturer = "Example Lamps",
            .manufacturer_url = "http://www.example.com/",
            .model_description = "Ceiling lamp, one relay",
            .model_name = "CL-1",
            .model_number = "1.2",
            .model_url = "http://www.example.com/cl1",
            .serial_number = "000417",
            .icons = {{.mimetype = "image/png",
                       .width = 48,
                       .height = 48,
                       .depth = 24,
                       .path = "/icon48.png",
                       .data = png(48, 48)}},
            .presentation_url = "/ui/",
            .description_path = "/desc.xml"};
}

} // namespace onlink::test

#endif
