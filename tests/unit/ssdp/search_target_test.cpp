// SPDX-License-Identifier: BSL-1.0
#include "ssdp/search_target.hpp"

#include "support/guarded_buffer.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace literals;

TEST(search_target, SSDP_55_all_five_kinds)
{
    EXPECT_TRUE(std::holds_alternative<search_all>(parse_search_target("ssdp:all").value()));
    EXPECT_TRUE(std::holds_alternative<search_root>(parse_search_target("upnp:rootdevice").value()));
    EXPECT_EQ(parse_search_target("uuid:2fac1234-31f8-11b4-a222-08002b34c003").value(),
              search_target{"uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn});
    EXPECT_EQ(parse_search_target("urn:schemas-upnp-org:device:BinaryLight:1").value(),
              search_target{device_type{"urn:schemas-upnp-org:device:BinaryLight:1"_device_type}});
    EXPECT_EQ(parse_search_target("urn:schemas-upnp-org:service:SwitchPower:3").value(),
              search_target{service_type{"urn:schemas-upnp-org:service:SwitchPower:3"_service_type}});
}

TEST(search_target, what_was_read_is_written_the_same)
{
    for (auto const* text :
         {"ssdp:all", "upnp:rootdevice", "uuid:2fac1234-31f8-11b4-a222-08002b34c003",
          "urn:schemas-upnp-org:device:BinaryLight:1", "urn:example-com:service:Lamp.Health_2:999999999"})
        EXPECT_EQ(to_string(parse_search_target(text).value()), text);
}

TEST(search_target, SSDP_58_uuid_digits_are_read_in_either_case)
{
    EXPECT_EQ(parse_search_target("uuid:2FAC1234-31F8-11B4-A222-08002B34C003").value(),
              search_target{"uuid:2fac1234-31f8-11b4-a222-08002b34c003"_udn});
}

TEST(search_target, N_06_SSDP_51_anything_else_names_nothing_of_ours)
{
    for (auto const* text : {
             "",
             " ",
             "ssdp:ALL",
             "ssdp:all ",
             "ssdp:all\t",
             "SSDP:all",
             "ssdp:",
             "upnp:rootdevices",
             "rootdevice",
             "uuid:",
             "uuid:2fac1234-31f8-11b4-a222-08002b34c00",
             "uuid:2fac1234-31f8-11b4-a222-08002b34c0033",
             "uuid:2fac1234-31f8-11b4-a222-08002b34c00g",
             "uuid:2fac123431f811b4a22208002b34c003",
             "uuid:2fac1234-31f8-11b4-a222-08002b34c003::upnp:rootdevice",
             "urn:schemas-upnp-org:service:SwitchPower:",
             "urn:schemas-upnp-org:service:SwitchPower",
             "urn:schemas-upnp-org:service:SwitchPower:0",
             "urn:schemas-upnp-org:service:SwitchPower:01",
             "urn:schemas-upnp-org:service:SwitchPower:01x",
             "urn:schemas-upnp-org:service:SwitchPower:1x",
             "urn:schemas-upnp-org:service:SwitchPower:-1",
             "urn:schemas-upnp-org:service:SwitchPower:4294967297",
             "urn:schemas-upnp-org:service:SwitchPower:1:",
             "urn:schemas-upnp-org:service::1",
             "urn::service:SwitchPower:1",
             "urn:schemas-upnp-org:switch:SwitchPower:1",
             "urn:schemas.upnp.org:service:SwitchPower:1",
             "URN:schemas-upnp-org:service:SwitchPower:1",
             "urn:",
         })
        EXPECT_EQ(parse_search_target(text).error(), errc::malformed) << text;
}

TEST(search_target, CVE_2012_5958_to_5965_overlong_names_are_refused)
{
    std::string const many(500, 'A');
    for (auto const& text :
         {"uuid:schemas:device:" + many + ":end", "uuid:" + many + "::upnp:rootdevice", "uuid:" + many,
          "urn:schemas-upnp-org:service:" + many + ":1", "urn:schemas-upnp-org:device:" + many + ":1",
          "urn:schemas-upnp-org:service:" + many, "urn:" + many + ":service:A:1",
          "urn:schemas-upnp-org:device:A:" + std::string(500, '1'), std::string(1400, 'A')})
        EXPECT_EQ(parse_search_target(text).error(), errc::malformed) << text;
}

TEST(search_target, miniupnp_267_colons_without_end)
{
    for (std::size_t const count : {1U, 3U, 4U, 5U, 300U, 2000U}) {
        EXPECT_FALSE(parse_search_target(std::string(count, ':')));
        EXPECT_FALSE(parse_search_target("urn" + std::string(count, ':')));
        EXPECT_FALSE(parse_search_target("urn:schemas-upnp-org:service" + std::string(count, ':')));
    }
}

TEST(search_target, CVE_2019_20215_words_for_a_shell_are_no_type)
{
    for (auto const* text : {"urn:device:1;telnetd", "urn:schemas-upnp-org:device:`id`:1",
                             "urn:schemas-upnp-org:device:$(id):1", "urn:schemas-upnp-org:device:A;B:1",
                             "urn:schemas-upnp-org:device:%n%s:1", "urn:schemas-upnp-org:device:A\r\nX:1"})
        EXPECT_FALSE(parse_search_target(text)) << text;
}

TEST(search_target, cut_anywhere_it_is_not_read_beyond)
{
    for (std::string const whole : {"uuid:2fac1234-31f8-11b4-a222-08002b34c003",
                                    "urn:schemas-upnp-org:service:SwitchPower:123", "upnp:rootdevice"})
        for (std::size_t size = 0; size < whole.size(); ++size) {
            test::guarded_buffer const cut{std::string_view{whole}.substr(0, size)};
            auto const target = parse_search_target(cut.view());
            if (target) { // a version that lost digits is still one
                EXPECT_EQ(to_string(*target), cut.view());
            }
        }
}

} // namespace
} // namespace onlink
