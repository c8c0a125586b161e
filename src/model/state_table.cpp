// SPDX-License-Identifier: BSL-1.0
#include <onlink/state_table.hpp>

#include "model/value_check.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>

namespace onlink {

state_table::state_table(std::vector<state_variable> variables)
    : variables_(std::move(variables)), changed_(variables_.size(), false)
{
    values_.reserve(variables_.size());
    for (auto const& variable : variables_)
        values_.push_back(variable.initial());
}

std::size_t state_table::index_of(std::string_view name) const
{
    auto const found = std::find_if(variables_.begin(), variables_.end(),
                                    [&](state_variable const& v) { return v.name == name; });
    if (found == variables_.end())
        throw boost::system::system_error(errc::unknown_name, "state variable " + std::string{name});
    return static_cast<std::size_t>(found - variables_.begin());
}

result<bool> state_table::try_set(std::string_view name, value v)
{
    auto const found = std::find_if(variables_.begin(), variables_.end(),
                                    [&](state_variable const& variable) { return variable.name == name; });
    if (found == variables_.end())
        return errc::unknown_name;
    if (auto const legal = found->check(v); !legal)
        return {boost::system::in_place_error, legal.error()};

    auto const index = static_cast<std::size_t>(found - variables_.begin());
    auto held = as_held(found->type, std::move(v)).value(); // was checked
    if (values_[index] == held)
        return false;
    values_[index] = std::move(held);
    if (!found->evented)
        return true;
    changed_[index] = true;
    if (!any_changed_) {
        any_changed_ = true;
        if (listener_)
            listener_();
    }
    return true;
}

void state_table::set(std::string_view name, value v)
{
    if (auto const done = try_set(name, std::move(v)); !done)
        throw boost::system::system_error(done.error(), "state variable " + std::string{name});
}

std::vector<std::size_t> state_table::take_changes()
{
    std::vector<std::size_t> changes;
    for (std::size_t i = 0; i < changed_.size(); ++i)
        if (changed_[i])
            changes.push_back(i);
    changed_.assign(changed_.size(), false);
    any_changed_ = false;
    return changes;
}

} // namespace onlink
