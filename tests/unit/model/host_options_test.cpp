// SPDX-License-Identifier: BSL-1.0
#include <onlink/host_options.hpp>

#include <gtest/gtest.h>

#include <functional>

namespace onlink {
namespace {

TEST(host_options, defaults_are_legal)
{
    auto const legal = host_options{}.check();
    EXPECT_TRUE(legal) << legal.error().message();
}

TEST(host_options, everything_may_be_set)
{
    host_options const options{.interfaces = {"eth0", "eth1"},
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
        {[](options& o) {
             o.interfaces = {"eth0", "eth1", "eth0"};
         },
         errc::duplicate, "interfaces, eth0"},
        {[](options& o) { o.interfaces = {""}; }, errc::malformed, "interfaces"},
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

} // namespace
} // namespace onlink
