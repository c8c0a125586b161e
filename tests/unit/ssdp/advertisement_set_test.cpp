// SPDX-License-Identifier: BSL-1.0
#include "ssdp/advertisement_set.hpp"

#include "ssdp/search_matcher.hpp"

#include "unit/ssdp/trees.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using test::make_usn;
using test::numbered_udn;
using test::plain_device;
using testing::UnorderedElementsAre;

std::string const power = "urn:schemas-upnp-org:service:SwitchPower:";
std::string const dimming = "urn:schemas-upnp-org:service:Dimming:";

advertisement_set set_of(std::vector<device> const& roots, std::size_t number = 0)
{
    auto const tree = device_tree::of(roots).value();
    return {tree, tree.roots.at(number)};
}

/// `NT USN` of each message.
std::vector<std::string> lines(advertisement_set const& set)
{
    std::vector<std::string> all;
    for (auto const& ad : set.all())
        all.push_back(to_string(ad.nt) + ' ' + make_usn(ad.device, ad.nt));
    return all;
}

std::string named(std::uint8_t number) { return numbered_udn(number).to_string(); }

TEST(advertisement_set, SSDP_12_a_bare_root_device_has_three)
{
    auto const one = named(1);
    auto const type = std::string{"urn:schemas-upnp-org:device:BinaryLight:1"};
    EXPECT_THAT(lines(set_of({plain_device(type, numbered_udn(1))})),
                UnorderedElementsAre("upnp:rootdevice " + one + "::upnp:rootdevice", one + ' ' + one,
                                     type + ' ' + one + "::" + type));
}

TEST(advertisement_set, SSDP_12_SSDP_13_three_and_two_per_embedded_device_and_one_per_service_type)
{
    // root (2 services) > hall (1) > bulb (0), root > porch (1)
    auto const type = std::string{"urn:schemas-upnp-org:device:BinaryLight:1"};
    auto root = plain_device(type, numbered_udn(1), {power + "1", dimming + "1"});
    auto hall = plain_device("urn:example-com:device:Hall:1", numbered_udn(2), {power + "1"});
    hall.add(plain_device("urn:example-com:device:Bulb:7", numbered_udn(3)));
    root.add(hall);
    root.add(plain_device(type, numbered_udn(4), {power + "2"}));

    constexpr std::size_t d = 3;
    constexpr std::size_t k = 4;
    auto const set = set_of({root});
    EXPECT_EQ(set.all().size(), 3 + 2 * d + k);
    auto const entry = [](std::string const& nt, std::uint8_t device) {
        return nt + ' ' + named(device) + (nt == named(device) ? "" : "::" + nt);
    };
    EXPECT_THAT(lines(set),
                UnorderedElementsAre(entry("upnp:rootdevice", 1), entry(named(1), 1), entry(type, 1),
                                     entry(power + "1", 1), entry(dimming + "1", 1), entry(named(2), 2),
                                     entry("urn:example-com:device:Hall:1", 2), entry(power + "1", 2),
                                     entry(named(3), 3), entry("urn:example-com:device:Bulb:7", 3),
                                     entry(named(4), 4), entry(type, 4), entry(power + "2", 4)));
}

TEST(advertisement_set, SSDP_12_two_instances_of_a_type_in_one_device_count_once)
{
    auto const set = set_of({plain_device("urn:example-com:device:Strip:1", numbered_udn(1),
                                          {power + "1", power + "1", power + "1", dimming + "1"})});
    EXPECT_EQ(set.all().size(), 3U + 2U);
}

TEST(advertisement_set, VER_07_only_the_highest_version_of_a_type_is_advertised)
{
    for (auto const& order : {std::vector{power + "1", power + "3", power + "2"},
                              std::vector{power + "3", power + "2", power + "1"}}) {
        auto const set = set_of({plain_device("urn:example-com:device:Strip:1", numbered_udn(1), order)});
        ASSERT_EQ(set.all().size(), 4U);
        EXPECT_EQ(to_string(set.all().back().nt), power + "3");
    }
}

