// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HANDLER_HPP
#define ONLINK_HANDLER_HPP

#include <boost/asio/awaitable.hpp>
#include <boost/pfr/core.hpp>
#include <onlink/action_call.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace onlink {

/// What a C++ parameter or result can carry; compared with the SCPD when the device is built.
struct carried_type {
    value_kind kind = value_kind::text;
    std::int64_t least = 0;     ///< for integers
    std::uint64_t greatest = 0; ///< for integers
    /// For a type without offset from UTC: the one data type that has none either.
    std::optional<data_type> only = std::nullopt;
};

/// A type of calendar.hpp, or a date.
template <class T>
concept calendar_value = std::same_as<T, std::chrono::year_month_day> || std::same_as<T, local_date_time> ||
    std::same_as<T, zoned_date_time> || std::same_as<T, time_of_day> || std::same_as<T, zoned_time_of_day>;

/// What a parameter or a result of a handler can be.
template <class T>
concept carried_value = std::same_as<T, bool> || std::integral<T> || std::floating_point<T> ||
    std::same_as<T, std::string> || std::same_as<T, bytes> || calendar_value<T>;

/// A struct whose members, in order, are arguments. std::array is none: it names nothing.
template <class T>
concept argument_record = std::is_aggregate_v<T> && std::is_class_v<T> && !carried_value<T> &&
                          !std::same_as<T, action_caller> && !requires
{
    std::tuple_size<T>::value;
};

/// The carried_type of a carried_value.
template <class T>
constexpr carried_type carried_type_of()
{
    if constexpr (std::same_as<T, bool>)
        return {value_kind::boolean, 0, 1, std::nullopt};
    else if constexpr (std::integral<T>)
        return {value_kind::integer, std::is_signed_v<T> ? std::int64_t{std::numeric_limits<T>::min()} : 0,
                static_cast<std::uint64_t>(std::numeric_limits<T>::max()), std::nullopt};
    else if constexpr (std::floating_point<T>)
        return {value_kind::real, 0, 0, std::nullopt};
    else if constexpr (std::same_as<T, std::string>)
        return {value_kind::text, 0, 0, std::nullopt};
    else if constexpr (std::same_as<T, bytes>)
        return {value_kind::binary, 0, 0, std::nullopt};
    else if constexpr (std::same_as<T, std::chrono::year_month_day>)
        return {value_kind::date, 0, 0, std::nullopt};
    else if constexpr (std::same_as<T, local_date_time>)
        return {value_kind::date_time, 0, 0, data_type::date_time};
    else if constexpr (std::same_as<T, zoned_date_time>)
        return {value_kind::date_time, 0, 0, std::nullopt};
    else if constexpr (std::same_as<T, time_of_day>)
        return {value_kind::time, 0, 0, data_type::time};
    else if constexpr (std::same_as<T, zoned_time_of_day>)
        return {value_kind::time, 0, 0, std::nullopt};
    else
        static_assert(!sizeof(T), "an action's parameter or result is bool, an integer, a floating-point "
                                  "number, std::string, onlink::bytes, a type of onlink/calendar.hpp, or a "
                                  "struct of such");
}

/// A bound action: what to run, and the contract that its C++ signature states, if it states one.
struct action_handler {
    using immediate = std::function<action_result(action_call const&)>;
    using deferred = std::function<boost::asio::awaitable<action_result>(action_call)>;

    std::variant<immediate, deferred> run;

    struct contract {
        std::vector<carried_type> in;
        std::vector<carried_type> out;
    };
    /// Absent for handlers that take an action_call.
    std::optional<contract> signature;

    /// Turns a callable into a handler. A callable is either
    /// - general: takes `action_call` (or `action_call const&`), returns `action_result`; or
    /// - typed: takes the in arguments in SCPD order, or one struct with a member for each of them, as bool,
    ///   integers, double, std::string, bytes or types of calendar.hpp; and returns nothing (no out
    ///   argument), one such value, a std::tuple of them, a struct with a member for each out argument, or an
    ///   action_outcome of these. An action_caller in front of them tells who asks, and where.
    /// Either may be a coroutine: return `boost::asio::awaitable` of the above. Parameters of a typed
    /// callable are taken by value, as a coroutine must not refer to what its caller drops.
    template <class F>
    static action_handler of(F f);
};

