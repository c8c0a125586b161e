// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_STATE_TABLE_HPP
#define ONLINK_STATE_TABLE_HPP

#include <onlink/scpd.hpp>
#include <onlink/value.hpp>

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

namespace onlink {

/// The values of a service's state variables. What a handler sets here is what subscribers hear: changes made
/// in one turn of the event loop go out in one event (UDA 2.0, 4.3).
///
/// Threads: as the service; once the device is hosted, only on the host's executor.
class ONLINK_EXPORT state_table {
public:
    /// Every variable starts at state_variable::initial().
    explicit state_table(std::vector<state_variable> variables);
    state_table(state_table const&) = delete;
    state_table& operator=(state_table const&) = delete;

    /// Holds a new value. The value must be legal for the variable (type, range, list): if not, nothing
    /// changes and the errc says why (unknown_name, wrong_type, out_of_range, malformed).
    /// Returns whether the value differs from the one before; only then there is an event. What is written
    /// alike does not differ: 0.1f from 0.1 in an `r4`, a text from the day it stands for in a `date`.
    result<bool> try_set(std::string_view name, value v);

    /// As try_set(), for callers who know the value is legal; throws boost::system::system_error if it is
    /// not.
    void set(std::string_view name, value v);

    /// The present value as a T (see value::get); throws boost::system::system_error for an unknown name or
    /// an unsuitable T.
    template <class T>
    T get(std::string_view name) const
    {
        return at(index_of(name)).template get<T>().value();
    }

    std::vector<state_variable> const& variables() const noexcept { return variables_; }
    value const& at(std::size_t index) const { return values_.at(index); }

    /// For the host: the evented variables changed since the last call, in SCPD order, each once.
    std::vector<std::size_t> take_changes();
    /// For the host: called at the first change after take_changes(). One listener; empty for none.
    void on_change(std::function<void()> listener) { listener_ = std::move(listener); }

private:
    std::size_t index_of(std::string_view name) const;

    std::vector<state_variable> variables_;
    std::vector<value> values_;
    std::vector<bool> changed_;
    bool any_changed_ = false;
    std::function<void()> listener_;
};

} // namespace onlink

#endif
