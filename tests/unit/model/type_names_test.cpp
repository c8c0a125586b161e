// SPDX-License-Identifier: BSL-1.0
#include <onlink/device_type.hpp>
#include <onlink/service_id.hpp>
#include <onlink/service_type.hpp>

#include <gtest/gtest.h>

#include <string>

namespace onlink {
namespace {

using namespace literals;

TEST(device_type, DESC_35_reads_its_parts)
{
    auto const type = device_type::parse("urn:schemas-upnp-org:device:BinaryLight:12");
    ASSERT_TRUE(type);
    EXPECT_EQ(type->domain(), "schemas-upnp-org");
    EXPECT_EQ(type->name(), "BinaryLight");
    EXPECT_EQ(type->version(), 12u);
    EXPECT_EQ(type->to_string(), "urn:schemas-upnp-org:device:BinaryLight:12");
    device_type const literal = "urn:schemas-upnp-org:device:BinaryLight:12"_device_type;
    EXPECT_EQ(*type, literal);
}

TEST(device_type, DESC_35_refuses_every_other_form)
{
    std::string const long_name(65, 'x');
    for (std::string const& text :
         {std::string{}, std::string{"urn:"}, std::string{"urn:d:device:T"}, std::string{"urn:d:device:T:"},
          std::string{"urn:d:device:T:0"}, std::string{"urn:d:device:T:01"}, std::string{"urn:d:device:T:-1"},
          std::string{"urn:d:device:T:1.0"}, std::string{"urn:d:device:T:1 "},
          std::string{"urn:d:device:T:1234567890"}, std::string{"urn:d:device::1"},
          std::string{"urn::device:T:1"}, std::string{"urn:a.b:device:T:1"}, std::string{"urn:d:service:T:1"},
          std::string{"URN:d:device:T:1"}, std::string{"urn:d:device:T#:1"},
          std::string{"urn:d:device:T:1:2"}, "urn:d:device:" + long_name + ":1",
          "urn:" + long_name + ":device:T:1"})
        EXPECT_EQ(device_type::parse(text).error(), errc::malformed) << text;
    EXPECT_TRUE(device_type::parse("urn:d:device:" + std::string(64, 'x') + ":1"));
}

TEST(service_type, DESC_49_reads_its_own_family_only)
{
    EXPECT_TRUE(service_type::parse("urn:example-com:service:Lamp:1"));
    EXPECT_FALSE(service_type::parse("urn:example-com:device:Lamp:1"));
}

TEST(service_type, DESC_49_DESC_50_of_domains_with_a_period_one_is_known)
{
    auto const* const type = "urn:microsoft.com:service:X_MS_MediaReceiverRegistrar:1";
    auto const* const id = "urn:microsoft.com:serviceId:X_MS_MediaReceiverRegistrar";
    EXPECT_EQ(service_type::parse(type).value().to_string(), type);
    EXPECT_EQ(service_id::parse(id).value().to_string(), id);
    for (auto const* domain : {"example.com", "schemas.microsoft.com", "microsoft.com.", "Microsoft.com"}) {
        EXPECT_FALSE(service_type::parse("urn:" + std::string{domain} + ":service:S:1")) << domain;
        EXPECT_FALSE(service_id::parse("urn:" + std::string{domain} + ":serviceId:S")) << domain;
    }
}

TEST(service_type, VER_08_a_version_serves_all_lower_ones)
{
    service_type const two = "urn:d:service:T:2"_service_type;
    EXPECT_TRUE(two.serves("urn:d:service:T:1"_service_type));
    EXPECT_TRUE(two.serves(two));
    EXPECT_FALSE(two.serves("urn:d:service:T:3"_service_type));
    EXPECT_FALSE(two.serves("urn:d:service:U:1"_service_type));
    EXPECT_FALSE(two.serves("urn:e:service:T:1"_service_type));
}

TEST(service_id, DESC_50_reads_standard_and_vendor_forms)
{
    for (auto const* text : {"urn:upnp-org:serviceId:SwitchPower", "urn:upnp-org:serviceId:SwitchPower:1",
                             "urn:example-com:serviceId:a.b_c-d"})
        EXPECT_EQ(service_id::parse(text).value().to_string(), text);
}

TEST(service_id, DESC_50_refuses_every_other_form)
{
    for (std::string const& text :
         {std::string{}, std::string{"urn:upnp-org:serviceId:"}, std::string{"urn:upnp-org:serviceid:S"},
          std::string{"urn:upnp.org:serviceId:S"}, std::string{"urn::serviceId:S"},
          std::string{"urn:upnp-org:serviceId:S 1"}, std::string{"urn:upnp-org:serviceId:S#1"},
          std::string{"urn:upnp-org:serviceId:S\xC3\xA4"}, "urn:upnp-org:serviceId:" + std::string(65, 'x')})
        EXPECT_EQ(service_id::parse(text).error(), errc::malformed) << text;
}

} // namespace
} // namespace onlink
