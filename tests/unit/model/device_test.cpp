// SPDX-License-Identifier: BSL-1.0
#include <onlink/device.hpp>

#include "unit/model/sample_devices.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace onlink {
namespace {

using test::sample_description;
using test::sample_identity;
using test::sample_service;
using test::sample_udn;

TEST(device, described_devices_become_embedded_devices)
{
    auto outer = sample_description(1);
    auto inner = sample_description(2);
    inner.embedded = {sample_description(3)};
    outer.embedded = {inner};
    device const d{outer};
    EXPECT_TRUE(d.description().embedded.empty());
    ASSERT_EQ(d.embedded().size(), 1u);
    EXPECT_EQ(d.embedded()[0].description().udn, sample_udn(2));
    ASSERT_EQ(d.embedded()[0].embedded().size(), 1u);
    EXPECT_TRUE(d.check());
}

TEST(device, finds_devices_at_any_depth)
{
    auto outer = sample_description(1);
    auto inner = sample_description(2);
    inner.embedded = {sample_description(3)};
    outer.embedded = {inner, sample_description(4)};
    device d{outer};
    for (std::uint8_t n = 1; n <= 4; ++n) {
        ASSERT_TRUE(d.find(sample_udn(n)));
        EXPECT_EQ(d.find(sample_udn(n))->description().udn, sample_udn(n));
    }
    EXPECT_EQ(d.find(sample_udn(5)), nullptr);
    d.find(sample_udn(3))->add(sample_service("S"));
    EXPECT_EQ(d.embedded()[0].embedded()[0].services().size(), 1u);
}

TEST(device, is_hosted_when_all_is_bound)
{
    auto description = sample_description(1);
    description.services = {sample_identity("A", {"/a/s", "/a/c", "/a/e"}), sample_identity("B")};
    device d{description};
    d.add(sample_service("B")).add(sample_service("A"));
    auto const legal = d.check();
    EXPECT_TRUE(legal) << legal.error().message();
}

TEST(device, refuses_and_says_where)
{
    auto const described = [](auto... ids) {
        auto d = sample_description(1);
        d.services = {sample_identity(ids)...};
        return device{d};
    };
    auto const unbound = [] {
        return service{sample_identity("S"),
                       scpd::build().state("V", data_type::ui1).action("Act").done().value()};
    };
    struct {
        std::function<device()> make;
        errc code;
        char const* where;
    } const table[] = {
        {[&] { return described("A"); }, errc::missing, "device Box 1, service urn:example-com:serviceId:A"},
        {[&] {
             auto d = described("A");
             return d.add(sample_service("A")).add(sample_service("B"));
         },
         errc::unknown_name, "device Box 1, service urn:example-com:serviceId:B (not in the description)"},
        {[&] {
             auto identity = sample_identity("A");
             identity.type = service_type::parse("urn:example-com:service:A:2").value();
             service s{identity, scpd::build().state("V", data_type::ui1).done().value()};
             auto d = described("A");
             return d.add(s);
         },
         errc::wrong_type, "device Box 1, service urn:example-com:serviceId:A, serviceType"},
        {[&] {
             device d{sample_description(1)};
             return d.add(sample_service("A")).add(sample_service("A"));
         },
         errc::duplicate, "device Box 1, service urn:example-com:serviceId:A, serviceId"},
        {[&] {
             device d{sample_description(1)};
             return d.add(unbound());
         },
         errc::missing, "device Box 1, service urn:example-com:serviceId:S, action Act, handler"},
        {[&] {
             device d{sample_description(1)};
             return d.add(device{sample_description(2)}).add(device{sample_description(1)});
         },
         errc::duplicate, "device Box 1, UDN uuid:00000000-0000-0000-0000-000000000001"},
        {[&] {
             auto inner = sample_description(2);
             inner.model_name.clear();
             device d{sample_description(1)};
             return d.add(device{inner});
         },
         errc::missing, "device Box 2, modelName"},
        {[&] {
             auto inner = sample_description(2);
             inner.description_path = "/d.xml";
             device d{sample_description(1)};
             return d.add(device{inner});
         },
         errc::contradictory, "device Box 2, description_path"},
        {[&] {
             auto nameless = sample_description(1);
             nameless.friendly_name.clear();
             return device{nameless};
         },
         errc::missing, "device uuid:00000000-0000-0000-0000-000000000001, friendlyName"},
    };
    for (auto const& row : table) {
        auto const legal = row.make().check();
        ASSERT_FALSE(legal) << row.where;
        EXPECT_EQ(legal.error().code, row.code) << row.where;
        EXPECT_EQ(legal.error().where, row.where);
    }
}

TEST(device, services_of_different_devices_may_share_an_id)
{
    device inner{sample_description(2)};
    inner.add(sample_service("A"));
    device d{sample_description(1)};
    d.add(sample_service("A")).add(inner);
    EXPECT_TRUE(d.check());
}

} // namespace
} // namespace onlink
