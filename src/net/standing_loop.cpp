// SPDX-License-Identifier: BSL-1.0
#include "net/standing_loop.hpp"

#include "net/shell.hpp"

#include <utility>

namespace onlink {

standing_loop::standing_loop(std::shared_ptr<shell> owner) noexcept : shell_(std::move(owner)) {}

standing_loop::~standing_loop() = default;

void standing_loop::run()
{
    if (runs_)
        return;
    runs_ = true;
    try {
        begin(shell_->executor(), shared_from_this());
    } catch (...) {
        runs_ = false;
        throw;
    }
}

void standing_loop::on_loop_end(std::exception_ptr const& thrown)
{
    runs_ = false;
    shell_->on_exception(thrown);
    if (!thrown || !is_open())
        return;
    try {
        run();
    } catch (...) { // still no memory
        shell_->on_exception(std::current_exception());
        shell_->retry_sockets();
    }
}

} // namespace onlink
