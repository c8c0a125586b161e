// SPDX-License-Identifier: BSL-1.0
#include "http/product_tokens.hpp"

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

} // namespace
} // namespace onlink
