// SPDX-License-Identifier: BSL-1.0
#include "http/accept_encoding.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

bool asks(std::string_view value)
{
    http_request request;
    request.fields.add("Accept-Encoding", value);
    return accepts_gzip(request);
}

TEST(accept_encoding, DESC_19_gzip_by_name)
{
    for (auto const* value : {"gzip", "GZIP", "x-gzip", "deflate, gzip", "gzip, deflate, br", "gzip;q=1.0",
                              "gzip; q=0.5", "br;q=0, gzip;q=0.001", " gzip ", ", ,gzip"})
        EXPECT_TRUE(asks(value)) << value;
}

TEST(accept_encoding, DESC_19_never_for_a_client_that_did_not_ask)
{
    EXPECT_FALSE(accepts_gzip(http_request{}));
    for (auto const* value : {"", "*", "identity", "deflate", "gzip;q=0", "gzip; Q=0.000", "gzipped", "xgzip",
                              "\"gzip\"", "identity;q=0"})
        EXPECT_FALSE(asks(value)) << value;
}

TEST(accept_encoding, DESC_19_a_doubled_field_asks_for_nothing)
{
    http_request request;
    request.fields.add("ACCEPT-ENCODING", "gzip");
    request.fields.add("ACCEPT-ENCODING", "gzip");
    EXPECT_FALSE(accepts_gzip(request));
}

} // namespace
} // namespace onlink
