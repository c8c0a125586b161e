// SPDX-License-Identifier: BSL-1.0
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <onlink/onlink.hpp>

using namespace onlink::literals;

int main()
{
    onlink::service power{{.type = "urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
                           .id = "urn:upnp-org:serviceId:SwitchPower"_service_id},
                          onlink::scpd::load_file("SwitchPower1.xml").value()};
    auto const target = power.variable<bool>("Target"); // as the SCPD declares them
    auto const status = power.variable<bool>("Status");
    power.on("SetTarget", [=](bool on) {
        target = on;
        status = on; // evented: subscribers hear it
    });
    power.on("GetTarget", [=] { return target.get(); });
    power.on("GetStatus", [=] { return status.get(); });

    onlink::device light{{.type = "urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                          .udn = "uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn,
                          .friendly_name = "Kitchen light",
                          .manufacturer = "Example",
                          .model_name = "Bulb"}};
    light.add(power);

    boost::asio::io_context io;
    onlink::device_host host{io.get_executor(), light}; // throws if anything does not fit together
    host.start();
    boost::asio::signal_set quit{io, SIGINT, SIGTERM};
    quit.async_wait([&](auto, int) { host.stop(); }); // says byebye, then run() returns
    io.run();
}
