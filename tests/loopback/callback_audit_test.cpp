// SPDX-License-Identifier: BSL-1.0
#include <onlink/callback_audit.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace onlink {
namespace {

using testing::Contains;

boost::asio::ip::address ip(char const* text) { return boost::asio::ip::make_address(text); }

TEST(callback_audit, says_what_a_device_here_would_make_of_a_url)
{
    auto const verdict = audit_callback("lo", "http://127.0.0.1:8080/ev").value();
    EXPECT_EQ(verdict.refused, std::nullopt);
    EXPECT_EQ(verdict.address, ip("127.0.0.1"));
    EXPECT_EQ(verdict.port, 8080);
    EXPECT_THAT(verdict.segment, Contains(ip_prefix{ip("127.0.0.1"), 8}));

    EXPECT_EQ(audit_callback("lo", "http://203.0.113.7/").value().refused,
              refusal_reason::callback_off_segment);
    EXPECT_EQ(audit_callback("lo", "http://127.0.0.1:22/").value().refused, refusal_reason::callback_port);
    EXPECT_EQ(audit_callback("lo", "http://localhost/").value().refused,
              refusal_reason::callback_not_literal);
    EXPECT_EQ(audit_callback("lo", "http://127.0.0.1/" + std::string(5000, 'a')).value().refused,
              refusal_reason::callback_too_long);
}

TEST(callback_audit, takes_the_requester_into_account)
{
    EXPECT_EQ(audit_callback("lo", "http://127.0.0.1:8080/", ip("203.0.113.7")).value().refused,
              refusal_reason::connection_off_segment);
    EXPECT_EQ(audit_callback("lo", "http://127.0.0.1:8080/", ip("127.0.0.2")).value().refused,
              refusal_reason::callback_own_address);
    EXPECT_EQ(audit_callback("lo", "http://127.0.0.2:8080/", ip("127.0.0.3")).value().refused, std::nullopt);
    host_options strict;
    strict.policies.callback = callback_admission::same_host;
    EXPECT_EQ(audit_callback("lo", "http://127.0.0.2:8080/", ip("127.0.0.3"), strict).value().refused,
              refusal_reason::callback_not_requester);
}

TEST(callback_audit, extra_segments_count)
{
    host_options options;
    options.extra_segments = {{"lo", ip_prefix::parse("203.0.113.0/24").value()}};
    EXPECT_EQ(audit_callback("lo", "http://203.0.113.7:8080/", std::nullopt, options).value().refused,
              std::nullopt);
    EXPECT_EQ(audit_callback("lo", "http://203.0.114.7:8080/", std::nullopt, options).value().refused,
              refusal_reason::callback_off_segment);
}

TEST(callback_audit, an_interface_that_is_not_there_is_an_error)
{
    EXPECT_EQ(audit_callback("no-such-device", "http://127.0.0.1/").error(), errc::unknown_interface);
}

} // namespace
} // namespace onlink
