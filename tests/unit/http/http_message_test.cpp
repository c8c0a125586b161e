// SPDX-License-Identifier: BSL-1.0
#include "http/http_message.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

TEST(header_fields, names_are_compared_without_case)
{
    header_fields fields;
    fields.add("Host", "a");
    fields.add("X", "1");
    fields.add("x", "2");
    EXPECT_EQ(fields.count("HOST"), 1u);
    EXPECT_EQ(fields.count("x"), 2u);
    EXPECT_EQ(fields.count("y"), 0u);
    EXPECT_TRUE(fields.has("host"));
    EXPECT_FALSE(fields.has("hos"));
    EXPECT_EQ(fields.one("hOST"), "a");
    EXPECT_EQ(fields.one("y"), std::nullopt);
}

TEST(header_fields, a_doubled_field_is_nobodys)
{
    header_fields fields;
    fields.add("SID", "uuid:1");
    fields.add("sid", "uuid:1");
    EXPECT_EQ(fields.one("SID"), std::nullopt);
}

http_request with_connection(unsigned version, std::initializer_list<std::string_view> values)
{
    http_request request;
    request.version = version;
    for (auto const value : values)
        request.fields.add("connection", value);
    return request;
}

TEST(http_request, DESC_10_connections_of_http_1_1_stay_open)
{
    EXPECT_TRUE(with_connection(11, {}).keep_alive());
    EXPECT_TRUE(with_connection(11, {""}).keep_alive());
    EXPECT_TRUE(with_connection(11, {"keep-alive"}).keep_alive());
    EXPECT_TRUE(with_connection(11, {"closed, close-later", "not close"}).keep_alive());
}

TEST(http_request, DESC_11_a_close_among_other_options_counts)
{
    EXPECT_FALSE(with_connection(11, {"close"}).keep_alive());
    EXPECT_FALSE(with_connection(11, {"CLOSE"}).keep_alive());
    EXPECT_FALSE(with_connection(11, {"keep-alive,\tClose "}).keep_alive());
    EXPECT_FALSE(with_connection(11, {"keep-alive", ",,close,"}).keep_alive());
}

TEST(http_request, DESC_09_http_1_0_never_does)
{
    EXPECT_FALSE(with_connection(10, {}).keep_alive());
    EXPECT_FALSE(with_connection(10, {"keep-alive"}).keep_alive());
}

} // namespace
} // namespace onlink
