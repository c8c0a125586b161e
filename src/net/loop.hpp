// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_LOOP_HPP
#define ONLINK_NET_LOOP_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <exception>
#include <memory>

namespace onlink {

/// What runs as a coroutine of its own until it ends. One type for all of them: each one that Asio is given
/// is three kilobytes of code.
class loop {
public:
    virtual ~loop() = default;

    /// Keeps it until it has ended.
    static void begin(boost::asio::any_io_executor const& executor, std::shared_ptr<loop> const& which);

private:
    virtual boost::asio::awaitable<void> loop_body() = 0;
    /// `thrown`: what has left the body, if anything.
    virtual void on_loop_end(std::exception_ptr const& thrown) = 0;
};

} // namespace onlink

#endif
