// SPDX-License-Identifier: BSL-1.0
#include "http/product_tokens.hpp"

#include "base/ascii.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

TEST(product_tokens, G_13_server)
{
    EXPECT_EQ(server_tokens({"ExampleOS", "3.2"}, uda_version::v2_0, {"LampStack", "0.1"}),
              "ExampleOS/3.2 UPnP/2.0 LampStack/0.1");
    EXPECT_EQ(server_tokens({"a", "1"}, uda_version::v1_1, {"b", "2"}), "a/1 UPnP/1.1 b/2");
    EXPECT_EQ(server_tokens({"a", "1"}, uda_version::v1_0, {"b", "2"}), "a/1 UPnP/1.0 b/2");
}

TEST(product_tokens, parts_are_tokens)
{
    for (std::string_view const part : {"Linux", "6.1.0-18-amd64", "0.1", "a_b~c+d"})
        EXPECT_TRUE(ascii::is_token(part)) << part;
    for (std::string_view const part : {"", " ", "a b", "a/b", "a,b", "a\r\nX", "(x)", "\xC3\xA4"})
        EXPECT_FALSE(ascii::is_token(part)) << part;
}

} // namespace
} // namespace onlink