namespace detail {

template <class T>
struct awaited {
    static constexpr bool is_awaitable = false;
    using type = T;
};
template <class T, class Executor>
struct awaited<boost::asio::awaitable<T, Executor>> {
    static constexpr bool is_awaitable = true;
    using type = T;
};

template <argument_record T>
struct members {
    static_assert(!std::is_empty_v<T>, "a struct of arguments has a member for each of them");
    using type = decltype(boost::pfr::structure_to_tuple(std::declval<T const&>()));
};
/// The members of a struct, as a tuple.
template <class T>
using members_of = typename members<T>::type;

template <class Tuple>
struct carried_of;
template <class... Ts>
struct carried_of<std::tuple<Ts...>> {
    static std::vector<carried_type> all() { return {carried_type_of<Ts>()...}; }
};

/// How a typed handler's result becomes positional outputs.
template <class T>
struct typed_result {
    static std::vector<carried_type> carried() { return {carried_type_of<T>()}; }
    static action_result convert(T v) { return outputs::in_order({value{std::move(v)}}); }
};
template <>
struct typed_result<void> {
    static std::vector<carried_type> carried() { return {}; }
};
template <class... Ts>
struct typed_result<std::tuple<Ts...>> {
    static std::vector<carried_type> carried() { return carried_of<std::tuple<Ts...>>::all(); }
    static action_result convert(std::tuple<Ts...> all)
    {
        return std::apply([](auto&... each) { return outputs::in_order({value{std::move(each)}...}); }, all);
    }
};
template <argument_record T>
struct typed_result<T> {
    static std::vector<carried_type> carried() { return carried_of<members_of<T>>::all(); }
    static action_result convert(T const& all)
    {
        return typed_result<members_of<T>>::convert(boost::pfr::structure_to_tuple(all));
    }
};
template <class T>
struct typed_result<action_outcome<T>> {
    static std::vector<carried_type> carried() { return typed_result<T>::carried(); }
    static action_result convert(action_outcome<T> r)
    {
        if (r.has_error())
            return r.error();
        if constexpr (std::is_void_v<T>)
            return outputs{};
        else
            return typed_result<T>::convert(std::move(*r));
    }
};

/// How the arguments of a call become the parameters of a typed handler.
template <class... Ts>
struct typed_arguments {
    static std::vector<carried_type> carried() { return {carried_type_of<Ts>()...}; }
    static std::tuple<Ts...> take(action_call const& call)
    {
        return take(call, std::index_sequence_for<Ts...>{});
    }

private:
    template <std::size_t... I>
    static std::tuple<Ts...> take(action_call const& call, std::index_sequence<I...>)
    {
        (void)call; // unused where there are no arguments
        return std::tuple<Ts...>{call.in_at<Ts>(I)...};
    }
};
template <argument_record T>
struct typed_arguments<T> {
    static std::vector<carried_type> carried() { return carried_of<members_of<T>>::all(); }
    static std::tuple<T> take(action_call const& call)
    {
        return take(call, std::make_index_sequence<boost::pfr::tuple_size_v<T>>{});
    }

private:
    template <std::size_t... I>
    static std::tuple<T> take(action_call const& call, std::index_sequence<I...>)
    {
        (void)call;
        return std::tuple<T>{T{call.in_at<boost::pfr::tuple_element_t<I, T>>(I)...}};
    }
};
template <class... Ts>
struct typed_arguments<action_caller, Ts...> {
    static std::vector<carried_type> carried() { return typed_arguments<Ts...>::carried(); }
    static auto take(action_call const& call)
    {
        return std::tuple_cat(std::tuple<action_caller>{call.from()}, typed_arguments<Ts...>::take(call));
    }
};

template <class Signature>
struct callable;

template <class R, class... Args>
struct callable<R(Args...)> {
    using result_type = typename awaited<R>::type;
    static constexpr bool is_deferred = awaited<R>::is_awaitable;
    static constexpr bool is_general =
        sizeof...(Args) == 1 && (std::same_as<std::decay_t<Args>, action_call> && ...);
    static constexpr std::size_t callers = (std::same_as<std::decay_t<Args>, action_caller> + ... + 0);
    static constexpr std::size_t records = (argument_record<std::decay_t<Args>> + ... + 0);
    static constexpr bool caller_is_first =
        callers != 0 &&
        std::same_as<std::tuple_element_t<0, std::tuple<std::decay_t<Args>..., void>>, action_caller>;

