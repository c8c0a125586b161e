// SPDX-License-Identifier: BSL-1.0
#include <onlink/action_call.hpp>

#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

namespace onlink {
namespace {

action_call sample()
{
    return {"SetLevel",
            {{"Level", 300}, {"Ramp", true}, {"Label", "warm"}},
            boost::asio::ip::make_address("192.0.2.9"),
            "eth0"};
}

TEST(action_call, tells_who_asks_what_and_where)
{
    auto const call = sample();
    EXPECT_EQ(call.action(), "SetLevel");
    EXPECT_EQ(call.arguments().size(), 3u);
    EXPECT_EQ(call.caller().to_string(), "192.0.2.9");
    EXPECT_EQ(call.interface_name(), "eth0");
}

TEST(action_call, gives_arguments_by_name_and_position)
{
    auto const call = sample();
    EXPECT_EQ(call.in<int>("Level"), 300);
    EXPECT_EQ(call.in<bool>("Ramp"), true);
    EXPECT_EQ(call.in<std::string>("Label"), "warm");
    EXPECT_EQ(call.in_at<unsigned>(0), 300u);
}

TEST(action_call, mistakes_of_the_handler_throw)
{
    auto const call = sample();
    auto const code_of = [](auto read) -> boost::system::error_code {
        try {
            read();
        } catch (boost::system::system_error const& e) {
            return e.code();
        }
        return {};
    };
    EXPECT_EQ(code_of([&] { (void)call.in<int>("level"); }), errc::unknown_name);
    EXPECT_EQ(code_of([&] { (void)call.in<bool>("Level"); }), errc::wrong_type);
    EXPECT_EQ(code_of([&] { (void)call.in<std::uint8_t>("Level"); }), errc::out_of_range);
    EXPECT_THROW((void)call.in_at<int>(3), std::out_of_range);
}

TEST(outputs, are_named_or_in_order)
{
    EXPECT_EQ((outputs{{"A", 1}, {"B", "b"}}.values()), (std::vector<named_value>{{"A", 1}, {"B", "b"}}));
    EXPECT_EQ((outputs{}.add("A", true).values()), (std::vector<named_value>{{"A", true}}));
    EXPECT_EQ(outputs::in_order({1, "b"}).values(), (std::vector<named_value>{{"", 1}, {"", "b"}}));
}

} // namespace
} // namespace onlink
