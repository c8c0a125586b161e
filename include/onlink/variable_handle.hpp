// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_VARIABLE_HANDLE_HPP
#define ONLINK_VARIABLE_HANDLE_HPP

#include <onlink/service.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace onlink {

/// A state variable of a service as a variable of C++:
///
///     auto status = power.variable<bool>("Status");
///     status = true;
///     if (status) ...
///
/// A handle: copies mean the same variable, and keep the state it belongs to; handlers of the service may
/// hold one. To assign one variable's value to another say `a = b.get()`. Threads: as the service; from
/// another thread, device_host::post().
template <carried_value T>
class variable_handle {
public:
    variable_handle(variable_handle const&) = default;
    variable_handle& operator=(variable_handle const&) = delete;

    /// The present value.
    T get() const { return state_->at(index_).template get<T>().value(); }
    operator T() const { return get(); }

    /// Holds a new value; throws boost::system::system_error if it is not legal for the variable (range,
    /// list).
    variable_handle const& operator=(T v) const
    {
        state_->set_at(index_, std::move(v));
        return *this;
    }
    /// The same without throwing: see state_table::try_set().
    result<bool> try_set(T v) const { return state_->try_set_at(index_, std::move(v)); }

private:
    friend class service;
    variable_handle(std::shared_ptr<state_table> state, std::size_t index)
        : state_(std::move(state)), index_(index)
    {}

    std::shared_ptr<state_table> state_;
    std::size_t index_;
};

template <carried_value T>
variable_handle<T> service::variable(std::string_view name) const
{
    return {shared_state(), index_for(name, carried_type_of<T>())};
}

} // namespace onlink

#endif
