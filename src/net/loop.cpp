// SPDX-License-Identifier: BSL-1.0
#include "net/loop.hpp"

#include <boost/asio/co_spawn.hpp>

namespace onlink {

void loop::begin(boost::asio::any_io_executor const& executor, std::shared_ptr<loop> const& which)
{
    auto body = [which] { return which->loop_body(); };
    boost::asio::co_spawn(executor, std::move(body),
                          [which](std::exception_ptr const& thrown) { which->on_loop_end(thrown); });
}

} // namespace onlink
