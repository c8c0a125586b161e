// SPDX-License-Identifier: BSL-1.0
#include "control/mandatory_extension.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

std::optional<std::string_view> said(std::string_view man, header_fields& fields)
{
    fields = {};
    fields.add("MAN", man);
    fields.add("01-SOAPACTION", "\"type#Action\"");
    return mandatory_soap_action(fields);
}

TEST(mandatory_extension, CTRL_04_SOAPACTION_has_the_number_that_MAN_declares)
{
    header_fields fields;
    for (auto const* man : {"\"http://schemas.xmlsoap.org/soap/envelope/\"; ns=01",
                            "\"http://schemas.xmlsoap.org/soap/envelope/\";ns=01",
                            "\"http://schemas.xmlsoap.org/soap/envelope/\" ; NS = 01 "})
        EXPECT_EQ(said(man, fields), "\"type#Action\"") << man;
    EXPECT_EQ(said("\"http://schemas.xmlsoap.org/soap/envelope/\"; ns=02", fields), "")
        << "its field is lacking";
}

TEST(mandatory_extension, CTRL_04_RFC_2774_another_declaration_is_not_understood)
{
    header_fields fields;
    EXPECT_EQ(mandatory_soap_action(fields), std::nullopt);
    for (auto const* man :
         {"", "\"http://schemas.xmlsoap.org/soap/envelope/\"",
          "http://schemas.xmlsoap.org/soap/envelope/; ns=01", "\"http://example.com/\"; ns=01",
          "\"http://schemas.xmlsoap.org/soap/envelope/\"; ns=1",
          "\"http://schemas.xmlsoap.org/soap/envelope/\"; ns=0x",
          "\"http://schemas.xmlsoap.org/soap/envelope/\"; ns",
          "\"http://schemas.xmlsoap.org/soap/envelope/\"; xx=01",
          "\"http://schemas.xmlsoap.org/soap/envelope/\" ns=01", "\"ssdp:discover\""})
        EXPECT_EQ(said(man, fields), std::nullopt) << man;
    said("\"http://schemas.xmlsoap.org/soap/envelope/\"; ns=01", fields);
    fields.add("MAN", "\"http://schemas.xmlsoap.org/soap/envelope/\"; ns=01");
    EXPECT_EQ(mandatory_soap_action(fields), std::nullopt) << "doubled";
}

} // namespace
} // namespace onlink
