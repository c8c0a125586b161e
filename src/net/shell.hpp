// SPDX-License-Identifier: BSL-1.0
#ifndef ONLINK_NET_SHELL_HPP
#define ONLINK_NET_SHELL_HPP

#include "host/device_runtime.hpp"
#include "net/event_sender.hpp"
#include "net/interface_monitor.hpp"
#include "net/request_reader.hpp"
#include "net/served_sockets.hpp"
#include "net/session_list.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <onlink/host_options.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace onlink {

class http_session;
class search_answer_sender;

/// Everything of a host that touches the system: it reads the clocks, feeds the runtime, and does what the
/// runtime returns. Shared by the loops it runs; they end when it closes.
class shell : public std::enable_shared_from_this<shell> {
public:
    shell(boost::asio::any_io_executor executor, std::vector<device> const& roots, host_options options);
    ~shell();

    /// Throws boost::system::system_error; then nothing is left open.
    void start();
    /// See device_runtime. A device that is there while the host runs is served as any other.
    void add(device const& root);
    void remove(udn const& name);
    void replace(device const& root);
    /// Says byebye, then closes for good; then calls `done`.
    void stop(std::function<void()> done);
    /// Says byebye, then closes until enable(); then calls `done`.
    void disable(std::function<void()> done);
    void enable();
    bool enabled() const noexcept { return phase_ == phase::open; }
    /// Closes everything now, for good, and calls nobody.
    void abandon();

    /// See device_host; from any thread.
    void post(std::function<void()> what);
    host_snapshot snapshot() const;

    device_runtime& runtime() noexcept { return runtime_; }
    device_runtime const& runtime() const noexcept { return runtime_; }
    host_options const& options() const noexcept { return options_; }
    boost::asio::any_io_executor const& executor() const noexcept { return executor_; }
    static moment now();

    /// Does what the runtime wants done and arms the timer for what it wants later. Called after everything
    /// that was fed to it.
    void pump() noexcept;

    /// For the head of an answer, until something else runs on the loop.
    std::string& head_buffer() noexcept { return head_buffer_; }
    request_reader_pool& readers() noexcept { return readers_; }
    bool stopping() const noexcept { return phase_ != phase::open; }

    /// Takes a session in if the limits allow; an idle one may have to go for it. The refusal otherwise.
    std::optional<refusal_reason> admit(std::shared_ptr<http_session> const& session);
    /// Takes note that a session did something; see admit().
    void touch(http_session const& session);
    void forget(http_session const& session);
    void forget(search_answer_sender const& sender);

    /// See served_sockets::retry_soon().
    void retry_sockets() noexcept;

    /// An event on its way to a subscriber has come that far.
    void report(event_delivery const& what, delivery_step step);
    /// It has come to its end; the connection is closed if it is not kept.
    void settle(connection_number connection, std::uint64_t number, delivery_outcome outcome);
    /// A subscriber has closed a connection that was kept, or broke its silence.
    void subscriber_gone(connection_number connection);

    /// A handler that throws nothing into the loop; see on_exception().
    template <class F>
    auto guarded(F f)
    {
        return [self = shared_from_this(), f = std::move(f)](auto const&... arguments) mutable {
            try {
                f(arguments...);
            } catch (...) {
                self->on_exception(std::current_exception());
            }
        };
    }

    /// For loops that ended by an exception: it is counted and reported, and goes nowhere else.
    void on_exception(std::exception_ptr const& thrown) noexcept;

private:
    void open();
    void close();
    /// Opens what is wanted and closes what is not; see served_sockets::follow().
    void reopen(bool strict);
    void leave();
    void finish_leaving();
    bool listens() const noexcept;
    void tell_at_the_end(std::function<void()> done);
    void do_all();
    void drain(bool interfaces_known);
    void close_sockets();
    void read_interfaces();
    void take_interfaces();
    bool knows_interfaces();
    void close_those_off_their_segment();
    void listen_to_state();
    std::vector<service> services_of(udn const& name) const;
    void do_item(send_datagram& item);
    void do_item(send_answers& item);
    void do_item(keep_boot_id& item);
    void do_item(reopen_endpoints& item);
    void do_item(send_event& item);
    void do_item(close_connection& item);
    /// What is noted for the observer.
    template <class Note>
    void do_item(Note& note);
    time_point next_deadline() const noexcept;
    void arm_timer() noexcept;
    void on_timer();

    enum class phase {
        idle,     ///< before start()
        open,     ///< serving
        leaving,  ///< saying byebye
        disabled, ///< closed, until enable()
        closed,   ///< for good
    };

    boost::asio::any_io_executor executor_;
    host_options options_;
    std::optional<interface_monitor> monitor_;
    device_runtime runtime_;
    boost::asio::steady_timer timer_;
    std::optional<time_point> armed_for_;
    boost::asio::steady_timer left_; ///< never expires; cancelled when the host has left
    /// Where the system does not tell of changes, or what it told could not be read.
    std::optional<time_point> next_poll_;
    bool interfaces_known_ = true; ///< as far as the system has told
    bool just_read_ = false;
    bool sessions_to_judge_ = false; ///< by what has been read last
    duration read_again_{};          ///< the last pause before that
    time_point stop_by_ = time_point::max();
    served_sockets sockets_;
    session_list sessions_;
    event_sender events_;
    std::list<std::shared_ptr<search_answer_sender>> answer_senders_;
    phase phase_ = phase::idle;
    std::uint64_t life_ = 0;         ///< from open() to close_sockets() it is one
    bool all_heard_ = true;          ///< every service tells us of its changes
    bool for_good_ = false;          ///< what follows leaving
    bool abandoned_ = false;         ///< by who owns the host
    std::vector<action_item> items_; ///< of the pump
    std::string head_buffer_;
    request_reader_pool readers_;
    bool pumping_ = false;
    bool pump_again_ = false;
};

} // namespace onlink

#endif
