// SPDX-License-Identifier: BSL-1.0
#include "eventing/subscribe_response.hpp"

#include <gtest/gtest.h>

namespace onlink {
namespace {

using namespace std::chrono_literals;

sid const id = sid::parse("uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa").value();

TEST(subscribe_response, GENA_13_GENA_14_what_was_granted)
{
    auto const response = write_subscribe_response({id, 1800s, {}}, "Wed, 15 Nov 2023 08:00:00 GMT",
                                                   "ExampleOS/3.2 UPnP/2.0 LampStack/0.1");
    EXPECT_EQ(write_response(response, 11, false), "HTTP/1.1 200 OK\r\n"
                                                   "DATE: Wed, 15 Nov 2023 08:00:00 GMT\r\n"
                                                   "SERVER: ExampleOS/3.2 UPnP/2.0 LampStack/0.1\r\n"
                                                   "SID: uuid:0b7c9d52-8e1f-4a63-b2d4-5566778899aa\r\n"
                                                   "TIMEOUT: Second-1800\r\n"
                                                   "CONTENT-LENGTH: 0\r\n"
                                                   "\r\n");
}

TEST(subscribe_response, GENA_17_ACCEPTED_STATEVAR_lists_what_was_accepted)
{
    auto const one = write_subscribe_response({id, 86400s, {"Status"}}, "", "");
    EXPECT_EQ(one.fields.one("ACCEPTED-STATEVAR"), "Status");
    EXPECT_EQ(one.fields.one("TIMEOUT"), "Second-86400");
    auto const two = write_subscribe_response({id, 86400s, {"Status", "Level"}}, "", "");
    EXPECT_EQ(two.fields.one("ACCEPTED-STATEVAR"), "Status,Level");
    EXPECT_FALSE(write_subscribe_response({id, 86400s, {}}, "", "").fields.has("ACCEPTED-STATEVAR"));
}

} // namespace
} // namespace onlink
