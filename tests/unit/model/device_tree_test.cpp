// SPDX-License-Identifier: BSL-1.0
#include "model/device_tree.hpp"

#include "support/png.hpp"
#include "unit/model/sample_devices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using test::sample_description;
using test::sample_identity;
using test::sample_service;
using test::sample_udn;
using testing::ElementsAre;
using testing::IsEmpty;

/// Device 1 with services A, B and devices 2 (service C, device 3) and 4; then a second root, 5.
std::vector<device> two_roots()
{
    device two{sample_description(2)};
    two.add(sample_service("C")).add(device{sample_description(3)});
    device one{sample_description(1)};
    one.add(sample_service("A")).add(sample_service("B")).add(two).add(device{sample_description(4)});
    device five{sample_description(5)};
    five.add(sample_service("A"));
    return {one, five};
}

TEST(device_tree, is_laid_flat_in_document_order)
{
    auto const tree = device_tree::of(two_roots()).value();
    ASSERT_EQ(tree.devices.size(), 5u);
    for (std::uint8_t n = 1; n <= 5; ++n)
        EXPECT_EQ(tree.devices[n - 1u].description.udn, sample_udn(n));
    EXPECT_THAT(tree.roots, ElementsAre(0, 4));
    EXPECT_THAT(tree.devices[0].embedded, ElementsAre(1, 3));
    EXPECT_THAT(tree.devices[1].embedded, ElementsAre(2));
    EXPECT_THAT(tree.devices[0].services, ElementsAre(0, 1));
    EXPECT_THAT(tree.devices[1].services, ElementsAre(2));
    EXPECT_THAT(tree.devices[2].services, IsEmpty());
    EXPECT_THAT(tree.devices[4].services, ElementsAre(3));
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_EQ(tree.devices[i].root, 0u);
    EXPECT_EQ(tree.devices[4].root, 4u);
    EXPECT_EQ(tree.services[2].device, 1u);
    EXPECT_EQ(tree.services[3].device, 4u);
}

TEST(device_tree, makes_paths_from_the_uuid_of_the_containing_device)
{
    auto roots = two_roots();
    auto description = sample_description(6);
    description.icons = {
        {.mimetype = "image/png", .width = 1, .height = 1, .depth = 8, .data = test::png(1, 1)}};
    roots.emplace_back(description);
    auto const tree = device_tree::of(roots).value();
    std::string const one = "/00000000-0000-0000-0000-000000000001";
    std::string const two = "/00000000-0000-0000-0000-000000000002";
    EXPECT_EQ(tree.devices[0].description.description_path, one + "/desc.xml");
    EXPECT_EQ(tree.devices[1].description.description_path, "");
    EXPECT_EQ(tree.services[0].paths,
              (service_paths{one + "/1/scpd.xml", one + "/1/control", one + "/1/event"}));
    EXPECT_EQ(tree.services[1].paths,
              (service_paths{one + "/2/scpd.xml", one + "/2/control", one + "/2/event"}));
    EXPECT_EQ(tree.services[2].paths.control, two + "/1/control");
    EXPECT_EQ(tree.devices[5].description.icons[0].path, "/00000000-0000-0000-0000-000000000006/icon/1");
}

TEST(device_tree, paths_of_the_service_go_before_those_of_the_description)
{
    auto description = sample_description(1);
    description.description_path = "/d.xml";
    description.services = {sample_identity("A", {"/described/s", "/described/c", ""})};
    device d{description};
    d.add(sample_service("A", {"", "/own/c", ""}));
    auto const tree = device_tree::of({d}).value();
    EXPECT_EQ(tree.devices[0].description.description_path, "/d.xml");
    EXPECT_EQ(tree.services[0].paths,
              (service_paths{"/described/s", "/own/c", "/00000000-0000-0000-0000-000000000001/1/event"}));
}

TEST(device_tree, DESC_53_no_event_path_without_evented_variables)
{
    service quiet{sample_identity("Q", {"/s", "/c", "/e"}),
                  scpd::build().state("V", data_type::ui1, {.evented = false}).done().value()};
    device d{sample_description(1)};
    d.add(quiet);
    auto const tree = device_tree::of({d}).value();
    EXPECT_EQ(tree.services[0].paths, (service_paths{"/s", "/c", ""}));
}

TEST(device_tree, shares_its_services_with_the_application)
{
    auto s = sample_service("A");
    device d{sample_description(1)};
    d.add(s);
    auto const tree = device_tree::of({d}).value();
    s.state().set("Level", 9);
    EXPECT_EQ(tree.services[0].service.state().get<int>("Level"), 9);
}

