// SPDX-License-Identifier: BSL-1.0
#include "net/loop.hpp"

#include "net/shell.hpp"

#include <boost/asio/co_spawn.hpp>

namespace onlink {

void loop::begin(boost::asio::any_io_executor const& executor, std::shared_ptr<loop> const& which)
{
    auto body = [which] { return which->loop_body(); };
    boost::asio::co_spawn(executor, std::move(body),
                          [which](std::exception_ptr const& thrown) { which->on_loop_end(thrown); });
}

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
