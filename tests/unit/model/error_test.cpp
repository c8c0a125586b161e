// SPDX-License-Identifier: BSL-1.0
#include <onlink/error.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace onlink {
namespace {

TEST(error, each_code_has_a_message_of_its_own)
{
    std::set<std::string> messages;
    for (int code = static_cast<int>(errc::malformed); code <= static_cast<int>(errc::bad_state); ++code) {
        auto const message = error_category().message(code);
        EXPECT_FALSE(message.empty());
        EXPECT_NE(message.back(), '.');
        EXPECT_NE(message, "unknown error") << code;
        EXPECT_TRUE(messages.insert(message).second) << message;
    }
    EXPECT_EQ(error_category().message(0), "unknown error");
}

TEST(error, errc_becomes_an_error_code)
{
    boost::system::error_code const e = errc::too_large;
    EXPECT_EQ(e, errc::too_large);
    EXPECT_NE(e, errc::malformed);
    EXPECT_STREQ(e.category().name(), "onlink");
    EXPECT_EQ(e.message(), "too large");
}

TEST(error, a_defect_names_place_and_reason)
{
    EXPECT_EQ((defect{errc::missing, "friendlyName"}.message()), "friendlyName: missing");
    EXPECT_EQ((defect{errc::missing, ""}.message()), "missing");
}

TEST(error, value_of_a_defect_throws_configuration_error)
{
    checked<int> const bad = defect{errc::duplicate, "UDN"};
    try {
        (void)bad.value();
        FAIL();
    } catch (configuration_error const& e) {
        EXPECT_STREQ(e.what(), "UDN: occurs twice");
        EXPECT_EQ(e.what_is_wrong().code, errc::duplicate);
        EXPECT_EQ(e.what_is_wrong().where, "UDN");
    }
    EXPECT_EQ(checked<int>{7}.value(), 7);
}

} // namespace
} // namespace onlink