TEST(advertisement_set, a_domain_of_its_own_makes_a_type_of_its_own)
{
    auto const set = set_of({plain_device("urn:example-com:device:Strip:1", numbered_udn(1),
                                          {power + "1", "urn:example-com:service:SwitchPower:1"})});
    EXPECT_EQ(set.all().size(), 3U + 2U);
}

TEST(advertisement_set, SSDP_62_each_root_device_has_a_set_of_its_own)
{
    auto first = plain_device("urn:example-com:device:A:1", numbered_udn(1), {power + "1"});
    first.add(plain_device("urn:example-com:device:B:1", numbered_udn(2)));
    std::vector<device> const both{
        first, plain_device("urn:example-com:device:A:1", numbered_udn(3), {power + "1"})};
    auto const one = set_of(both, 0);
    EXPECT_EQ(one.all().size(), 3U + 2U + 1U);
    auto const second = set_of(both, 1);
    EXPECT_EQ(second.all().size(), 3U + 1U);
    for (auto const& ad : second.all())
        EXPECT_EQ(ad.device, numbered_udn(3));
}

TEST(advertisement_set, SSDP_40_the_three_of_the_root_device_come_first)
{
    auto root = plain_device("urn:example-com:device:A:1", numbered_udn(1), {power + "1"});
    root.add(plain_device("urn:example-com:device:B:1", numbered_udn(2)));
    auto const set = set_of({root});
    EXPECT_EQ(to_string(set.all()[0].nt), "upnp:rootdevice");
    EXPECT_EQ(to_string(set.all()[1].nt), named(1));
    EXPECT_EQ(to_string(set.all()[2].nt), "urn:example-com:device:A:1");
}

TEST(advertisement_set, SSDP_13_make_usn_repeats_the_UDN_only_once)
{
    auto const name = numbered_udn(9);
    auto const text = name.to_string();
    EXPECT_EQ(make_usn(name, name), text);
    EXPECT_EQ(make_usn(name, search_root{}), text + "::upnp:rootdevice");
    EXPECT_EQ(make_usn(name, device_type::parse("urn:a-b:device:C:1").value()),
              text + "::urn:a-b:device:C:1");
    EXPECT_EQ(make_usn(name, service_type::parse("urn:a-b:service:C:12").value()),
              text + "::urn:a-b:service:C:12");
}

TEST(advertisement_set, SSDP_23_finds_what_a_look_through_all_of_them_finds)
{
    auto const type = std::string{"urn:schemas-upnp-org:device:BinaryLight:"};
    auto root = plain_device(type + "2", numbered_udn(1), {power + "3", dimming + "1"});
    for (std::uint8_t i = 2; i < 40; ++i)
        root.add(
            plain_device(type + std::to_string(i % 3 + 1), numbered_udn(i),
                         i % 2 == 0 ? std::vector{power + "1"} : std::vector{power + "2", dimming + "4"}));
    auto const set = set_of({root});
    for (auto const& wanted :
         {std::string{"ssdp:all"}, std::string{"upnp:rootdevice"}, named(1), named(7), named(99), type + "1",
          type + "2", type + "3", type + "4", power + "1", power + "2", power + "3", dimming + "4",
          dimming + "5", std::string{"urn:schemas-upnp-org:service:BinaryLight:1"},
          std::string{"urn:schemas-upnp-org:device:SwitchPower:1"},
          std::string{"urn:example-com:device:Hall:1"}}) {
        auto const target = parse_search_target(wanted).value();
        std::size_t count = 0;
        std::optional<std::size_t> next;
        for (auto from = set.all().size() + 1; from-- > 0;) {
            if (from < set.all().size() && answers(set.all()[from], target)) {
                ++count;
                next = from;
            }
            EXPECT_EQ(set.find(target, from), next) << wanted << " from " << from;
        }
        EXPECT_EQ(set.count(target), count) << wanted;
    }
}

} // namespace
} // namespace onlink
