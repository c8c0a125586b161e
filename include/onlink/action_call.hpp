// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_ACTION_CALL_HPP
#define ONLINK_ACTION_CALL_HPP

#include <boost/asio/ip/address.hpp>
#include <boost/system/result.hpp>
#include <onlink/upnp_error.hpp>
#include <onlink/value.hpp>

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace onlink {

/// One argument by name and value.
struct named_value {
    std::string name;
    onlink::value value;

    friend bool operator==(named_value const&, named_value const&) = default;
};

/// Who invokes an action, and where: what an Internet gateway has to know of whoever asks for a port mapping.
struct action_caller {
    boost::asio::ip::address address; ///< on the segment of `interface_name`
    std::string interface_name;       ///< the interface that the request came in on

    friend bool operator==(action_caller const&, action_caller const&) = default;
};

/// An action invocation as a handler sees it: the arguments are complete, in the order of the SCPD, of the
/// declared types and within their ranges and lists.
class ONLINK_EXPORT action_call {
public:
    action_call(std::string action, std::vector<named_value> arguments, boost::asio::ip::address caller,
                std::string interface_name);

    std::string const& action() const noexcept { return action_; }
    std::vector<named_value> const& arguments() const noexcept { return arguments_; }

    /// The address the request came from; on the segment of interface_name().
    boost::asio::ip::address const& caller() const noexcept { return caller_; }
    /// The interface the request came in on.
    std::string const& interface_name() const noexcept { return interface_name_; }

    action_caller from() const { return {caller_, interface_name_}; }

    /// The argument of that name as a T (see value::get). A name that the SCPD does not declare, or a T that
    /// does not suit, is a mistake in the handler: throws boost::system::system_error, which the control
    /// point sees as 501.
    template <class T>
    T in(std::string_view name) const
    {
        return argument(name).template get<T>().value();
    }

    /// The same by position, counted from 0.
    template <class T>
    T in_at(std::size_t index) const
    {
        return arguments_.at(index).value.template get<T>().value();
    }

private:
    value const& argument(std::string_view name) const;

    std::string action_;
    std::vector<named_value> arguments_;
    boost::asio::ip::address caller_;
    std::string interface_name_;
};

/// The out arguments of a successful action, by name in any order; they are sent in the order of the SCPD.
class outputs {
public:
    outputs() = default;
    outputs(std::initializer_list<named_value> values) : values_(values) {}

    /// By position instead of by name: the nth value is the nth out argument.
    static outputs in_order(std::vector<value> values)
    {
        outputs out;
        out.values_.reserve(values.size());
        for (auto& v : values)
            out.values_.push_back({std::string{}, std::move(v)});
        return out;
    }

    outputs& add(std::string name, value v)
    {
        values_.push_back({std::move(name), std::move(v)});
        return *this;
    }

    /// An empty name means: by position.
    std::vector<named_value> const& values() const noexcept { return values_; }

private:
    std::vector<named_value> values_;
};

/// A T, or the UPnP error the control point gets instead. A boost::system::result that any T converts to; the
/// plain one would not take an int, as an upnp_error can be made of one, too.
template <class T>
class action_outcome : public boost::system::result<T, upnp_error> {
    using base = boost::system::result<T, upnp_error>;

public:
    action_outcome() = default;
    action_outcome(upnp_error e) : base(boost::system::in_place_error, std::move(e)) {}
    template <std::convertible_to<T> U>
    requires(!std::derived_from<std::remove_cvref_t<U>, base>) action_outcome(U&& v)
        : base(boost::system::in_place_value, std::forward<U>(v))
    {}
};

/// What a handler of the general form returns: `return outputs{{"Name", v}};` or `return upnp_error{701};`.
using action_result = action_outcome<outputs>;

} // namespace onlink

#endif
