// SPDX-License-Identifier: BSL-1.0
#include "description/document_store.hpp"

#include "unit/description/hall_lamp_documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <span>

namespace onlink {
namespace {

using namespace literals;

device_tree tree_of(device root) { return device_tree::of({std::move(root)}).value(); }

std::uint32_t derived_id(device root, uda_version uda = uda_version::v2_0)
{
    return document_store{uda}.add(tree_of(std::move(root)), 0, std::nullopt);
}

/// The lamp's documents with config id 42.
document_store lamp_store()
{
    document_store store{uda_version::v2_0};
    EXPECT_EQ(store.add(tree_of(test::hall_lamp()), 0, 42), 42u);
    return store;
}

TEST(document_store, DESC_24_serves_every_document_with_its_media_type)
{
    auto const store = lamp_store();
    EXPECT_EQ(*store.description(0).plain.body, test::hall_lamp_document());
    EXPECT_EQ(*store.scpd(0).plain.body, test::switch_power_document());
    EXPECT_EQ(*store.scpd(1).plain.body, test::lamp_health_document());
    for (auto const& document : {store.description(0), store.scpd(1)})
        EXPECT_THAT(*document.plain.fields,
                    testing::HasSubstr("CONTENT-TYPE: text/xml; charset=\"utf-8\"\r\n"));
}

TEST(document_store, DESC_47_icons_are_served_as_they_are)
{
    auto const store = lamp_store();
    auto const picture = test::png(48, 48);
    EXPECT_TRUE(std::ranges::equal(std::as_bytes(std::span{*store.icon(0, 0).plain.body}), picture));
    EXPECT_THAT(*store.icon(0, 0).plain.fields, testing::HasSubstr("CONTENT-TYPE: image/png\r\n"));
}

TEST(document_store, an_unknown_document_is_no_document)
{
    auto const store = lamp_store();
    EXPECT_THROW((void)store.description(1), std::out_of_range);
    EXPECT_THROW((void)store.scpd(2), std::out_of_range);
    EXPECT_THROW((void)store.icon(0, 1), std::out_of_range);
}

TEST(document_store, SSDP_22_a_derived_config_id_has_24_bits_and_stands_in_the_documents)
{
    document_store store{uda_version::v2_0};
    auto const config_id = store.add(tree_of(test::hall_lamp()), 0, std::nullopt);
    EXPECT_LE(config_id, 16777215u);
    auto const attribute = "configId=\"" + std::to_string(config_id) + "\"";
    EXPECT_THAT(*store.description(0).plain.body, testing::HasSubstr(attribute));
    EXPECT_THAT(*store.scpd(0).plain.body, testing::HasSubstr(attribute));
}

TEST(document_store, SSDP_22_a_derived_config_id_is_the_same_for_the_same_device)
{
    EXPECT_EQ(derived_id(test::hall_lamp()), derived_id(test::hall_lamp()));
}

TEST(document_store, SSDP_22_a_derived_config_id_changes_with_any_document)
{
    auto const with = [](auto change) {
        auto description = test::hall_lamp_description();
        change(description);
        device lamp{description};
        lamp.add(test::hall_lamp().services()[0]).add(test::hall_lamp().services()[1]);
        return derived_id(lamp);
    };
    std::set<std::uint32_t> const ids{
        with([](auto&) {}),
        with([](auto& d) { d.friendly_name = "Hall Lamq"; }),
        with([](auto& d) { d.icons[0].data.back() = std::byte{0x51}; }),
        with([](auto& d) { d.icons[0].depth = 8; }),
        derived_id(test::hall_lamp(), uda_version::v1_1),
    };
    EXPECT_EQ(ids.size(), 5u);

    device fewer{test::hall_lamp_description()};
    fewer.add(test::hall_lamp().services()[0]);
    EXPECT_FALSE(ids.contains(derived_id(fewer)));
}

TEST(document_store, several_roots_have_documents_and_config_ids_of_their_own)
{
    auto other = test::hall_lamp_description();
    other.udn = "uuid:6d0a1f2e-3b4c-4d5e-8f60-718293a4b5c7"_udn;
    other.friendly_name = "Stairs Lamp";
    other.description_path.clear();
    other.icons.clear();
    auto tree = device_tree::of({test::hall_lamp(), device{other}}).value();
    ASSERT_EQ(tree.roots.size(), 2u);
    document_store store{uda_version::v2_0};
    auto const first = store.add(tree, tree.roots[0], std::nullopt);
    EXPECT_EQ(first, derived_id(test::hall_lamp())) << "whatever else is hosted";
    EXPECT_NE(store.add(tree, tree.roots[1], std::nullopt), first);
    EXPECT_THAT(*store.description(tree.roots[0]).plain.body, testing::HasSubstr("Hall Lamp"));
    EXPECT_THAT(*store.description(tree.roots[1]).plain.body, testing::HasSubstr("Stairs Lamp"));

    store.remove(tree, 0);
    tree.remove(0);
    EXPECT_THROW((void)store.description(0), std::out_of_range);
    EXPECT_THROW((void)store.scpd(0), std::out_of_range);
    EXPECT_THROW((void)store.icon(0, 0), std::out_of_range);
    EXPECT_THAT(*store.description(tree.roots[0]).plain.body, testing::HasSubstr("Stairs Lamp"));
}

} // namespace
} // namespace onlink
