// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_STATE_BATCH_HPP
#define ONLINK_STATE_BATCH_HPP

#include <onlink/state_table.hpp>

#include <memory>
#include <utility>

namespace onlink {

/// While it lives, changes of a service's state wait, and go out together at its end: service::batch().
/// Several may live at a time; the last one's end counts. Values themselves change at once.
///
/// Threads: as the service.
class state_batch {
public:
    state_batch(state_batch&& other) noexcept = default;
    state_batch& operator=(state_batch&&) = delete;
    ~state_batch()
    {
        if (table_)
            table_->end_batch();
    }

private:
    friend class service;
    explicit state_batch(std::shared_ptr<state_table> table) : table_(std::move(table))
    {
        table_->begin_batch();
    }

    std::shared_ptr<state_table> table_; ///< nullptr when moved from
};

} // namespace onlink

#endif
