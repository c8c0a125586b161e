// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_description.hpp>

#include "support/png.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

using namespace literals;

std::string as_text(bytes const& data) { return {reinterpret_cast<char const*>(data.data()), data.size()}; }

device_description box(std::string icon_path)
{
    return {.type = "urn:schemas-upnp-org:device:Basic:1"_device_type,
            .udn = "uuid:00000000-0000-0000-0000-000000000001"_udn,
            .friendly_name = "Box",
            .manufacturer = "Example",
            .model_name = "B1",
            .icons = {{.mimetype = "image/png", .width = 48, .height = 32, .depth = 24, .path = icon_path}}};
}

TEST(icon_file, DESC_47_a_file_says_what_it_is)
{
    test::temporary_folder folder;
    folder.write("lamp.png", as_text(test::png(48, 32)));
    auto const read = icon::load_file((folder.path() / "lamp.png").string()).value();
    EXPECT_EQ(read.mimetype, "image/png");
    EXPECT_EQ(read.width, 48u);
    EXPECT_EQ(read.height, 32u);
    EXPECT_EQ(read.depth, 24u);
    EXPECT_EQ(read.data, test::png(48, 32));
    auto d = box("");
    d.icons = {read};
    EXPECT_TRUE(d.check());
}

TEST(icon_file, what_is_no_picture_is_refused_with_its_path)
{
    test::temporary_folder folder;
    folder.write("text.png", "hello");
    folder.write("cut.png", as_text(test::png(48, 32)).substr(0, 20));
    folder.write("most.png", as_text(test::png(48, 32, icon::max_bytes)));
    folder.write("more.png", as_text(test::png(48, 32, icon::max_bytes + 1)));
    struct row {
        char const* name;
        errc code;
    };
    for (auto const& [name, code] : {row{"absent.png", errc::missing},
                                     {"text.png", errc::unsupported},
                                     {"cut.png", errc::malformed},
                                     {"more.png", errc::too_large}}) {
        auto const refused = icon::load_file((folder.path() / name).string());
        ASSERT_FALSE(refused) << name;
        EXPECT_EQ(refused.error().code, code) << name;
        EXPECT_EQ(refused.error().where, (folder.path() / name).string());
    }
    EXPECT_TRUE(icon::load_file((folder.path() / "most.png").string()));
}

TEST(icon_file, DESC_47_the_icons_of_a_description_are_read_from_a_folder)
{
    test::temporary_folder folder;
    folder.write("a.png", as_text(test::png(48, 32)));
    folder.write("b.png", as_text(test::png(48, 32, 500)));
    auto d = box("/a.png");
    auto inner = box("/b.png");
    inner.udn = "uuid:00000000-0000-0000-0000-000000000002"_udn;
    d.embedded = {inner};
    ASSERT_TRUE(d.load_icons(folder.path().string()));
    EXPECT_EQ(d.icons[0].data, test::png(48, 32));
    EXPECT_EQ(d.embedded[0].icons[0].data, test::png(48, 32, 500));
}

TEST(icon_file, DESC_47_a_file_that_is_missing_or_not_what_the_description_says_is_told)
{
    test::temporary_folder folder;
    folder.write("small.png", as_text(test::png(16, 16)));
    auto absent = box("/absent.png");
    auto const missing = absent.load_icons(folder.path().string());
    EXPECT_EQ(missing.error().code, errc::missing);
    EXPECT_EQ(missing.error().where, folder.path().string() + "/absent.png");
    auto small = box("/small.png");
    auto const other = small.load_icons(folder.path().string());
    EXPECT_EQ(other.error().code, errc::contradictory);
    EXPECT_EQ(other.error().where, "icon 1, width and height (the picture has 16 x 16)");
    EXPECT_TRUE(small.icons[0].data.empty()) << "nothing is changed";
    folder.write("empty.png", "");
    EXPECT_EQ(box("/empty.png").load_icons(folder.path().string()).error().code, errc::malformed);
}

} // namespace
} // namespace onlink