    template <class F>
    static action_handler make(F f)
    {
        static_assert(((!std::is_reference_v<Args> || std::is_const_v<std::remove_reference_t<Args>>)&&...),
                      "a handler takes its arguments by value or by reference to const");
        static_assert(callers == 0 || (callers == 1 && caller_is_first),
                      "an action_caller is the first parameter of a handler");
        static_assert(records == 0 || sizeof...(Args) - callers == 1,
                      "a struct of arguments holds all in arguments, none stands beside it");
        if constexpr (is_general) {
            static_assert(std::same_as<result_type, action_result>,
                          "a handler that takes an action_call returns an action_result");
            if constexpr (is_deferred) {
                static_assert((!std::is_reference_v<Args> && ...),
                              "a coroutine takes its action_call by value");
                return {action_handler::deferred{std::move(f)}, std::nullopt};
            } else {
                return {action_handler::immediate{std::move(f)}, std::nullopt};
            }
        } else {
            action_handler::contract contract{arguments::carried(), typed_result<result_type>::carried()};
            if constexpr (is_deferred) {
                static_assert((!std::is_reference_v<Args> && ...),
                              "a coroutine takes its arguments by value");
                return {action_handler::deferred{[f = std::move(f)](action_call call) mutable {
                            return await(f, std::move(call));
                        }},
                        std::move(contract)};
            } else {
                return {action_handler::immediate{
                            [f = std::move(f)](action_call const& call) mutable { return invoke(f, call); }},
                        std::move(contract)};
            }
        }
    }

private:
    using arguments = typed_arguments<std::decay_t<Args>...>;

    template <class F>
    static action_result invoke(F& f, action_call const& call)
    {
        if constexpr (std::is_void_v<result_type>) {
            std::apply(f, arguments::take(call));
            return outputs{};
        } else {
            return typed_result<result_type>::convert(std::apply(f, arguments::take(call)));
        }
    }

    template <class F>
    static boost::asio::awaitable<action_result> await(F& f, action_call call)
    {
        // The awaitable is named first: GCC 12 mishandles temporaries inside co_await expressions.
        auto running = std::apply(f, arguments::take(call));
        if constexpr (std::is_void_v<result_type>) {
            co_await std::move(running);
            co_return outputs{};
        } else {
            result_type r = co_await std::move(running);
            co_return typed_result<result_type>::convert(std::move(r));
        }
    }
};

template <class F>
struct signature_of : signature_of<decltype(&F::operator())> {};
template <class R, class... Args>
struct signature_of<R (*)(Args...)> {
    using type = R(Args...);
};
template <class C, class R, class... Args>
struct signature_of<R (C::*)(Args...)> {
    using type = R(Args...);
};
template <class C, class R, class... Args>
struct signature_of<R (C::*)(Args...) const> {
    using type = R(Args...);
};
template <class C, class R, class... Args>
struct signature_of<R (C::*)(Args...) noexcept> {
    using type = R(Args...);
};
template <class C, class R, class... Args>
struct signature_of<R (C::*)(Args...) const noexcept> {
    using type = R(Args...);
};

} // namespace detail

template <class F>
action_handler action_handler::of(F f)
{
    static_assert(std::copy_constructible<F>,
                  "a handler can be copied; let it hold what cannot by std::shared_ptr");
    return detail::callable<typename detail::signature_of<F>::type>::make(std::move(f));
}

} // namespace onlink

#endif
