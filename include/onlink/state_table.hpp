// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_STATE_TABLE_HPP
#define ONLINK_STATE_TABLE_HPP

#include <onlink/change_log.hpp>
#include <onlink/scpd.hpp>
#include <onlink/value.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace onlink {

/// The values of a service's state variables. What a handler sets here is what subscribers hear: changes made
/// in one turn of the event loop go out in one event (UDA 2.0, 4.3), and those made during a
/// service::batch(), over as many turns as it takes.
///
/// Threads: as the service; once the device is hosted, only on the host's executor. From another thread:
/// device_host::post().
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

    /// The same by the variable's place in variables(); out of range is undefined.
    result<bool> try_set_at(std::size_t index, value v);
    void set_at(std::size_t index, value v);

    /// The present value as a T (see value::get); throws boost::system::system_error for an unknown name or
    /// an unsuitable T.
    template <class T>
    T get(std::string_view name) const
    {
        return at(index_of(name)).template get<T>().value();
    }

    std::vector<state_variable> const& variables() const noexcept { return variables_; }
    /// Index into variables(), if there is one of that name.
    std::optional<std::size_t> find(std::string_view name) const noexcept;
    value const& at(std::size_t index) const { return values_.at(index); }

    /// Events of this variable, an evented string, tell what `log` says. Throws boost::system::system_error
    /// (unknown_name, wrong_type).
    void tell_by(std::string_view name, std::shared_ptr<change_log> log);
    /// Such a variable has something to tell.
    void touch(std::size_t index);

    /// For the host: the evented variables changed since the last call, in SCPD order, each once, and room
    /// for all others. None during a batch. If it throws, they are there for the next call.
    std::vector<std::size_t> take_changes();
    /// For the host: called at the first change after take_changes(), and at the end of a batch with changes.
    /// One listener; empty for none.
    void on_change(std::function<void()> listener) { listener_ = std::move(listener); }
    /// For the host: an event of these variables goes now; takes what their logs have to tell.
    void close_changes(std::vector<std::size_t> const& variables);
    /// For the host: what somebody is told who knows nothing yet. As at(), but for a variable with a log.
    value whole(std::size_t index) const;
    bool has_change_logs() const noexcept { return has_logs_; }

private:
    friend class state_batch;
    void begin_batch() noexcept { ++batches_; }
    void end_batch() noexcept;
    void tell_listener();

    std::size_t index_of(std::string_view name) const;
    void mark(std::size_t index);

    std::vector<state_variable> variables_;
    std::vector<value> values_;
    std::vector<bool> changed_;
    std::vector<std::shared_ptr<change_log>> logs_; ///< empty, or one for each variable, mostly nullptr
    bool has_logs_ = false;
    bool any_changed_ = false;
    bool told_ = false; ///< the listener, since the last take_changes()
    unsigned batches_ = 0;
    std::function<void()> listener_;
};

} // namespace onlink

#endif
