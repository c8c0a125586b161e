// SPDX-License-Identifier: BSL-1.0
#include <onlink/handler.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <memory>

namespace onlink {
namespace {

namespace asio = boost::asio;

action_call call_with(std::vector<named_value> arguments)
{
    return {"Act", std::move(arguments), asio::ip::make_address("192.0.2.9"), "eth0"};
}

/// Runs a handler of either kind to its end.
action_result run(action_handler& handler, std::vector<named_value> arguments)
{
    auto call = call_with(std::move(arguments));
    if (auto* const now = std::get_if<action_handler::immediate>(&handler.run))
        return (*now)(call);

    asio::io_context io;
    std::exception_ptr thrown;
    action_result answer = upnp_error{0, "never finished"};
    auto running = std::get<action_handler::deferred>(handler.run)(std::move(call));
    asio::co_spawn(io, std::move(running), [&](std::exception_ptr e, action_result r) {
        thrown = e;
        answer = std::move(r);
    });
    io.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return answer;
}

/// Lets the loop turn once, so that a coroutine really is suspended.
asio::awaitable<void> pass()
{
    auto const here = co_await asio::this_coro::executor;
    co_await asio::post(here, asio::use_awaitable);
}

bool is_deferred(action_handler const& h) { return std::holds_alternative<action_handler::deferred>(h.run); }

std::vector<value> values_of(action_result const& r)
{
    std::vector<value> values;
    for (auto const& v : r.value().values())
        values.push_back(v.value);
    return values;
}

TEST(handler, general_form_sees_the_call)
{
    auto by_reference = action_handler::of([](action_call const& call) -> action_result {
        return outputs{{"Who", call.caller().to_string()}};
    });
    EXPECT_FALSE(is_deferred(by_reference));
    EXPECT_FALSE(by_reference.signature);
    EXPECT_EQ(values_of(run(by_reference, {})), std::vector<value>{"192.0.2.9"});

    auto by_value = action_handler::of([](action_call) -> action_result {
        return upnp_error{701, "jammed"};
    });
    EXPECT_FALSE(by_value.signature);
    EXPECT_EQ(run(by_value, {}).error(), (upnp_error{701, "jammed"}));
}

TEST(handler, general_form_as_a_coroutine)
{
    auto handler = action_handler::of([](action_call call) -> asio::awaitable<action_result> {
        co_await pass();
        co_return outputs{{"Double", 2 * call.in<int>("Number")}};
    });
    EXPECT_TRUE(is_deferred(handler));
    EXPECT_FALSE(handler.signature);
    EXPECT_EQ(values_of(run(handler, {{"Number", 21}})), std::vector<value>{42});
}

TEST(handler, typed_form_without_a_result)
{
    int seen = 0;
    auto handler = action_handler::of([&](std::uint8_t level, std::string const& label) {
        seen = level;
        EXPECT_EQ(label, "warm");
    });
    ASSERT_TRUE(handler.signature);
    EXPECT_EQ(handler.signature->in.size(), 2u);
    EXPECT_TRUE(handler.signature->out.empty());
    EXPECT_TRUE(values_of(run(handler, {{"Level", 7}, {"Label", "warm"}})).empty());
    EXPECT_EQ(seen, 7);
}

TEST(handler, typed_form_with_one_result)
{
    auto handler = action_handler::of([](int a, int b) { return a + b; });
    EXPECT_EQ(values_of(run(handler, {{"A", 2}, {"B", 3}})), std::vector<value>{5});
    auto nothing_in = action_handler::of([] { return std::string{"here"}; });
    EXPECT_EQ(values_of(run(nothing_in, {})), std::vector<value>{"here"});
}

TEST(handler, typed_form_with_a_tuple)
{
    auto handler = action_handler::of([](double d) {
        return std::tuple{d > 1, bytes(2, std::byte{7}), 1.5};
    });
    ASSERT_EQ(handler.signature->out.size(), 3u);
    EXPECT_EQ(handler.signature->out[0].kind, value_kind::boolean);
    EXPECT_EQ(handler.signature->out[1].kind, value_kind::binary);
    EXPECT_EQ(handler.signature->out[2].kind, value_kind::real);
    EXPECT_EQ(values_of(run(handler, {{"D", 2.0}})), (std::vector<value>{true, bytes(2, std::byte{7}), 1.5}));
}

TEST(handler, typed_form_with_an_outcome)
{
    auto handler = action_handler::of([](int divisor) -> action_outcome<int> {
        if (divisor == 0)
            return upnp_error::argument_value_invalid();
        return 100 / divisor;
    });
    EXPECT_EQ(handler.signature->out.size(), 1u);
    EXPECT_EQ(values_of(run(handler, {{"D", 5}})), std::vector<value>{20});
    EXPECT_EQ(run(handler, {{"D", 0}}).error().code, 600);

    auto nothing_out = action_handler::of([](bool good) -> action_outcome<void> {
        if (!good)
            return upnp_error::action_failed();
        return {};
    });
    EXPECT_TRUE(nothing_out.signature->out.empty());
    EXPECT_TRUE(run(nothing_out, {{"Good", true}}));
    EXPECT_EQ(run(nothing_out, {{"Good", false}}).error().code, 501);

    auto pair = action_handler::of([]() -> action_outcome<std::tuple<int, std::string>> {
        return std::tuple<int, std::string>{1, "one"};
    });
    EXPECT_EQ(pair.signature->out.size(), 2u);
    EXPECT_EQ(values_of(run(pair, {})), (std::vector<value>{1, "one"}));
}

struct reading {
    double degrees;
    std::string place;
};
struct wish {
    bool on;
    std::uint8_t level;
    std::string label;
};

TEST(handler, a_struct_holds_all_out_arguments)
{
    auto now = action_handler::of([](double d) { return reading{d, "attic"}; });
    ASSERT_EQ(now.signature->out.size(), 2u);
    EXPECT_EQ(now.signature->out[0].kind, value_kind::real);
    EXPECT_EQ(now.signature->out[1].kind, value_kind::text);
    EXPECT_EQ(values_of(run(now, {{"D", 1.5}})), (std::vector<value>{1.5, "attic"}));

    auto outcome = action_handler::of([](bool good) -> action_outcome<reading> {
        if (!good)
            return upnp_error{702, {}};
        return reading{2, "cellar"};
    });
    EXPECT_EQ(values_of(run(outcome, {{"Good", true}})), (std::vector<value>{2.0, "cellar"}));
    EXPECT_EQ(run(outcome, {{"Good", false}}).error().code, 702);

    auto later = action_handler::of([](double d) -> asio::awaitable<reading> {
        co_await pass();
        co_return reading{d, "long enough to live on the heap"};
    });
    EXPECT_TRUE(is_deferred(later));
    EXPECT_EQ(values_of(run(later, {{"D", 3.5}})),
              (std::vector<value>{3.5, "long enough to live on the heap"}));
}

TEST(handler, a_struct_takes_all_in_arguments)
{
    auto now = action_handler::of([](wish const& w) { return w.label + (w.on ? "!" : "?"); });
    ASSERT_EQ(now.signature->in.size(), 3u);
    EXPECT_EQ(now.signature->in[1].greatest, 255u);
    EXPECT_EQ(values_of(run(now, {{"On", true}, {"Level", 7}, {"Label", "a"}})), std::vector<value>{"a!"});

    auto later = action_handler::of([](wish w) -> asio::awaitable<int> {
        co_await pass();
        co_return w.level;
    });
    EXPECT_EQ(values_of(run(later, {{"On", true}, {"Level", 7}, {"Label", "a"}})), std::vector<value>{7});
}

TEST(handler, an_action_caller_in_front_tells_who_asks_and_where)
{
    action_caller const expected{asio::ip::make_address("192.0.2.9"), "eth0"};
    auto alone = action_handler::of([&](action_caller const& from) { EXPECT_EQ(from, expected); });
    EXPECT_TRUE(alone.signature->in.empty());
    EXPECT_TRUE(run(alone, {}));

    auto with_values = action_handler::of([](action_caller const& from, int i) {
        return std::tuple{from.address.to_string(), from.interface_name, i};
    });
    EXPECT_EQ(with_values.signature->in.size(), 1u);
    EXPECT_EQ(values_of(run(with_values, {{"I", 5}})), (std::vector<value>{"192.0.2.9", "eth0", 5}));

    auto later = action_handler::of([](action_caller from, wish w) -> asio::awaitable<std::string> {
        co_await pass();
        co_return from.interface_name + w.label;
    });
    EXPECT_EQ(values_of(run(later, {{"On", true}, {"Level", 7}, {"Label", "a"}})),
              std::vector<value>{"eth0a"});
}

TEST(handler, TYPE_17_TYPE_21_dates_and_times_as_types_of_their_own)
{
    auto next_day = action_handler::of([](std::chrono::year_month_day d) {
        return std::chrono::year_month_day{std::chrono::local_days{d} + std::chrono::days{1}};
    });
    EXPECT_EQ(next_day.signature->in[0].kind, value_kind::date);
    using namespace std::chrono;
    EXPECT_EQ(values_of(run(next_day, {{"D", 2024y / 2 / 28}})), std::vector<value>{2024y / 2 / 29});
    auto instant = action_handler::of([](zoned_date_time t) { return zoned_time_of_day{{}, t.offset}; });
    EXPECT_EQ(values_of(run(instant, {{"T", zoned_date_time{{}, 90min}}})),
              (std::vector<value>{zoned_time_of_day{{}, 90min}}));
}

TEST(handler, typed_forms_as_coroutines)
{
    auto nothing = action_handler::of([](int) -> asio::awaitable<void> { co_await pass(); });
    EXPECT_TRUE(is_deferred(nothing));
    EXPECT_TRUE(values_of(run(nothing, {{"A", 1}})).empty());

    auto one = action_handler::of([](std::string text) -> asio::awaitable<std::string> {
        co_await pass();
        co_return text + "!";
    });
    EXPECT_EQ(values_of(run(one, {{"Text", "long enough to live on the heap"}})),
              std::vector<value>{"long enough to live on the heap!"});

    auto two = action_handler::of([]() -> asio::awaitable<std::tuple<bool, int>> {
        co_await pass();
        co_return std::tuple{true, 2};
    });
    EXPECT_EQ(values_of(run(two, {})), (std::vector<value>{true, 2}));

    auto outcome = action_handler::of([](bool good) -> asio::awaitable<action_outcome<int>> {
        co_await pass();
        if (!good)
            co_return upnp_error{702, {}};
        co_return 1;
    });
    EXPECT_EQ(outcome.signature->out.size(), 1u);
    EXPECT_EQ(values_of(run(outcome, {{"Good", true}})), std::vector<value>{1});
    EXPECT_EQ(run(outcome, {{"Good", false}}).error().code, 702);
}

TEST(handler, may_be_mutable_move_only_in_state_or_a_function)
{
    auto counting = action_handler::of([count = 0]() mutable { return ++count; });
    EXPECT_EQ(values_of(run(counting, {})), std::vector<value>{1});
    EXPECT_EQ(values_of(run(counting, {})), std::vector<value>{2});

    auto shared = std::make_shared<int>(5);
    auto holding = action_handler::of([shared]() noexcept { return *shared; });
    EXPECT_EQ(values_of(run(holding, {})), std::vector<value>{5});

    struct doubling {
        static int twice(int i) { return 2 * i; }
    };
    auto function = action_handler::of(&doubling::twice);
    EXPECT_EQ(values_of(run(function, {{"I", 4}})), std::vector<value>{8});
}

TEST(handler, exceptions_pass_through_to_the_host)
{
    auto now = action_handler::of([]() -> int { throw std::runtime_error("secret"); });
    EXPECT_THROW((void)run(now, {}), std::runtime_error);
    auto later = action_handler::of([]() -> asio::awaitable<int> {
        co_await pass();
        throw std::runtime_error("secret");
    });
    EXPECT_THROW((void)run(later, {}), std::runtime_error);
    auto narrow = action_handler::of([](std::uint8_t) {});
    EXPECT_THROW((void)run(narrow, {{"A", 256}}), boost::system::system_error);
}

TEST(handler, whatever_a_form_throws_passes_through_to_the_host)
{
    action_handler throwing[] = {
        action_handler::of([]() -> reading { throw 42; }),
        action_handler::of([](wish) { throw 42; }),
        action_handler::of([](action_caller const&) { throw 42; }),
        action_handler::of([]() -> action_outcome<reading> { throw 42; }),
        action_handler::of([](action_call const&) -> action_result { throw 42; }),
        action_handler::of([]() -> std::tuple<int, bool> { throw 42; }),
        action_handler::of([](wish) -> asio::awaitable<reading> {
            co_await pass();
            throw 42;
        }),
        action_handler::of([](action_caller) -> asio::awaitable<void> {
            co_await pass();
            throw 42;
        }),
        action_handler::of([]() -> asio::awaitable<action_outcome<reading>> {
            co_await pass();
            throw 42;
        }),
        action_handler::of([](action_call) -> asio::awaitable<action_result> {
            co_await pass();
            throw 42;
        }),
    };
    for (auto& each : throwing)
        EXPECT_THROW((void)run(each, {{"On", true}, {"Level", 7}, {"Label", "a"}}), int);
    auto narrow = action_handler::of([](wish) {});
    EXPECT_THROW((void)run(narrow, {{"On", true}, {"Level", 256}, {"Label", "a"}}),
                 boost::system::system_error);
}

TEST(handler, structs_with_callers_outcomes_and_coroutines_all_at_once)
{
    auto handler =
        action_handler::of([](action_caller from, wish w) -> asio::awaitable<action_outcome<reading>> {
            co_await pass();
            if (!w.on)
                co_return upnp_error{703, {}};
            co_return reading{w.level / 2.0, w.label + " of " + from.address.to_string()};
        });
    EXPECT_TRUE(is_deferred(handler));
    EXPECT_EQ(handler.signature->in.size(), 3u);
    EXPECT_EQ(handler.signature->out.size(), 2u);
    EXPECT_EQ(values_of(run(handler, {{"On", true}, {"Level", 7}, {"Label", "a label on the heap"}})),
              (std::vector<value>{3.5, "a label on the heap of 192.0.2.9"}));
    EXPECT_EQ(run(handler, {{"On", false}, {"Level", 7}, {"Label", ""}}).error().code, 703);
}

TEST(handler, a_struct_may_have_one_member_defaults_and_calendar_types)
{
    struct alone {
        std::string name = "nobody";
    };
    struct moments {
        std::chrono::year_month_day day{};
        zoned_date_time when{};
        bool kept = true;
    };
    auto one = action_handler::of([](alone a) { return alone{a.name + "!"}; });
    ASSERT_EQ(one.signature->in.size(), 1u);
    ASSERT_EQ(one.signature->out.size(), 1u);
    EXPECT_EQ(values_of(run(one, {{"Name", "me"}})), std::vector<value>{"me!"});

    auto calendar = action_handler::of([] { return moments{}; });
    ASSERT_EQ(calendar.signature->out.size(), 3u);
    EXPECT_EQ(calendar.signature->out[0].kind, value_kind::date);
    EXPECT_EQ(calendar.signature->out[1].kind, value_kind::date_time)
        << "one member, though an aggregate itself";
    EXPECT_EQ(calendar.signature->out[2].kind, value_kind::boolean);
}

TEST(handler, the_contract_of_a_signature)
{
    auto const handler =
        action_handler::of([](bool, std::int8_t, std::uint64_t, float, std::string, bytes) {});
    auto const& in = handler.signature->in;
    ASSERT_EQ(in.size(), 6u);
    EXPECT_EQ(in[0].kind, value_kind::boolean);
    EXPECT_EQ(in[1].kind, value_kind::integer);
    EXPECT_EQ(in[1].least, -128);
    EXPECT_EQ(in[1].greatest, 127u);
    EXPECT_EQ(in[2].least, 0);
    EXPECT_EQ(in[2].greatest, std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(in[3].kind, value_kind::real);
    EXPECT_EQ(in[4].kind, value_kind::text);
    EXPECT_EQ(in[5].kind, value_kind::binary);
}

} // namespace
} // namespace onlink
