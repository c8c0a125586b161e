// SPDX-License-Identifier: BSL-1.0
#include "http/route.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace onlink::literals;

hosted_device hosted(device_type type, udn name, std::string path, std::vector<icon> icons = {})
{
    hosted_device d{.description = {.type = std::move(type), .udn = name}};
    d.description.description_path = std::move(path);
    d.description.icons = std::move(icons);
    return d;
}

// Two roots, one device embedded in the first.
device_tree tree()
{
    device_tree t;
    bytes const picture{std::byte{1}};
    t.devices.push_back(hosted("urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                               "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c6"_udn, "/desc.xml",
                               {{.mimetype = "image/png", .path = "/elsewhere.png"},
                                {.mimetype = "image/png", .path = "/icon48.png", .data = picture}}));
    t.devices.push_back(hosted("urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                               "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c7"_udn, "",
                               {{.mimetype = "image/png", .path = "/inner.png", .data = picture}}));
    t.devices.push_back(hosted("urn:schemas-upnp-org:device:BinaryLight:1"_device_type,
                               "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c8"_udn, "/second.xml"));
    t.roots = {0, 2};
    for (std::string const name : {"/sp", "/lh"})
        t.services.push_back({service{{"urn:schemas-upnp-org:service:SwitchPower:1"_service_type,
                                       "urn:upnp-org:serviceId:SwitchPower"_service_id},
                                      scpd::build().state("Status", data_type::boolean).done().value()},
                              {name + "/scpd.xml", name + "/control", name + "/event"}});
    return t;
}

TEST(route, DESC_01_finds_documents)
{
    route_table const table{tree()};
    EXPECT_EQ(table.find("/desc.xml"), route{description_route{0}});
    EXPECT_EQ(table.find("/second.xml"), route{description_route{2}});
}

TEST(route, finds_the_resources_of_each_service)
{
    route_table const table{tree()};
    EXPECT_EQ(table.find("/sp/scpd.xml"), route{scpd_route{0}});
    EXPECT_EQ(table.find("/sp/control"), route{control_route{0}});
    EXPECT_EQ(table.find("/lh/event"), route{event_route{1}});
    EXPECT_EQ(table.find("/sp"), std::nullopt);
}

TEST(route, finds_the_icons_that_are_served_here)
{
    route_table const table{tree()};
    EXPECT_EQ(table.find("/icon48.png"), (route{icon_route{0, 1}}));
    EXPECT_EQ(table.find("/inner.png"), (route{icon_route{1, 0}}));
    EXPECT_EQ(table.find("/elsewhere.png"), std::nullopt);
}

TEST(route, CTRL_21_finds_nothing_else)
{
    route_table const table{tree()};
    for (std::string_view const path : {"", "/", "/desc", "/desc.xml/", "/desc.xmlx", "//desc.xml",
                                        "/DESC.XML", "*", "desc.xml", "/../etc/passwd"})
        EXPECT_EQ(table.find(path), std::nullopt) << path;
    EXPECT_EQ(route_table{device_tree{}}.find("/desc.xml"), std::nullopt);
}

boost::asio::awaitable<void> nothing(web_exchange&) { co_return; }

TEST(route, DESC_80_what_the_application_serves_by_the_longest_path_that_fits)
{
    web_content const web{.files = {{"/ui/", "text/html", ""}},
                          .folders = {{"/files/", "/srv"}, {"/files/music/", "/music"}},
                          .routes = {{"/print", {"POST"}, nothing}, {"/files/live/", {"GET"}, nothing}}};
    route_table const table{tree(), web};
    EXPECT_EQ(table.find("/ui/"), route{web_file_route{0}});
    EXPECT_EQ(table.find("/ui/x"), std::nullopt);
    EXPECT_EQ(table.find("/files/"), route{web_folder_route{0}});
    EXPECT_EQ(table.find("/files/music"), route{web_folder_route{0}});
    EXPECT_EQ(table.find("/files/music/a"), route{web_folder_route{1}});
    EXPECT_EQ(table.find("/files/live/tv"), route{web_handler_route{1}});
    EXPECT_EQ(table.find("/files"), std::nullopt);
    EXPECT_EQ(table.find("/print"), route{web_handler_route{0}});
    EXPECT_EQ(table.find("/print/x"), std::nullopt);
    EXPECT_EQ(table.find("/desc.xml"), route{description_route{0}});
}

TEST(route, a_path_of_a_device_is_a_clash)
{
    EXPECT_EQ(route_table::clash(tree(), {.files = {{"/ui/", "text/html", ""}}}), std::nullopt);
    EXPECT_EQ(route_table::clash(tree(), {.files = {{"/sp/control", "text/html", ""}}}), "/sp/control");
    EXPECT_EQ(route_table::clash(tree(), {.routes = {{"/desc.xml", {"GET"}, nothing}}}), "/desc.xml");
}

} // namespace
} // namespace onlink
