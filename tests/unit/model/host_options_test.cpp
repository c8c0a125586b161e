// SPDX-License-Identifier: BSL-1.0
#include <onlink/host_options.hpp>

#include <gtest/gtest.h>

#include <functional>

namespace onlink {
namespace {

ip_prefix prefix(char const* text) { return ip_prefix::parse(text).value(); }

TEST(host_options, defaults_are_legal)
{
    auto const legal = host_options{}.check();
    EXPECT_TRUE(legal) << legal.error().message();
}

TEST(host_options, everything_may_be_set)
{
    host_options const options{.interfaces = {"eth0", "eth1"},
                               .extra_segments = {{"eth0", prefix("10.0.0.0/8")},
                                                  {"eth0", prefix("192.168.30.9/32")},
                                                  {"eth7", prefix("2001:db8::/32")},
                                                  {"eth7", prefix("fd00::1/128")}},
                               .port = 49300,
                               .operating_system = product_token{"ExampleOS", "3.2"},
                               .product = product_token{"LampStack", "0.1"},
                               .language = "de-DE-1996",
                               .boot_id = 2147483647,
                               .config_id = 16777215};
    auto const legal = options.check();
    EXPECT_TRUE(legal) << legal.error().message();
}

TEST(host_options, what_cannot_work_is_refused_by_name)
{
    using options = host_options;
    struct {
        std::function<void(options&)> change;
        errc code;
        char const* where;
    } const table[] = {
        {[](options& o) { o.limits.http.max_body = 0; }, errc::out_of_range, "limits.http.max_body"},
        {[](options& o) { o.policies.multicast_ttl = 0; }, errc::out_of_range, "policies.multicast_ttl"},
        {[](options& o) { o.policies.site_hop_limit = 0; }, errc::out_of_range, "policies.site_hop_limit"},
        {[](options& o) {
             o.boot_id = 7;
             o.boot_ids = boot_id_file("unused");
         },
         errc::contradictory, "boot_ids"},
        {[](options& o) { o.search_port = 1900; }, errc::out_of_range, "search_port"},
        {[](options& o) { o.search_port = 49151; }, errc::out_of_range, "search_port"},
        {[](options& o) {
             o.interfaces = {"eth0", "eth1", "eth0"};
         },
         errc::duplicate, "interfaces, eth0"},
        {[](options& o) { o.interfaces = {""}; }, errc::malformed, "interfaces"},
        {[](options& o) { o.policies.multicast_event_repeats = 4; }, errc::out_of_range,
         "policies.multicast_event_repeats"},
        {[](options& o) { o.policies.initial_event_delay = std::chrono::milliseconds{-1}; },
         errc::out_of_range, "policies.initial_event_delay"},
        {[](options& o) { o.policies.initial_event_delay = std::chrono::milliseconds{5001}; },
         errc::out_of_range, "policies.initial_event_delay"},
        {[](options& o) { o.policies.refused_callback_ports.push_back(0); }, errc::out_of_range,
         "policies.refused_callback_ports"},
        {[](options& o) {
             o.extra_segments = {{"", prefix("192.168.30.0/24")}};
         },
         errc::malformed, "extra_segments"},
        {[](options& o) {
             o.extra_segments = {{"eth0", prefix("192.168.30.0/24")}, {"eth1", prefix("8.0.0.0/7")}};
         },
         errc::out_of_range, "extra_segments, eth1"},
        {[](options& o) {
             o.extra_segments = {{"eth0", prefix("0.0.0.0/0")}};
         },
         errc::out_of_range, "extra_segments, eth0"},
        {[](options& o) {
             o.extra_segments = {{"eth0", prefix("2001:db8::/31")}};
         },
         errc::out_of_range, "extra_segments, eth0"},
        {[](options& o) {
             o.extra_segments = {{"eth0", {prefix("10.0.0.0/8").network, 33}}};
         },
         errc::out_of_range, "extra_segments, eth0"},
        {[](options& o) {
             o.extra_segments = {{"eth0", {prefix("fd00::/64").network, 129}}};
         },
         errc::out_of_range, "extra_segments, eth0"},
        {[](options& o) {
             o.extra_segments = {{"eth\n0", prefix("8.0.0.0/7")}};
         },
         errc::out_of_range, "extra_segments, eth?0"},
        {[](options& o) {
             o.extra_segments.assign(65, {"eth0", prefix("192.168.30.0/24")});
         },
         errc::too_large, "extra_segments"},
        // VER-01
        {[](options& o) {
             o.operating_system = {"", "1"};
         },
         errc::malformed, "operating_system.name"},
        {[](options& o) {
             o.operating_system = {"Example OS", "1"};
         },
         errc::malformed, "operating_system.name"},
        {[](options& o) {
             o.operating_system = {"OS", ""};
         },
         errc::malformed, "operating_system.version"},
        {[](options& o) {
             o.product = {"a/b", "1"};
         },
         errc::malformed, "product.name"},
        {[](options& o) {
             o.product = {"a,", "1"};
         },
         errc::malformed, "product.name"},
        {[](options& o) {
             o.product = {"a", "1\r\nX: y"};
         },
         errc::malformed, "product.version"},
        {[](options& o) {
             o.product = {"\xC3\xA4", "1"};
         },
         errc::malformed, "product.name"},
        {[](options& o) { o.language = ""; }, errc::malformed, "language"},
        {[](options& o) { o.language = "e n"; }, errc::malformed, "language"},
        {[](options& o) { o.language = "en-"; }, errc::malformed, "language"},
        {[](options& o) { o.language = "en--US"; }, errc::malformed, "language"},
        {[](options& o) { o.language = "1996-de"; }, errc::malformed, "language"},
        {[](options& o) { o.language = "abcdefghi"; }, errc::malformed, "language"},
        {[](options& o) { o.language = "en\r\nX"; }, errc::malformed, "language"},
        {[](options& o) { o.boot_id = 2147483648; }, errc::out_of_range, "boot_id"},   // SSDP-21
        {[](options& o) { o.config_id = 16777216; }, errc::out_of_range, "config_id"}, // SSDP-22
    };
    for (auto const& row : table) {
        options o;
        row.change(o);
        auto const legal = o.check();
        ASSERT_FALSE(legal) << row.where;
        EXPECT_EQ(legal.error().code, row.code) << row.where;
        EXPECT_EQ(legal.error().where, row.where);
    }
}

TEST(host_options, as_many_extra_segments_as_are_allowed)
{
    host_options options;
    options.extra_segments.assign(64, {"eth0", prefix("192.168.30.0/24")});
    EXPECT_TRUE(options.check());
}

} // namespace
} // namespace onlink
