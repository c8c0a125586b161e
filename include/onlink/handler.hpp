// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_HANDLER_HPP
#define ONLINK_HANDLER_HPP

#include <boost/asio/awaitable.hpp>
#include <onlink/action_call.hpp>

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
};

/// The carried_type of bool, integers, float, double, std::string and bytes.
template <class T>
constexpr carried_type carried_type_of()
{
    if constexpr (std::same_as<T, bool>)
        return {value_kind::boolean, 0, 1};
    else if constexpr (std::integral<T>)
        return {value_kind::integer, std::is_signed_v<T> ? std::int64_t{std::numeric_limits<T>::min()} : 0,
                static_cast<std::uint64_t>(std::numeric_limits<T>::max())};
    else if constexpr (std::floating_point<T>)
        return {value_kind::real, 0, 0};
    else if constexpr (std::same_as<T, std::string>)
        return {value_kind::text, 0, 0};
    else if constexpr (std::same_as<T, bytes>)
        return {value_kind::binary, 0, 0};
    else
        static_assert(!sizeof(T), "an action's parameter or result is bool, an integer, a floating-point "
                                  "number, std::string or onlink::bytes");
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
    /// - typed: takes the in arguments in SCPD order as bool, integers, double, std::string or bytes, and
    ///   returns nothing (no out argument), one such value, a std::tuple of them, or an action_outcome of
    ///   these.
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
    static std::vector<carried_type> carried() { return {carried_type_of<Ts>()...}; }
    static action_result convert(std::tuple<Ts...> all)
    {
        return std::apply([](auto&... each) { return outputs::in_order({value{std::move(each)}...}); }, all);
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

template <class Signature>
struct callable;

template <class R, class... Args>
struct callable<R(Args...)> {
    using result_type = typename awaited<R>::type;
    static constexpr bool is_deferred = awaited<R>::is_awaitable;
    static constexpr bool is_general =
        sizeof...(Args) == 1 && (std::same_as<std::decay_t<Args>, action_call> && ...);

    template <class F>
    static action_handler make(F f)
    {
        static_assert(((!std::is_reference_v<Args> || std::is_const_v<std::remove_reference_t<Args>>)&&...),
                      "a handler takes its arguments by value or by reference to const");
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
            action_handler::contract contract{{carried_type_of<std::decay_t<Args>>()...},
                                              typed_result<result_type>::carried()};
            if constexpr (is_deferred) {
                static_assert((!std::is_reference_v<Args> && ...),
                              "a coroutine takes its arguments by value");
                return {action_handler::deferred{[f = std::move(f)](action_call call) mutable {
                            return await(f, std::move(call), std::index_sequence_for<Args...>{});
                        }},
                        std::move(contract)};
            } else {
                return {action_handler::immediate{[f = std::move(f)](action_call const& call) mutable {
                            return invoke(f, call, std::index_sequence_for<Args...>{});
                        }},
                        std::move(contract)};
            }
        }
    }

private:
    template <class F, std::size_t... I>
    static action_result invoke(F& f, action_call const& call, std::index_sequence<I...>)
    {
        (void)call; // unused where there are no arguments
        if constexpr (std::is_void_v<result_type>) {
            f(call.in_at<std::decay_t<Args>>(I)...);
            return outputs{};
        } else {
            return typed_result<result_type>::convert(f(call.in_at<std::decay_t<Args>>(I)...));
        }
    }

    template <class F, std::size_t... I>
    static boost::asio::awaitable<action_result> await(F& f, action_call call, std::index_sequence<I...>)
    {
        // The awaitable is named first: GCC 12 mishandles temporaries inside co_await expressions.
        auto running = f(call.in_at<std::decay_t<Args>>(I)...);
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
    return detail::callable<typename detail::signature_of<F>::type>::make(std::move(f));
}

} // namespace onlink

#endif
