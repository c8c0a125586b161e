// SPDX-License-Identifier: BSL-1.0
#include <onlink/state_table.hpp>

#include "model/value_check.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <utility>

namespace onlink {

state_table::state_table(std::vector<state_variable> variables)
    : variables_(std::move(variables)), changed_(variables_.size(), false)
{
    values_.reserve(variables_.size());
    for (auto const& variable : variables_)
        values_.push_back(variable.initial());
}

std::optional<std::size_t> state_table::find(std::string_view name) const noexcept
{
    auto const found = std::find_if(variables_.begin(), variables_.end(),
                                    [&](state_variable const& v) { return v.name == name; });
    if (found == variables_.end())
        return std::nullopt;
    return static_cast<std::size_t>(found - variables_.begin());
}

std::size_t state_table::index_of(std::string_view name) const
{
    auto const index = find(name);
    if (!index)
        throw boost::system::system_error(errc::unknown_name, "state variable " + std::string{name});
    return *index;
}

result<bool> state_table::try_set(std::string_view name, value v)
{
    auto const index = find(name);
    if (!index)
        return errc::unknown_name;
    return try_set_at(*index, std::move(v));
}

result<bool> state_table::try_set_at(std::size_t index, value v)
{
    auto const& variable = variables_[index];
    if (auto const legal = variable.check(v); !legal)
        return {boost::system::in_place_error, legal.error()};
    auto held = as_held(variable.type, std::move(v)).value(); // was checked
    if (values_[index] == held)
        return false;
    values_[index] = std::move(held);
    mark(index);
    return true;
}

void state_table::set(std::string_view name, value v) { set_at(index_of(name), std::move(v)); }

void state_table::set_at(std::size_t index, value v)
{
    if (auto const done = try_set_at(index, std::move(v)); !done)
        throw boost::system::system_error(done.error(), "state variable " + variables_[index].name);
}

void state_table::tell_by(std::string_view name, std::shared_ptr<change_log> log)
{
    auto const index = index_of(name);
    if (variables_[index].type != data_type::string || !variables_[index].evented)
        throw boost::system::system_error(errc::wrong_type, "state variable " + std::string{name});
    logs_.resize(variables_.size());
    logs_[index] = std::move(log);
    has_logs_ = true;
}

void state_table::touch(std::size_t index) { mark(index); }

void state_table::mark(std::size_t index)
{
    if (!variables_[index].evented)
        return;
    changed_[index] = true;
    any_changed_ = true;
    if (batches_ == 0 && !std::exchange(told_, true))
        tell_listener();
}

void state_table::tell_listener()
{
    try {
        if (listener_)
            listener_();
    } catch (...) {
        told_ = false; // the next change is a first one again
        throw;
    }
}

void state_table::end_batch() noexcept
{
    if (--batches_ != 0 || !any_changed_)
        return;
    try {
        tell_listener();
    } catch (...) { // out of memory: what has changed goes with the next change
    }
}

std::vector<std::size_t> state_table::take_changes()
{
    std::vector<std::size_t> changes;
    if (batches_ != 0 || !any_changed_)
        return changes;
    told_ = false; // also if there is no memory: the next change takes these along
    changes.reserve(changed_.size());
    for (std::size_t i = 0; i < changed_.size(); ++i)
        if (changed_[i])
            changes.push_back(i);
    changed_.assign(changed_.size(), false);
    any_changed_ = false;
    return changes;
}

void state_table::close_changes(std::vector<std::size_t> const& variables)
{
    if (!has_logs_)
        return;
    for (auto const index : variables)
        if (logs_[index])
            values_[index] = logs_[index]->take_changes();
}

value state_table::whole(std::size_t index) const
{
    return has_logs_ && logs_[index] ? value{logs_[index]->everything()} : values_[index];
}

change_log::~change_log() = default;

} // namespace onlink
