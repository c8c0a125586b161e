// SPDX-License-Identifier: BSL-1.0
#include <onlink/web_content.hpp>

#include <gtest/gtest.h>

namespace onlink {
namespace {

boost::asio::awaitable<void> nothing(web_exchange&) { co_return; }

web_content legal()
{
    return {.files = {{"/light/", "text/html", "<p>"}},
            .folders = {{"/media/", "/srv/media"}},
            .routes = {{"/print", {"POST"}, nothing, 1000}}};
}

TEST(web_content, what_can_be_served) { EXPECT_TRUE(legal().check()); }

TEST(web_content, refuses_and_says_where)
{
    struct {
        void (*spoil)(web_content&);
        errc code;
        char const* where;
    } const cases[] = {
        {[](web_content& w) { w.files[0].path = "light"; }, errc::malformed, "web.files, light"},
        {[](web_content& w) { w.files[0].path = "/a b"; }, errc::malformed, "web.files, /a b"},
        {[](web_content& w) { w.files[0].path = "/../x"; }, errc::malformed, "web.files, /../x"},
        {[](web_content& w) { w.files[0].content_type = ""; }, errc::malformed,
         "web.files, /light/.content_type"},
        {[](web_content& w) { w.files[0].content_type = "a\r\nb"; }, errc::malformed,
         "web.files, /light/.content_type"},
        {[](web_content& w) { w.files.push_back(w.files[0]); }, errc::duplicate, "web.files, /light/"},
        {[](web_content& w) { w.folders[0].path = "/media"; }, errc::malformed, "web.folders, /media"},
        {[](web_content& w) { w.folders[0].path = "/light/"; }, errc::duplicate, "web.folders, /light/"},
        {[](web_content& w) { w.folders[0].directory = ""; }, errc::missing,
         "web.folders, /media/.directory"},
        {[](web_content& w) { w.folders[0].index = "a/b"; }, errc::malformed, "web.folders, /media/.index"},
        {[](web_content& w) { w.folders[0].index = ".x"; }, errc::malformed, "web.folders, /media/.index"},
        {[](web_content& w) { w.routes[0].methods.clear(); }, errc::missing, "web.routes, /print.methods"},
        {[](web_content& w) { w.routes[0].methods = {"GE T"}; }, errc::malformed,
         "web.routes, /print.methods"},
        {[](web_content& w) { w.routes[0].methods = {""}; }, errc::malformed, "web.routes, /print.methods"},
        {[](web_content& w) { w.routes[0].run = {}; }, errc::missing, "web.routes, /print.run"},
    };
    for (auto const& c : cases) {
        auto content = legal();
        c.spoil(content);
        auto const checked = content.check();
        ASSERT_FALSE(checked) << c.where;
        EXPECT_EQ(checked.error().code, c.code) << c.where;
        EXPECT_EQ(checked.error().where, c.where);
    }
}

TEST(web_request, a_field_in_any_case_if_it_is_there_once)
{
    web_request request;
    request.fields = {{"Content-Type", "text/plain"}, {"X", "1"}, {"x", "2"}};
    EXPECT_EQ(request.field("CONTENT-TYPE"), "text/plain");
    EXPECT_EQ(request.field("X"), std::nullopt);
    EXPECT_EQ(request.field("Y"), std::nullopt);
}

} // namespace
} // namespace onlink
