// SPDX-License-Identifier: BSL-1.0
//
// A doorbell: its button is a multicast state variable.
//
//     doorbell --interface NAME [--port N] [--uuid UUID] [--name TEXT]
//
// Each line of its standard input is somebody at the door: the text becomes the visitor's name.
#include <onlink/onlink.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>

#include <functional>
#include <iostream>
#include <string>

#include <unistd.h>

using namespace onlink::literals;
namespace asio = boost::asio;

int main(int argc, char** argv)
try {
    onlink::host_options options;
    onlink::udn name = "uuid:2fac1234-31f8-11b4-a222-08002b34c0db"_udn;
    std::string friendly_name = "Doorbell";
    for (int i = 1; i + 1 < argc; i += 2) {
        std::string const word = argv[i];
        std::string const operand = argv[i + 1];
        if (word == "--interface")
            options.interfaces.push_back(operand);
        else if (word == "--port")
            options.port = static_cast<std::uint16_t>(std::stoi(operand));
        else if (word == "--uuid")
            name = onlink::udn::parse("uuid:" + operand).value();
        else if (word == "--name")
            friendly_name = operand;
    }

    onlink::service button{{.type = "urn:example-com:service:Button:1"_service_type,
                            .id = "urn:example-com:serviceId:Button"_service_id},
                           onlink::scpd::build()
                               .state("Visitor", onlink::data_type::string, {.multicast = true})
                               .state("Rings", onlink::data_type::ui4, {.multicast = true})
                               .done()
                               .value()};
    button.event_level("Rings", "upnp:/info");
    auto const visitor = button.variable<std::string>("Visitor");
    auto const rings = button.variable<std::uint32_t>("Rings");

    onlink::device bell{{.type = "urn:example-com:device:Doorbell:1"_device_type,
                         .udn = name,
                         .friendly_name = friendly_name,
                         .manufacturer = "Example",
                         .model_name = "DB-1"}};
    bell.add(button);
    asio::io_context io{1};
    onlink::device_host host{io.get_executor(), bell, options};
    host.start();
    for (auto const& at : host.serving())
        std::cout << "on " << at.interface_name << ' ' << at.address.to_string() << ": " << at.location
                  << std::endl;

    asio::posix::stream_descriptor input{io, ::dup(STDIN_FILENO)};
    std::string text;
    std::function<void()> listen = [&] {
        asio::async_read_until(input, asio::dynamic_buffer(text, 4096), '\n', [&](auto ec, std::size_t size) {
            if (ec)
                return;
            visitor = text.substr(0, size - 1);
            rings = rings + 1;
            text.erase(0, size);
            listen();
        });
    };
    listen();
    asio::signal_set quit{io, SIGINT, SIGTERM};
    quit.async_wait([&](auto, int) {
        input.close();
        host.stop();
    });
    std::cout << "ready" << std::endl;
    io.run();
    std::cout << "goodbye" << std::endl;
} catch (std::exception const& e) {
    std::cerr << "doorbell: " << e.what() << '\n';
    return 1;
}