TEST(device_tree, refuses_and_says_where)
{
    auto const with = [](service_paths paths) {
        device d{sample_description(1)};
        d.add(sample_service("A", std::move(paths)));
        return d;
    };
    auto const described_at = [](std::uint8_t n, char const* path) {
        auto description = sample_description(n);
        description.description_path = path;
        return device{description};
    };
    auto const with_icons = [](icon i) {
        auto description = sample_description(1);
        description.icons = {i, i};
        return device{description};
    };
    icon const served{
        .mimetype = "image/png", .width = 1, .height = 1, .depth = 8, .path = "/i", .data = test::png(1, 1)};
    struct {
        std::vector<device> roots;
        errc code;
        char const* where;
    } const table[] = {
        {{device{sample_description(1)}, device{sample_description(1)}},
         errc::duplicate,
         "device Box 1, UDN uuid:00000000-0000-0000-0000-000000000001"},
        {{with({"/a", "/a", "/b"})},
         errc::duplicate,
         "device Box 1, service urn:example-com:serviceId:A, controlURL /a"},
        {{with({"/a", "/b", "/b"})},
         errc::duplicate,
         "device Box 1, service urn:example-com:serviceId:A, eventSubURL /b"},
        {{with({"a", "", ""})},
         errc::malformed,
         "device Box 1, service urn:example-com:serviceId:A, SCPDURL"},
        {{with({"", "/../c", ""})},
         errc::malformed,
         "device Box 1, service urn:example-com:serviceId:A, controlURL"},
        {{with({"", "", "/e?x"})},
         errc::malformed,
         "device Box 1, service urn:example-com:serviceId:A, eventSubURL"},
        {{described_at(1, "/d.xml"), described_at(2, "/d.xml")},
         errc::duplicate,
         "device Box 2, description_path /d.xml"},
        {{with_icons(served)}, errc::duplicate, "device Box 1, icon 2, url /i"},
        {{device{device_description{sample_description(1)}}.add(service{
             sample_identity("S"), scpd::build().state("V", data_type::ui1).action("A").done().value()})},
         errc::missing,
         "device Box 1, service urn:example-com:serviceId:S, action A, handler"},
    };
    for (auto const& row : table) {
        auto const tree = device_tree::of(row.roots);
        ASSERT_FALSE(tree) << row.where;
        EXPECT_EQ(tree.error().code, row.code) << row.where;
        EXPECT_EQ(tree.error().where, row.where);
    }
}

TEST(device_tree, icons_that_the_application_serves_are_not_ours)
{
    icon const elsewhere{.mimetype = "image/png", .width = 1, .height = 1, .depth = 8, .path = "/i"};
    auto description = sample_description(1);
    description.icons = {elsewhere, elsewhere};
    EXPECT_TRUE(device_tree::of({device{description}}));
}

TEST(device_tree, a_removed_root_device_leaves_its_place_to_the_next)
{
    auto tree = device_tree::of(two_roots()).value();
    auto const kept = tree.services[3].service.identity().id;
    tree.remove(0);
    EXPECT_THAT(tree.roots, ElementsAre(4));
    for (std::size_t i = 0; i < 4; ++i)
        EXPECT_TRUE(tree.devices[i].vacant);
    for (std::size_t i = 0; i < 3; ++i)
        EXPECT_TRUE(tree.services[i].vacant);
    EXPECT_EQ(tree.services[3].service.identity().id, kept);

    // Two devices and two services: into the vacant places, and no further.
    device seven{sample_description(7)};
    seven.add(sample_service("D"));
    device six{sample_description(6)};
    six.add(sample_service("E")).add(seven);
    ASSERT_EQ(tree.add(six).value(), 0u);
    EXPECT_THAT(tree.roots, ElementsAre(4, 0));
    EXPECT_EQ(tree.devices.size(), 5u);
    EXPECT_EQ(tree.services.size(), 4u);
    EXPECT_THAT(tree.devices[0].embedded, ElementsAre(1));
    EXPECT_EQ(tree.devices[1].root, 0u);
    EXPECT_EQ(tree.services[tree.devices[1].services.at(0)].device, 1u);
    EXPECT_TRUE(tree.devices[2].vacant);
    EXPECT_FALSE(tree.is_under(tree.devices[2], 0)) << "a vacant place is nobody's";
}

TEST(device_tree, coming_and_going_for_ever_takes_no_more_room)
{
    auto tree = device_tree::of(two_roots()).value();
    for (unsigned i = 0; i < 100; ++i) {
        device six{sample_description(6)};
        six.add(sample_service("E"));
        tree.remove(tree.add(six).value());
    }
    EXPECT_EQ(tree.devices.size(), 6u);
    EXPECT_EQ(tree.services.size(), 5u);
}

TEST(device_tree, nothing_of_a_removed_device_is_held_on_to)
{
    auto alive = std::make_shared<int>(1);
    std::weak_ptr<int> const watch = alive;
    device_tree tree;
    {
        service s{sample_identity("A", {}),
                  scpd::build().state("Level", data_type::ui1).action("Touch").done().value()};
        s.on("Touch", [alive] {});
        device d{sample_description(1)};
        d.add(s);
        ASSERT_TRUE(tree.add(d));
    }
    alive.reset();
    EXPECT_FALSE(watch.expired());
    tree.remove(0);
    EXPECT_TRUE(watch.expired());
}

TEST(device_tree, a_service_is_hosted_once)
{
    auto const power = sample_service("One");
    device first{sample_description(1)};
    first.add(power);
    device second{sample_description(2)};
    second.add(power);
    auto const both = device_tree::of({first, second});
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().code, errc::duplicate);
    EXPECT_THAT(both.error().where, testing::HasSubstr("hosted already"));

    auto tree = device_tree::of({first}).value();
    EXPECT_FALSE(tree.add(second));
    tree.remove(0);
    EXPECT_TRUE(tree.add(second)) << "it is free again";
}

TEST(device_tree, a_root_device_that_cannot_be_added_changes_nothing)
{
    auto tree = device_tree::of(two_roots()).value();
    device taken{sample_description(3)}; // embedded in the first
    auto const refused = tree.add(taken);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, errc::duplicate);
    EXPECT_THAT(refused.error().where, testing::HasSubstr("UDN uuid:00000000-0000-0000-0000-000000000003"));

    auto same_path = sample_description(8);
    same_path.description_path = tree.devices[0].description.description_path;
    auto const second = tree.add(device{same_path});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, errc::duplicate);
    EXPECT_EQ(tree.devices.size(), 5u);
    EXPECT_EQ(tree.roots.size(), 2u);
    tree.remove(0);
    EXPECT_TRUE(tree.add(taken)) << "the name is free again";
}

TEST(device_tree, of_nothing_is_empty) { EXPECT_THAT(device_tree::of({}).value().roots, IsEmpty()); }

} // namespace
} // namespace onlink
