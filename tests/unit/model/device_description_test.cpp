// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_description.hpp>

#include "support/png.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace onlink {
namespace {

using namespace literals;

icon good_icon()
{
    return {.mimetype = "image/png", .width = 48, .height = 48, .depth = 24, .path = "/i.png"};
}

service_identity identity(service_paths paths = {})
{
    return {"urn:example-com:service:S:1"_service_type, "urn:example-com:serviceId:S"_service_id,
            std::move(paths)};
}

device_description good_description()
{
    return {.type = "urn:schemas-upnp-org:device:Basic:1"_device_type,
            .udn = "uuid:00000000-0000-0000-0000-000000000001"_udn,
            .friendly_name = "Box",
            .manufacturer = "Example",
            .model_name = "B1"};
}

std::string umlauts(std::size_t count)
{
    std::string text;
    while (count-- > 0)
        text += "\xC3\xA4";
    return text;
}

TEST(device_description, DESC_35_DESC_55_what_is_complete_is_accepted)
{
    EXPECT_TRUE(good_description().check());
    auto full = good_description();
    full.friendly_name = umlauts(63); // characters, not bytes
    full.manufacturer = std::string(63, 'x');
    full.manufacturer_url = "http://example.com/";
    full.model_description = umlauts(127);
    full.model_name = umlauts(31);
    full.model_number = std::string(31, 'x');
    full.model_url = "http://example.com/b1";
    full.serial_number = std::string(63, '1');
    full.upc = "012345678901";
    full.icons = {good_icon()};
    full.presentation_url = "/index.html";
    full.description_path = "/d.xml";
    full.services = {identity({"/s", "/c", ""})};
    auto inner = good_description();
    inner.udn = "uuid:00000000-0000-0000-0000-000000000002"_udn;
    full.embedded = {inner};
    auto const legal = full.check();
    EXPECT_TRUE(legal) << legal.error().message();
}

TEST(device_description, DESC_35_DESC_55_what_is_not_is_refused_by_name)
{
    using description = device_description;
    struct {
        std::function<void(description&)> change;
        errc code;
        char const* where;
    } const table[] = {
        {[](description& d) { d.friendly_name.clear(); }, errc::missing, "friendlyName"},
        {[](description& d) { d.friendly_name = umlauts(64); }, errc::too_large, "friendlyName"},
        {[](description& d) { d.friendly_name = "\xFF"; }, errc::not_utf8, "friendlyName"},
        {[](description& d) { d.friendly_name = "a\x01"; }, errc::not_utf8, "friendlyName"},
        {[](description& d) { d.manufacturer.clear(); }, errc::missing, "manufacturer"},
        {[](description& d) { d.manufacturer = std::string(64, 'x'); }, errc::too_large, "manufacturer"},
        {[](description& d) { d.manufacturer_url = "http://example.com/a b"; }, errc::malformed,
         "manufacturerURL"},
        {[](description& d) { d.model_description = std::string(128, 'x'); }, errc::too_large,
         "modelDescription"},
        {[](description& d) { d.model_name.clear(); }, errc::missing, "modelName"},
        {[](description& d) { d.model_name = std::string(32, 'x'); }, errc::too_large, "modelName"},
        {[](description& d) { d.model_number = std::string(32, 'x'); }, errc::too_large, "modelNumber"},
        {[](description& d) { d.model_url = "\n"; }, errc::malformed, "modelURL"},
        {[](description& d) { d.serial_number = std::string(64, 'x'); }, errc::too_large, "serialNumber"},
        {[](description& d) { d.upc = "01234567890"; }, errc::malformed, "UPC"},
        {[](description& d) { d.upc = "0123456789012"; }, errc::malformed, "UPC"},
        {[](description& d) { d.upc = "01234567890a"; }, errc::malformed, "UPC"},
        {[](description& d) { d.presentation_url = "\xFF"; }, errc::malformed, "presentationURL"},
        {[](description& d) { d.description_path = "desc.xml"; }, errc::malformed, "description_path"},
        {[](description& d) { d.description_path = "/../desc.xml"; }, errc::malformed, "description_path"},
        {[](description& d) { d.description_path = "/a?b"; }, errc::malformed, "description_path"},
        {[](description& d) { d.icons[0].mimetype.clear(); }, errc::missing, "icon 1, mimetype"},
        {[](description& d) { d.icons[0].mimetype = "text/html"; }, errc::malformed, "icon 1, mimetype"},
        {[](description& d) { d.icons[0].mimetype = "image/"; }, errc::malformed, "icon 1, mimetype"},
        {[](description& d) { d.icons[0].mimetype = "image/png\r\nX: y"; }, errc::malformed,
         "icon 1, mimetype"},
        {[](description& d) { d.icons[0].width = 0; }, errc::missing, "icon 1, width"},
        {[](description& d) { d.icons[0].height = 0; }, errc::missing, "icon 1, height"},
        {[](description& d) { d.icons[0].depth = 0; }, errc::missing, "icon 1, depth"},
        {[](description& d) { d.icons[0].path.clear(); }, errc::missing, "icon 1, url"},
        {[](description& d) { d.icons[0].path = "i.png"; }, errc::malformed, "icon 1, url"},
        {[](description& d) {
             d.services = {identity(), identity()};
         },
         errc::duplicate, "service urn:example-com:serviceId:S, serviceId"},
        {[](description& d) {
             d.services = {identity({"s", "", ""})};
         },
         errc::malformed, "service urn:example-com:serviceId:S, SCPDURL"},
        {[](description& d) {
             d.services = {identity({"", "//h/c", ""})};
         },
         errc::malformed, "service urn:example-com:serviceId:S, controlURL"},
        {[](description& d) {
             d.services = {identity({"", "", "/e e"})};
         },
         errc::malformed, "service urn:example-com:serviceId:S, eventSubURL"},
        {[](description& d) {
             d.embedded = {good_description()};
             d.embedded[0].upc = "1";
         },
         errc::malformed, "device Box, UPC"},
        {[](description& d) {
             d.embedded = {good_description()};
             d.embedded[0].description_path = "/d";
         },
         errc::contradictory, "device Box, description_path"},
    };
    for (auto const& row : table) {
        auto d = good_description();
        d.icons = {good_icon()};
        row.change(d);
        auto const legal = d.check();
        ASSERT_FALSE(legal) << row.where;
        EXPECT_EQ(legal.error().code, row.code) << row.where;
        EXPECT_EQ(legal.error().where, row.where);
    }
}

TEST(device_description, DESC_47_what_an_icon_says_is_true_of_its_picture)
{
    auto const jpeg = [] {
        bytes data(4, std::byte{0xFF});
        data[1] = std::byte{0xD8};
        return data;
    };
    struct {
        std::function<void(icon&)> change;
        errc code;
        char const* where;
    } const table[] = {
        {[](icon& i) { i.width = 32; }, errc::contradictory,
         "icon 1, width and height (the picture has 48 x 48)"},
        {[](icon& i) { i.height = 49; }, errc::contradictory,
         "icon 1, width and height (the picture has 48 x 48)"},
        {[](icon& i) { i.mimetype = "image/jpeg"; }, errc::contradictory,
         "icon 1, mimetype (not that of the picture)"},
        {[](icon& i) { i.mimetype = "image/gif"; }, errc::contradictory,
         "icon 1, mimetype (not that of the picture)"},
        {[](icon& i) { i.data = bytes(100); }, errc::contradictory,
         "icon 1, mimetype (not that of the picture)"},
        {[](icon& i) { i.data.resize(20); }, errc::malformed, "icon 1, data"},
        {[&](icon& i) { i.data = jpeg(); }, errc::malformed, "icon 1, data"},
    };
    for (auto const& row : table) {
        auto d = good_description();
        d.icons = {good_icon()};
        d.icons[0].data = test::png(48, 48);
        EXPECT_TRUE(d.check());
        row.change(d.icons[0]);
        auto const refused = d.check();
        ASSERT_FALSE(refused) << row.where;
        EXPECT_EQ(refused.error().code, row.code) << row.where;
        EXPECT_EQ(refused.error().where, row.where);
    }
    auto vector = good_description();
    vector.icons = {good_icon()};
    vector.icons[0].mimetype = "image/svg+xml";
    vector.icons[0].data = bytes(100);
    EXPECT_TRUE(vector.check()) << "of a kind that is not known";
}

TEST(device_description, DESC_47_an_icon_with_data_needs_no_path)
{
    auto d = good_description();
    d.icons = {good_icon()};
    d.icons[0].path.clear();
    d.icons[0].data = test::png(48, 48);
    EXPECT_TRUE(d.check());
}

} // namespace
} // namespace onlink
