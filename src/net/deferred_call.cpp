// SPDX-License-Identifier: BSL-1.0
#include "net/deferred_call.hpp"

#include "net/shell.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>
#include <variant>

namespace onlink {

namespace asio = boost::asio;

void deferred_call::start(std::shared_ptr<shell> const& owner, address const& peer, invocation const& what)
{
    auto const service = what.service; // keeps the handler alive
    auto const& deferred = std::get<action_handler::deferred>(service.find_handler(what.call.action())->run);
    auto body = [service, &deferred, given = what.call]() -> asio::awaitable<action_result> {
        auto awaitable = deferred(given);
        action_result result = co_await std::move(awaitable);
        co_return result;
    };
    asio::co_spawn(owner->executor(), std::move(body),
                   asio::bind_cancellation_slot(stop_.slot(),
                                                [self = shared_from_this(), owner, peer](
                                                    std::exception_ptr const& thrown, action_result result) {
                                                    owner->runtime().on_handler_ended(peer);
                                                    self->threw_ = thrown != nullptr;
                                                    self->result_ = std::move(result);
                                                    self->done_.cancel();
                                                }));
}

asio::awaitable<void> deferred_call::wait(duration at_most)
{
    done_.expires_after(at_most);
    // A handler that never suspends has ended in start(), or may have stopped the host there.
    if (!ended() && !abandoned_)
        co_await done_.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return;
}

void deferred_call::abandon()
{
    abandoned_ = true;
    done_.cancel();
}

action_result deferred_call::take_result()
{
    if (!result_ || threw_)
        return upnp_error::action_failed();
    return std::move(*result_);
}

} // namespace onlink
