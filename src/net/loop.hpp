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

class shell;

/// One that has to run as long as its socket is open.
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
