// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_STANDING_LOOP_HPP
#define ONLINK_NET_STANDING_LOOP_HPP

#include "net/loop.hpp"

#include <exception>
#include <memory>

namespace onlink {

class shell;

/// A loop that has to run as long as its socket is open.
class standing_loop : public loop, public std::enable_shared_from_this<standing_loop> {
public:
    /// Begins, unless it runs. Where memory runs out it begins again at once, or else with the shell's next
    /// retry.
    void run();

protected:
    explicit standing_loop(std::shared_ptr<shell> owner) noexcept;
    ~standing_loop() override;

    std::shared_ptr<shell> shell_;

private:
    virtual bool is_open() const noexcept = 0;
    void on_loop_end(std::exception_ptr const& thrown) final;

    bool runs_ = false;
};

} // namespace onlink

#endif
